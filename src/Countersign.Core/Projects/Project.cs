using Countersign.Core.Identity;
using Countersign.Core.PreFill;

namespace Countersign.Core.Projects;

/// <summary>A relying party's settings. Its API clients, its flows and nobody else's belong to it.</summary>
/// <param name="Id">Stable, 1 to 64 characters of <c>a-z0-9-</c>.</param>
/// <param name="Name">Shown to the person on the link page.</param>
public sealed record Project(string Id, string Name, ProjectSettings Settings);

public sealed record ProjectSettings
{
    /// <summary>Which family of error codes is answered.</summary>
    /// <value>Standard (8000 to 8999) by default.</value>
    public ErrorCodes ErrorCodes { get; init; } = ErrorCodes.Standard;

    /// <summary>How the phone confirms an Instant Link.</summary>
    /// <value>A tap by default, so that existing integrations work unchanged.</value>
    public LinkConfirmation LinkConfirmation { get; init; } = LinkConfirmation.Tap;

    /// <summary>Host of the page that asks for the code; with it a WebOTP line is added to the text.</summary>
    /// <value>None by default.</value>
    public string? WebOtpHost { get; init; }

    /// <summary>The order of calls after validate, where the sandbox's test users do not decide it.</summary>
    /// <value>PreFill by default.</value>
    public StartShape StartShape { get; init; } = StartShape.PreFill;

    /// <summary>Whether a browser of a unify flow is asked for a passkey beside its device key.</summary>
    /// <value>Off by default.</value>
    public Passkeys Passkeys { get; init; } = Passkeys.Off;

    /// <summary>Origins whose pages may use the browser endpoints.</summary>
    /// <value>Empty by default: any origin, since no cookie is used and the auth token is the credential.</value>
    public IReadOnlyList<string> WebOrigins { get; init; } = [];

    /// <summary>How much two names may differ and still be one person's.</summary>
    /// <value>Standard by default.</value>
    public NamePolicy NamePolicy { get; init; } = NamePolicy.Standard;

    /// <summary>What is made of risk signals.</summary>
    /// <value>Null by default: they are reported and decide nothing.</value>
    public RiskPolicy? Risk { get; init; }
}

/// <summary>Standard: an initial for the given name counts. Strict: it does not. Lenient: typos count too. (docs/name-matching.md)</summary>
public enum NamePolicy
{
    Standard,
    Strict,
    Lenient,
}

/// <summary>Off: no passkeys. Preferred: a person may refuse and goes on without. Required: the authenticator checks who uses it, or the passkey is not accepted.</summary>
public enum Passkeys
{
    Off,
    Preferred,
    Required,
}

/// <summary>Standard codes, or the older codes 1000, 1001 and 1003 for 8000, 8001 and 8003.</summary>
public enum ErrorCodes
{
    Standard,
    Legacy,
}

/// <summary>Tap: one button. Match: six digits shown by the desktop are typed on the phone.</summary>
public enum LinkConfirmation
{
    Tap,
    Match,
}

/// <summary>OAuth 2.0 credentials of a project.</summary>
/// <param name="Secret">Keyed hash of the client secret.</param>
public sealed record ApiClient(string Id, string ProjectId, SecretHash Secret);
