using Countersign.Core.Devices;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// One setting of a project as the admin API names it. To add a setting, add its row here and its member to <see cref="ProjectResponse"/>.
/// </summary>
/// <param name="Member">How requests say it.</param>
/// <param name="Answered">How answers say it; required where it has a value always.</param>
/// <param name="Property">Of <see cref="ProjectSettings"/>.</param>
/// <param name="Read">Lays what the members say over the settings.</param>
/// <param name="Reset">Gives the setting its default.</param>
/// <param name="Default">What that is, for the documents.</param>
internal sealed record ProjectSetting(
    Member Member, Member Answered, string Property, Func<RequestMembers, ProjectSettings, ProjectSettings> Read,
    Func<ProjectSettings, ProjectSettings> Reset, string Default)
{
    public const string LinkConfirmation = "linkConfirmation";

    // Whether a setting is right, the rules for projects say: what its shape tells of it is for the documents.
    public static IReadOnlyList<ProjectSetting> All { get; } =
    [
        Word<ErrorCodes>(
            "errorCodes", "`legacy`: 1000, 1001 and 1003 for 8000, 8001 and 8003.",
            nameof(ProjectSettings.ErrorCodes), (settings, word) => settings with { ErrorCodes = word }),
        Word<Core.Projects.LinkConfirmation>(
            LinkConfirmation,
            "How the phone confirms a link: by one button, or by six digits that the desktop shows. In Live it has no "
                + "default: a new project has to name it.",
            nameof(ProjectSettings.LinkConfirmation), (settings, word) => settings with { LinkConfirmation = word }) with
        {
            Default = "`tap` in the sandbox; refused in Live, where it has no default",
        },
        Word<StartShape>(
            "startShape", "What follows validate: challenge and complete, or complete alone.",
            nameof(ProjectSettings.StartShape), (settings, word) => settings with { StartShape = word }),
        Word<Passkeys>(
            "passkeys", "Whether browsers of unify flows are asked for a passkey.",
            nameof(ProjectSettings.Passkeys), (settings, word) => settings with { Passkeys = word }),
        Text(
            "webOtpHost", Shape.Text() with { Max = 253, Pattern = "^[a-z0-9.-]+$" },
            "Host of the page that asks for the code; with it a WebOTP line is added to the text.", "none",
            nameof(ProjectSettings.WebOtpHost), (settings, text) => settings with { WebOtpHost = text }),
        List(
            "webOrigins", "Origins whose pages may use the browser endpoints; empty: any.",
            Shape.Text() with { Pattern = "^https?://[^/]+$" }, "A bare origin.",
            nameof(ProjectSettings.WebOrigins), (settings, list) => settings with { WebOrigins = list }),
        List(
            "targetUrls",
            "Where a phone may be sent after its link was confirmed. In Live `finalTargetUrl` must begin with one of these: the same "
                + "origin, and the path on whole segments.",
            Shape.Text() with { Max = TargetUrl.MaxCharacters, Pattern = "^https://[A-Za-z0-9._+=/:-]+$" },
            "An https origin with or without a path.",
            nameof(ProjectSettings.TargetUrls), (settings, list) => settings with { TargetUrls = list }),
        Text(
            "otpText", Shape.Text() with { Max = SmsTemplate.MaxCharacters, Pattern = "^[^#]*#{4,6}[^#]*$" },
            "Wording of the text with a code, where a call brings none. By the rules of `smsMessage`.", "the server's",
            nameof(ProjectSettings.OtpText), (settings, text) => settings with { OtpText = text }),
        Text(
            "linkText", Shape.Text() with { Max = SmsTemplate.MaxCharacters, Pattern = "^[^#]*####[^#]*$" },
            "Wording of the text with a link, where a call brings none. By the rules of `smsMessage`.", "the server's",
            nameof(ProjectSettings.LinkText), (settings, text) => settings with { LinkText = text }),
        List(
            "allowedWords",
            "Names that may stand in texts although phones make links of them, without a path behind them. The hosts of `targetUrls`, "
                + "`webOrigins` and the server need not be named.",
            Shape.Text() with { Min = 1, Max = Wording.MaxNameCharacters }, "A name of letters, digits, dots and hyphens.",
            nameof(ProjectSettings.AllowedWords), (settings, list) => settings with { AllowedWords = list }),
        List(
            "countries", "Countries whose numbers are admitted, of those that the server admits; empty: all of them.",
            Shape.Text() with { Pattern = "^[A-Z]{2}$" }, "ISO 3166 code.",
            nameof(ProjectSettings.Countries), (settings, list) => settings with { Countries = list }),
        Word<NamePolicy>(
            "namePolicy", "How much two names may differ and still be one person's.",
            nameof(ProjectSettings.NamePolicy), (settings, word) => settings with { NamePolicy = word }),
        Word<IdentityReasons>(
            "identityReasons",
            "Live: what is told where no possession was proven. `proven`: \"no record\" and \"another name\" are one answer. `full`: they "
                + "are told apart.",
            nameof(ProjectSettings.IdentityReasons), (settings, word) => settings with { IdentityReasons = word }),
        List(
            "oneCall",
            "Live: what the project's clients may ask by one-call verify and its batch, which tell of a person who has not shown that they "
                + "hold the phone; empty: nothing.",
            Shape.Word([.. Fields.VerificationTypes]), "A `verificationType`.",
            nameof(ProjectSettings.OneCall), (settings, list) => settings with { OneCall = [.. list.Distinct()] }),
        Flag(
            "disclosesSsn",
            "Live: whether one-call verify and fetch tell SSNs whole. Without it they tell the last four digits.",
            nameof(ProjectSettings.DisclosesSsn), (settings, flag) => settings with { DisclosesSsn = flag }),
        Word<NumberChangeRule>(
            "numberChange",
            "Live: whether a person may give another number in the browser, in flows of start and unify. A call may only narrow it.",
            nameof(ProjectSettings.NumberChange), (settings, word) => settings with { NumberChange = word }),
        Word<DeviceNotice>(
            "deviceNotice",
            "Whether a person is told by a text that a code has tied a browser's key. `server`: as `DeviceKeys:Notice` says, which is on "
                + "in Live.",
            nameof(ProjectSettings.DeviceNotice), (settings, word) => settings with { DeviceNotice = word }),
        Number(
            "guessProbability",
            "How likely a code of a line may be guessed in a day. A flow may use up half of it: what permits codes of fewer than six "
                + "digits in Live.",
            new FractionShape(GuessBudget.Min, GuessBudget.Max),
            nameof(ProjectSettings.GuessProbability), (settings, number) => settings with { GuessProbability = number }),
        new ProjectSetting(
            CapSettings.Given, CapSettings.Answered, nameof(ProjectSettings.Caps), CapSettings.Read,
            settings => settings with { Caps = null }, "no caps"),
        new ProjectSetting(
            RiskSettings.Given, RiskSettings.Answered, nameof(ProjectSettings.Risk), RiskSettings.Read,
            settings => settings with { Risk = null }, "nothing is refused"),
    ];

    /// <summary>How a change says it.</summary>
    public Member Changed => Member.OrNull(Default);

    /// <summary>Lays what a body says over settings: what it does not name stays, what it names as null gets its default.</summary>
    /// <returns>
    /// With the settings that it chooses, by their properties: null chooses the default, and what is wrong chooses nothing.
    /// </returns>
    public static (ProjectSettings Settings, IReadOnlyList<string> Chosen) ReadAll(RequestMembers body, ProjectSettings settings)
    {
        var chosen = new List<string>();
        foreach (var setting in All.Where(setting => body.IsNamed(setting.Member)))
        {
            var before = body.Problems;
            var read = body.IsGiven(setting.Member) ? setting.Read(body, settings) : setting.Reset(settings);
            if (body.Problems == before)
            {
                settings = read;
                chosen.Add(setting.Property);
            }
        }
        return (settings, chosen);
    }

    /// <summary>Refuses a body that leaves open how links are confirmed, where that has to be chosen.</summary>
    /// <param name="isNew">The project has none yet; else it has one, which null would take away.</param>
    public static void CheckConfirmation(RequestMembers body, ProjectRules rules, bool isNew)
    {
        var isChosen = body.IsGiven(LinkConfirmation) || (!isNew && !body.IsNamed(LinkConfirmation));
        if (rules.LackingConfirmation(isChosen, AdminWords.Of) is { } choices)
        {
            body.Missing(LinkConfirmation, choices);
        }
    }

    private static ProjectSetting Word<T>(string name, string description, string property, Func<ProjectSettings, T, ProjectSettings> set)
        where T : struct, Enum
    {
        var member = Member.OptionalValue(name, AdminWords.Shape<T>(), description);
        // Every enumeration's first word is its default.
        return Always(
            member, property, (body, settings) => body.Read(member) is { } word ? set(settings, word) : settings,
            settings => set(settings, default), $"`{AdminWords.Of(default(T))}`");
    }

    private static ProjectSetting Number(
        string name, string description, FractionShape shape, string property, Func<ProjectSettings, decimal?, ProjectSettings> set)
    {
        var member = Member.OptionalValue(name, shape, description);
        return Always(
            member, property, (body, settings) => body.Read(member) is { } number ? set(settings, number) : settings,
            settings => set(settings, null), "the server's");
    }

    private static ProjectSetting Text(
        string name, TextShape<string> shape, string description, string none, string property,
        Func<ProjectSettings, string?, ProjectSettings> set)
    {
        var member = Member.Optional(name, shape, description);
        return new ProjectSetting(
            member, member, property, (body, settings) => set(settings, body.Read(member) is { Length: > 0 } text ? text : null),
            settings => set(settings, null), $"{none}, as with an empty text");
    }

    private static ProjectSetting Flag(
        string name, string description, string property, Func<ProjectSettings, bool, ProjectSettings> set)
    {
        var member = Member.OptionalValue(name, Shape.Flag(), description);
        return Always(
            member, property, (body, settings) => body.Read(member) is { } flag ? set(settings, flag) : settings,
            settings => set(settings, false), "false");
    }

    private static ProjectSetting List<T>(
        string name, string description, TextShape<T> item, string itemDescription, string property,
        Func<ProjectSettings, IReadOnlyList<T>, ProjectSettings> set)
    {
        var member = new ListMember<T>(name, description, item, itemDescription, ProjectRules.MaxEntries);
        return Always(
            member, property, (body, settings) => set(settings, body.Read(member)), settings => set(settings, []),
            "the empty list, so all that stands in it goes");
    }

    /// <summary>A setting that has a value always.</summary>
    private static ProjectSetting Always(
        Member member, string property, Func<RequestMembers, ProjectSettings, ProjectSettings> read,
        Func<ProjectSettings, ProjectSettings> reset, string @default) =>
        new(member, member with { IsRequired = true }, property, read, reset, @default);

    public override string ToString() => Member.Name;
}
