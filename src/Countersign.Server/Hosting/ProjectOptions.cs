using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;

namespace Countersign.Server.Hosting;

/// <summary>
/// A project of the configuration (<c>Countersign:Projects:&lt;id&gt;</c>). What each setting means is told by
/// <see cref="ProjectSettings"/>.
/// </summary>
internal sealed class ProjectOptions
{
    /// <summary>Shown to the person on the link page.</summary>
    /// <value>The project's id by default.</value>
    public string? Name { get; set; }

    /// <summary>Client secrets by client id. A client that is not to stand here is made by the admin API.</summary>
    /// <value>None by default; each 32 to 256 characters without control characters.</value>
    public Dictionary<string, string> Clients { get; } = new(StringComparer.Ordinal);

    public ErrorCodes ErrorCodes { get; set; } = ErrorCodes.Standard;

    /// <value>Null by default: nothing is chosen. In Live a new project has to (<see cref="ConfiguredProjects"/>).</value>
    public LinkConfirmation? LinkConfirmation { get; set; }

    public StartShape StartShape { get; set; } = StartShape.PreFill;

    public Passkeys Passkeys { get; set; } = Passkeys.Off;

    public string? WebOtpHost { get; set; }

    public string[] WebOrigins { get; set; } = [];

    public string[] TargetUrls { get; set; } = [];

    public string? OtpText { get; set; }

    public string? LinkText { get; set; }

    public string[] AllowedWords { get; set; } = [];

    public string[] Countries { get; set; } = [];

    public NamePolicy NamePolicy { get; set; } = NamePolicy.Standard;

    public RiskOptions Risk { get; } = new();

    /// <value>Null by default: nothing is chosen (<see cref="StricterDefaults"/>).</value>
    public decimal? GuessProbability { get; set; }

    public CapOptions Caps { get; } = new();

    public IdentityReasons IdentityReasons { get; set; } = IdentityReasons.Proven;

    /// <value>Null by default: nothing is chosen (<see cref="StricterDefaults"/>).</value>
    public OneCallEntry[]? OneCall { get; set; }

    /// <value>Null by default: nothing is chosen (<see cref="StricterDefaults"/>).</value>
    public bool? DisclosesSsn { get; set; }

    /// <value>Null by default: nothing is chosen (<see cref="StricterDefaults"/>).</value>
    public NumberChangeRule? NumberChange { get; set; }

    /// <value>Null by default: nothing is chosen (<see cref="StricterDefaults"/>).</value>
    public DeviceNotice? DeviceNotice { get; set; }

    public Project ToProject(ProjectId id) => new(
        id,
        Name ?? id.ToString(),
        new ProjectSettings
        {
            ErrorCodes = ErrorCodes,
            LinkConfirmation = LinkConfirmation ?? Core.Projects.LinkConfirmation.Tap,
            StartShape = StartShape,
            Passkeys = Passkeys,
            WebOtpHost = WebOtpHost,
            WebOrigins = WebOrigins,
            TargetUrls = TargetUrls,
            OtpText = OtpText,
            LinkText = LinkText,
            AllowedWords = AllowedWords,
            Countries = Countries,
            NamePolicy = NamePolicy,
            Risk = Risk.ToPolicy(),
            GuessProbability = GuessProbability,
            Caps = Caps.ToCaps(),
            IdentityReasons = IdentityReasons,
            OneCall = TypesOf(OneCall ?? []),
            DisclosesSsn = DisclosesSsn ?? false,
            NumberChange = NumberChange ?? NumberChangeRule.Off,
            DeviceNotice = DeviceNotice ?? Core.Devices.DeviceNotice.Server,
        })
    {
        Origin = ProjectOrigin.Configuration,
        Kept = Chosen().ToDictionary(setting => setting, _ => false, StringComparer.Ordinal),
    };

    // Of the settings whose default has become stricter.
    private IEnumerable<string> Chosen()
    {
        if (GuessProbability is not null)
        {
            yield return nameof(GuessProbability);
        }
        if (OneCall is not null)
        {
            yield return nameof(OneCall);
        }
        if (DisclosesSsn is not null)
        {
            yield return nameof(DisclosesSsn);
        }
        if (NumberChange is not null)
        {
            yield return nameof(NumberChange);
        }
        if (DeviceNotice is not null)
        {
            yield return nameof(DeviceNotice);
        }
        if (LinkConfirmation is not null)
        {
            yield return nameof(LinkConfirmation);
        }
    }

    private static VerificationType[] TypesOf(OneCallEntry[] entries) =>
        [.. entries.Where(entry => entry != OneCallEntry.None).Distinct().Select(entry => Enum.Parse<VerificationType>($"{entry}"))];

    public override string ToString() => Name ?? "";
}

/// <summary>
/// An entry of <see cref="ProjectOptions.OneCall"/>: a <see cref="VerificationType"/>, or the word that chooses none, since an empty value
/// counts as not set.
/// </summary>
internal enum OneCallEntry
{
    None,
    VerifiedUser,
    AccountOpening,
    HumanAssurance,
    Prefill,
    PrefillForBiz,
    IdentityResolution,
}

/// <summary>
/// What a project of the configuration makes of risk signals (<c>Countersign:Projects:&lt;id&gt;:Risk</c>). Each is told by
/// <see cref="RiskPolicy"/>.
/// </summary>
internal sealed class RiskOptions
{
    public RiskRule SimSwap { get; set; }

    public RiskRule SimSwapInWeek { get; set; }

    public RiskRule Recycled { get; set; }

    public RiskRule VeryShortTenure { get; set; }

    public RiskRule ShortTenure { get; set; }

    public bool RefusesUnknown { get; set; }

    /// <summary>Null when nothing differs from the default.</summary>
    public RiskPolicy? ToPolicy() => new RiskPolicy
    {
        SimSwap = SimSwap,
        SimSwapInWeek = SimSwapInWeek,
        Recycled = Recycled,
        VeryShortTenure = VeryShortTenure,
        ShortTenure = ShortTenure,
        RefusesUnknown = RefusesUnknown,
    }.OrNullIfDefault();
}
