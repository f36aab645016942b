using System.Collections.Frozen;
using Countersign.Core.Devices;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Texts;

namespace Countersign.Core.Projects;

/// <summary>A relying party's settings. Its API clients, its flows and nobody else's belong to it.</summary>
/// <param name="Name">Shown to the person on the link page.</param>
public sealed record Project(ProjectId Id, string Name, ProjectSettings Settings)
{
    public ProjectOrigin Origin { get; init; } = ProjectOrigin.Admin;

    /// <summary>
    /// Settings whose default has become stricter (<see cref="StricterDefaults"/>), by their names: true where the project keeps what it
    /// had before and nothing has been chosen since.
    /// </summary>
    /// <value>Empty by default: a new project keeps nothing.</value>
    public IReadOnlyDictionary<string, bool> Kept { get; init; } = FrozenDictionary<string, bool>.Empty;

    /// <summary>What its texts call it.</summary>
    public Brand Brand => new(Name, Settings.NamesInTexts(publicOrigin: ""));

    /// <summary>The project keeps what it had before for the setting with this name.</summary>
    public bool Keeps(string setting) => Kept.TryGetValue(setting, out var isKept) && isKept;

    /// <summary>The project with these settings chosen: whatever their values are, they are not kept ones any more.</summary>
    public Project Choosing(IEnumerable<string> chosen)
    {
        var names = chosen.ToHashSet(StringComparer.Ordinal);
        return this with
        {
            Kept = Kept.ToFrozenDictionary(setting => setting.Key, setting =>
                setting.Value && !names.Contains(setting.Key), StringComparer.Ordinal)
        };
    }
}

/// <summary>Who may change a project or a client: what the configuration names is changed there, and nowhere else.</summary>
public enum ProjectOrigin
{
    /// <summary>Made by the admin API.</summary>
    Admin,

    /// <summary>Named in the server's configuration, which is put into the store at each start.</summary>
    Configuration,
}

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

    /// <summary>
    /// Where a phone may be sent after its link was confirmed, each an https origin with or without a path (<see cref="TargetUrl"/>).
    /// </summary>
    /// <value>Empty by default. In Live desktop flows need one; the sandbox does not ask.</value>
    public IReadOnlyList<string> TargetUrls { get; init; } = [];

    /// <summary>Wording of the text with a code, with its placeholder; for flows whose relying party sends none.</summary>
    /// <value>None by default: ours.</value>
    public string? OtpText { get; init; }

    /// <summary>Wording of the text with a link, with its placeholder; for flows whose relying party sends none.</summary>
    /// <value>None by default: ours.</value>
    public string? LinkText { get; init; }

    /// <summary>
    /// Names that phones take for links and that may stand in texts all the same: hosts, and brands that look like one. The hosts of the
    /// other addresses of the project need not be named.
    /// </summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<string> AllowedWords { get; init; } = [];

    /// <summary>Countries (ISO 3166, two letters) whose numbers are admitted, of those that the server admits.</summary>
    /// <value>Empty by default: all of the server's.</value>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>
    /// How likely the codes of a line may be guessed in a day: what permits codes of fewer than six digits in Live
    /// (<see cref="GuessBudget"/>).
    /// </summary>
    /// <value>
    /// Null by default: the server's, which permits none unless it is set; <see cref="GuessBudget.Min"/> to <see cref="GuessBudget.Max"/>.
    /// </value>
    public decimal? GuessProbability { get; init; }

    /// <summary>What is told of an identity match where nobody has shown that they hold the phone (<see cref="RecordPrivacy"/>).</summary>
    /// <value>Proven by default.</value>
    public IdentityReasons IdentityReasons { get; init; } = IdentityReasons.Proven;

    /// <summary>What its clients may ask by one-call verify, singly and in batches (<see cref="ProjectPermissions"/>).</summary>
    /// <value>Empty by default: nothing.</value>
    public IReadOnlyList<VerificationType> OneCall { get; init; } = [];

    /// <summary>
    /// Whether one-call verify and fetch tell SSNs whole, instead of their last four digits (<see cref="ProjectPermissions"/>).
    /// </summary>
    /// <value>False by default.</value>
    public bool DisclosesSsn { get; init; }

    /// <summary>
    /// Whether a person may give another number in the browser than the flow began with (<see cref="ProjectPermissions"/>).
    /// </summary>
    /// <value>Off by default.</value>
    public NumberChangeRule NumberChange { get; init; } = NumberChangeRule.Off;

    /// <summary>Whether a person is told by a text that a code has tied a browser's key.</summary>
    /// <value>Server by default: as <see cref="DeviceKeyOptions.Notice"/> says.</value>
    public DeviceNotice DeviceNotice { get; init; } = DeviceNotice.Server;

    /// <summary>How much its texts may cost.</summary>
    /// <value>Null by default: no cap of its own.</value>
    public Caps? Caps { get; init; }

    /// <summary>
    /// The names that may stand in the project's texts: the hosts of its addresses and of the server's, and the allowed words.
    /// </summary>
    public IReadOnlyList<string> NamesInTexts(string publicOrigin) =>
        [.. TargetUrls.Concat(WebOrigins).Append(publicOrigin).Select(HostOf).OfType<string>(), .. AllowedWords];

    /// <summary>The wording for flows of this type; null for ours.</summary>
    public string? TextFor(FlowType type) => type == FlowType.Desktop ? LinkText : OtpText;

    private static string? HostOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0 ? parsed.Host : null;
}

/// <summary>
/// Standard: an initial in the record counts for the given name. Strict: it does not. Lenient: one that is asked for and typos count too.
/// (docs/name-matching.md)
/// </summary>
public enum NamePolicy
{
    Standard,
    Strict,
    Lenient,
}

/// <summary>
/// Proven: whether somebody is on record is told after possession alone; before it, "no record" and "another name" are one answer. Full: it
/// is always told.
/// </summary>
public enum IdentityReasons
{
    Proven,
    Full,
}

/// <summary>
/// Off: no passkeys. Preferred: a person may refuse and goes on without. Required: the authenticator checks who uses it, or the passkey is
/// not accepted.
/// </summary>
public enum Passkeys
{
    Off,
    Preferred,
    Required,
}

/// <summary>
/// Off: a flow keeps the number that it began with. On: a person may give another one in flows of start and unify, unless the call says
/// otherwise.
/// </summary>
public enum NumberChangeRule
{
    Off,
    On,
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
public sealed record ApiClient(ClientId Id, ProjectId ProjectId, SecretHash Secret)
{
    /// <summary>The secret before the last rotation, also when it opens nothing any more; null when there was none.</summary>
    public FormerSecret? Former { get; init; }

    /// <summary>Null for clients made before this was written down.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public ProjectOrigin Origin { get; init; } = ProjectOrigin.Admin;

    /// <summary>By which it may show who it is instead of by the secret (<see cref="ClientAssertion"/>).</summary>
    /// <value>None by default.</value>
    public ClientKeys Keys { get; init; } = ClientKeys.None;

    /// <summary>Does this secret open now? Both hashes are compared always, so that the time tells nothing.</summary>
    public bool Opens(SecretHash presented, DateTimeOffset now)
    {
        var isPresent = Secret.Matches(presented);
        var isFormer = (Former?.Secret ?? Secret).Matches(presented) && Former is { } former && now < former.ExpiresAt;
        return isPresent || isFormer;
    }

    /// <summary>
    /// Is a token alive that was issued for the secret or the key with this fingerprint? A token ends with what it was got with.
    /// </summary>
    /// <param name="fingerprint">Null for a token that does not say its secret, which an earlier version issued.</param>
    public bool Honours(string? fingerprint, DateTimeOffset issuedAt, DateTimeOffset now) =>
        fingerprint is null ? !MayBeOfAnEndedSecret(issuedAt, now)
        : string.Equals(Secret.Fingerprint, fingerprint, StringComparison.Ordinal) || Keys.Has(fingerprint)
            || (Former is { } former && now < former.ExpiresAt
                && string.Equals(former.Secret.Fingerprint, fingerprint, StringComparison.Ordinal));

    // While the former secret opened, either of the two may have got it.
    private bool MayBeOfAnEndedSecret(DateTimeOffset issuedAt, DateTimeOffset now) =>
        Former is { } former && former.ExpiresAt <= now && issuedAt <= former.ExpiresAt;
}

/// <param name="Secret">Keyed hash.</param>
/// <param name="ExpiresAt">From then on it opens nothing.</param>
public sealed record FormerSecret(SecretHash Secret, DateTimeOffset ExpiresAt);
