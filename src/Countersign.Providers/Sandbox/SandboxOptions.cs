using Countersign.Core.Projects;

namespace Countersign.Providers.Sandbox;

/// <summary>The sandbox's one project and its one API client (<c>Countersign:Sandbox</c>).</summary>
public sealed class SandboxOptions
{
    /// <summary>Any text without control characters, at most 256 characters.</summary>
    /// <value>Made on first start and kept, on SQLite; required on PostgreSQL.</value>
    public string? ClientId { get; set; }

    /// <summary>Any text without control characters, at most 256 characters.</summary>
    /// <value>Made on first start and kept, on SQLite; required on PostgreSQL.</value>
    public string? ClientSecret { get; set; }

    /// <value>Standard by default.</value>
    public ErrorCodes ErrorCodes { get; set; } = ErrorCodes.Standard;

    /// <value>Tap by default.</value>
    public LinkConfirmation LinkConfirmation { get; set; } = LinkConfirmation.Tap;

    /// <value>Off by default.</value>
    public Passkeys Passkeys { get; set; } = Passkeys.Off;

    /// <summary>Host of the page that asks for the code; with it a WebOTP line is added to the text.</summary>
    public string? WebOtpHost { get; set; }

    /// <summary>Origins whose pages may use the browser endpoints.</summary>
    /// <value>Empty by default: any.</value>
    public string[] WebOrigins { get; set; } = [];

    /// <summary>Something here is set to something.</summary>
    public bool IsSet => ClientId is not null || ClientSecret is not null || WebOtpHost is not null || WebOrigins.Length > 0
        || (ErrorCodes, LinkConfirmation, Passkeys) != (ErrorCodes.Standard, LinkConfirmation.Tap, Passkeys.Off);
}
