using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>One setting of a project as the admin API names it. To add a setting, add its row here and its member to <see cref="ProjectResponse"/>.</summary>
/// <param name="Name">Of the member.</param>
/// <param name="Property">Of <see cref="ProjectSettings"/>.</param>
/// <param name="Read">Lays what the members say over the settings.</param>
/// <param name="Reset">Gives the setting its default.</param>
internal sealed record ProjectSetting(
    string Name, string Property, Func<RequestMembers, ProjectSettings, ProjectSettings> Read, Func<ProjectSettings, ProjectSettings> Reset)
{
    public static IReadOnlyList<ProjectSetting> All { get; } =
    [
        Word<ErrorCodes>("errorCodes", nameof(ProjectSettings.ErrorCodes), (settings, word) => settings with { ErrorCodes = word }),
        Word<LinkConfirmation>("linkConfirmation", nameof(ProjectSettings.LinkConfirmation), (settings, word) => settings with { LinkConfirmation = word }),
        Word<StartShape>("startShape", nameof(ProjectSettings.StartShape), (settings, word) => settings with { StartShape = word }),
        Word<Passkeys>("passkeys", nameof(ProjectSettings.Passkeys), (settings, word) => settings with { Passkeys = word }),
        Text("webOtpHost", nameof(ProjectSettings.WebOtpHost), (settings, text) => settings with { WebOtpHost = text }),
        List("webOrigins", nameof(ProjectSettings.WebOrigins), (settings, list) => settings with { WebOrigins = list }),
        List("targetUrls", nameof(ProjectSettings.TargetUrls), (settings, list) => settings with { TargetUrls = list }),
        Text("otpText", nameof(ProjectSettings.OtpText), (settings, text) => settings with { OtpText = text }),
        Text("linkText", nameof(ProjectSettings.LinkText), (settings, text) => settings with { LinkText = text }),
        List("allowedWords", nameof(ProjectSettings.AllowedWords), (settings, list) => settings with { AllowedWords = list }),
        List("countries", nameof(ProjectSettings.Countries), (settings, list) => settings with { Countries = list }),
        Word<NamePolicy>("namePolicy", nameof(ProjectSettings.NamePolicy), (settings, word) => settings with { NamePolicy = word }),
        Word<IdentityReasons>("identityReasons", nameof(ProjectSettings.IdentityReasons), (settings, word) => settings with { IdentityReasons = word }),
        Number("guessProbability", nameof(ProjectSettings.GuessProbability), (settings, number) => settings with { GuessProbability = number }, GuessBudget.Default),
        new ProjectSetting("risk", nameof(ProjectSettings.Risk), RiskSettings.Read, settings => settings with { Risk = null }),
    ];

    /// <summary>A word of an enumeration as the API writes it.</summary>
    public static string WordOf<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>Lays what a body says over settings: what it does not name stays, what it names as null gets its default.</summary>
    public static ProjectSettings ReadAll(RequestMembers body, ProjectSettings settings) => All.Aggregate(settings, (present, setting) =>
        body.IsPresent(setting.Name) ? setting.Read(body, present) : body.IsNamed(setting.Name) ? setting.Reset(present) : present);

    /// <summary>The settings that a body chooses, by their properties: null chooses the default.</summary>
    public static IEnumerable<string> ChosenBy(RequestMembers body) => All.Where(setting => body.IsNamed(setting.Name)).Select(setting => setting.Property);

    private static ProjectSetting Word<T>(string name, string property, Func<ProjectSettings, T, ProjectSettings> set) where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(WordOf, StringComparer.Ordinal);
        return new ProjectSetting(
            name, property,
            (body, settings) => body.Text(name, check: text => words.ContainsKey(text) ? null : $"must be {string.Join(" or ", words.Keys)}") is { } text
                ? set(settings, words[text])
                : settings,
            // Every enumeration's first word is its default.
            settings => set(settings, default));
    }

    private static ProjectSetting Number(string name, string property, Func<ProjectSettings, decimal, ProjectSettings> set, decimal initial) =>
        new(name, property, (body, settings) => body.Fraction(name) is { } number ? set(settings, number) : settings, settings => set(settings, initial));

    private static ProjectSetting Text(string name, string property, Func<ProjectSettings, string?, ProjectSettings> set) =>
        new(name, property, (body, settings) => set(settings, body.Text(name)), settings => set(settings, null));

    private static ProjectSetting List(string name, string property, Func<ProjectSettings, IReadOnlyList<string>, ProjectSettings> set) =>
        new(name, property, (body, settings) => set(settings, body.Texts(name, ProjectRules.MostEntries)), settings => set(settings, []));

    public override string ToString() => Name;
}
