using System.Globalization;
using System.Text;
using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.Texts;

namespace Countersign.Core.Projects;

/// <summary>What a project's settings may be, whoever sets them. Every problem is fit for an error that names the setting.</summary>
/// <param name="PublicOrigin">The server's public address.</param>
/// <param name="Countries">The countries that the server admits; null where it does not ask (sandbox).</param>
/// <param name="Guesses">How short codes may be.</param>
public sealed record ProjectRules(string PublicOrigin, IReadOnlyCollection<string>? Countries, GuessBudget Guesses)
{
    public const int MaxNameCharacters = 64;
    public const int MaxClientIdCharacters = 128;
    public const int MaxEntries = 100;

    /// <summary>
    /// Whether there is a way of confirming links where nobody has chosen one. In Live there is none: each has its price, and neither is
    /// the right one for all (docs/live.md).
    /// </summary>
    public bool HasDefaultConfirmation { get; init; } = true;

    /// <summary>What caps may be.</summary>
    public CapRules Caps { get; init; } = CapRules.None;

    /// <summary>
    /// Settings that were taken before: links and telephone numbers are not looked for in a wording that is the same as theirs. Null: in
    /// all.
    /// </summary>
    public ProjectSettings? Taken { get; init; }

    /// <summary>Says what is wrong with the id of a client that is to be made, or null: narrower than a <see cref="ClientId"/>.</summary>
    public static string? ProblemOfClientId(string id) =>
        id.Length is >= 1 and <= MaxClientIdCharacters && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? null
            : $"must be 1 to {MaxClientIdCharacters} of A-Za-z0-9-_.";

    /// <summary>Says what is wrong with a project's name, or null: persons read it on the link page.</summary>
    public static string? ProblemOfName(string name) =>
        name.Trim().EnumerateRunes().Count() is < 1 or > MaxNameCharacters ? $"must be 1 to {MaxNameCharacters} characters"
        : name.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            ? "contains characters that do not show"
            : null;

    /// <summary>What there is to choose from where a way of confirming links has to be chosen and is not; else null.</summary>
    /// <param name="isChosen">Somebody chooses one, or nobody has to: it is kept from before.</param>
    /// <param name="wordOf">How a way is written where it is chosen.</param>
    public string? LackingConfirmation(bool isChosen, Func<LinkConfirmation, string> wordOf) =>
        isChosen || HasDefaultConfirmation
            ? null
            : $"{wordOf(LinkConfirmation.Tap)} (one button on the phone) or {wordOf(LinkConfirmation.Match)} (six digits that the computer "
                + "shows are typed on the phone)";

    /// <summary>What is wrong: the setting's name as in <see cref="ProjectSettings"/>, and the reason.</summary>
    public IEnumerable<(string Setting, string Reason)> Problems(ProjectSettings settings) =>
        Found(settings).Select(problem => Told(problem, settings));

    /// <summary>
    /// What was taken once and would be refused today, because rules for wordings are stricter or a name may no longer stand in them.
    /// </summary>
    public IEnumerable<(string Setting, string Reason)> ProblemsOfTaken(ProjectSettings settings) =>
        Found(settings).Except((this with { Taken = settings }).Found(settings)).Select(problem => Told(problem, settings));

    /// <summary>What is wrong with a change: with the settings that it names, and with others where they were right before it.</summary>
    public IEnumerable<(string Setting, string Reason)> ProblemsOfChange(
        ProjectSettings from, ProjectSettings to, IReadOnlyCollection<string> named)
    {
        // Twice, since of one wording one problem is told: a link that was taken must not hide that the code is too short now.
        var others = this with { Taken = from };
        var before = Found(from).Concat(others.Found(from)).ToHashSet();
        return Found(to).Concat(others.Found(to))
            .Where(problem => IsNamed(problem.Setting) || !before.Contains(problem))
            .DistinctBy(problem => problem.Setting, StringComparer.Ordinal)
            .Select(problem => Told(problem, to))
            .Select(problem =>
                IsNamed(problem.Setting) ? problem
                    : (problem.Setting, $"the stored wording does not go with this change: {problem.Reason}"));

        bool IsNamed(string setting) => named.Contains(setting.Split('[')[0], StringComparer.Ordinal);
    }

    /// <summary>With what of a wording is meant, and what can be done about it.</summary>
    private (string Setting, string Reason) Told((string Setting, string Reason) problem, ProjectSettings settings)
    {
        var found = problem.Setting switch
        {
            nameof(settings.OtpText) => SmsTemplate.FindIn(settings.OtpText!, FlowType.Mobile, settings.NamesInTexts(PublicOrigin)),
            nameof(settings.LinkText) => SmsTemplate.FindIn(settings.LinkText!, FlowType.Desktop, settings.NamesInTexts(PublicOrigin)),
            _ => null,
        };
        // A wording that is too long, too, is told to be too long.
        return found?.Reason == problem.Reason ? (problem.Setting, found.Told) : problem;
    }

    private IEnumerable<(string Setting, string Reason)> Found(ProjectSettings settings) =>
    [
        .. FoundInAddresses(settings), .. FoundInTexts(settings), .. FoundInCountries(settings), .. FoundInCaps(settings),
        .. FoundInLengths(settings),
    ];

    private static IEnumerable<(string Setting, string Reason)> FoundInAddresses(ProjectSettings settings)
    {
        if (settings.WebOtpHost is { } host && Uri.CheckHostName(host) != UriHostNameType.Dns)
        {
            yield return (nameof(settings.WebOtpHost), "must be a host name without scheme and port (www.example.com)");
        }
        foreach (var (index, origin) in settings.WebOrigins.Index())
        {
            if (!BareOrigin.Is(origin))
            {
                yield return (Entry(nameof(settings.WebOrigins), index),
                    "must be a bare origin as browsers write it (https://www.example.com)");
            }
        }
        foreach (var (index, entry) in settings.TargetUrls.Index())
        {
            if (TargetUrl.ProblemOfEntry(entry) is { } reason)
            {
                yield return (Entry(nameof(settings.TargetUrls), index), reason + " (https://www.example.com/verified)");
            }
        }
    }

    private IEnumerable<(string Setting, string Reason)> FoundInTexts(ProjectSettings settings)
    {
        foreach (var (index, word) in settings.AllowedWords.Index())
        {
            if (Wording.ProblemOfName(word) is { } reason)
            {
                yield return (Entry(nameof(settings.AllowedWords), index), reason);
            }
        }
        if (settings.OtpText is { } otp && Problem(otp, FlowType.Mobile, settings) is { } wrongOtp)
        {
            yield return (nameof(settings.OtpText), wrongOtp);
        }
        if (settings.LinkText is { } link && Problem(link, FlowType.Desktop, settings) is { } wrongLink)
        {
            yield return (nameof(settings.LinkText), wrongLink);
        }
        if (settings.GuessProbability is < GuessBudget.Min or > GuessBudget.Max)
        {
            yield return (nameof(settings.GuessProbability),
                $"must be from {GuessBudget.InWords(GuessBudget.Min)} to {GuessBudget.InWords(GuessBudget.Max)}");
        }
    }

    private IEnumerable<(string Setting, string Reason)> FoundInCaps(ProjectSettings settings)
    {
        if (settings.Caps is { } caps && Caps.ProblemOf(caps) is { } wrong)
        {
            yield return (nameof(settings.Caps), wrong);
        }
    }

    private IEnumerable<(string Setting, string Reason)> FoundInCountries(ProjectSettings settings)
    {
        foreach (var (index, country) in settings.Countries.Index())
        {
            if (Countries is not null && !Countries.Contains(country, StringComparer.Ordinal))
            {
                yield return (Entry(nameof(settings.Countries), index),
                    "must be one of the server's Countersign:Countries: a project can only narrow them");
            }
            else if (country is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z'])
            {
                yield return (Entry(nameof(settings.Countries), index), "must be an ISO 3166 code of two capital letters (US)");
            }
        }
    }

    private static IEnumerable<(string Setting, string Reason)> FoundInLengths(ProjectSettings settings)
    {
        foreach (var (name, list) in ((string, IReadOnlyList<string>)[])
            [
                (nameof(settings.WebOrigins), settings.WebOrigins), (nameof(settings.TargetUrls), settings.TargetUrls),
                (nameof(settings.AllowedWords), settings.AllowedWords), (nameof(settings.Countries), settings.Countries),
            ])
        {
            if (list.Count > MaxEntries)
            {
                yield return (name, $"must have at most {MaxEntries} entries");
            }
        }
    }

    private string? Problem(string text, FlowType type, ProjectSettings settings)
    {
        // "\n\n@host #123456", see OtpMethod.
        var suffix = type == FlowType.Mobile && settings.WebOtpHost is { } host ? host.Length + 11 : 0;
        var maxProofLength = type == FlowType.Desktop ? LinkAddress.LengthOf(PublicOrigin) : 0;
        var template = text == (type == FlowType.Mobile ? Taken?.OtpText : Taken?.LinkText)
            ? SmsTemplate.OfChecked(text, type, maxProofLength, suffix, out var problem)
            : SmsTemplate.TryParse(text, type, maxProofLength, suffix, out problem, settings.NamesInTexts(PublicOrigin));
        return template is null ? problem
            // A call may permit retries or not: the wording has to do for both.
            : type == FlowType.Mobile ? Guesses.Problem(settings.GuessProbability, template.Placeholder, allowsRetry: true)
            : null;
    }

    private static string Entry(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]");

    public override string ToString() => nameof(ProjectRules);
}
