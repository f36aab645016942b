using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.Core.Texts;

/// <summary>
/// The wording of a text with its one placeholder, a run of <c>#</c>: four for the link of a desktop flow; four, five or six for a code of
/// that many digits in a mobile flow.
/// </summary>
public sealed partial class SmsTemplate
{
    public const int MaxCharacters = 160;
    private const int MaxSegments = 2;
    private const int LinkPlaceholder = 4;

    private readonly string _before;
    private readonly string _after;

    private SmsTemplate(string before, int placeholder, string after) =>
        (_before, Placeholder, _after) = (before, placeholder, after);

    /// <summary>Length of the run of <c>#</c>: the digits of the code.</summary>
    public int Placeholder { get; }

    /// <summary>
    /// Ours, one GSM-7 segment. It says whose code it is, where there is room, what it is, how long it lives and what never to do with it.
    /// </summary>
    /// <param name="suffix">Is added behind the text.</param>
    public static SmsTemplate DefaultOtp(Brand brand, int codeLength, TimeSpan life, string suffix = "")
    {
        return NamedBy(brand, FlowType.Mobile, Of, template => template.Fill(new string('0', codeLength), isLink: false) + suffix);

        SmsTemplate Of(string? name) => new(
            "", codeLength,
            $" is your {(name is null ? "" : name + " ")}verification code, valid for {InWords(life)}. Never read it to anyone.");
    }

    /// <summary>Ours, one GSM-7 segment on a server whose address is of ordinary length. It says who asks, where there is room.</summary>
    /// <param name="linkLength">Characters of the link.</param>
    public static SmsTemplate DefaultLink(Brand brand, int linkLength, TimeSpan life)
    {
        return NamedBy(brand, FlowType.Desktop, Of, template => template.Fill(new string('0', linkLength), isLink: true));

        SmsTemplate Of(string? name) => new(
            name is null ? "Tap to confirm it is you: " : $"{name}: tap to confirm it is you: ", LinkPlaceholder,
            $"\nValid for {InWords(life)}. Not you? Do not tap.");
    }

    /// <summary>
    /// The wording with the brand's name, if it then is one segment of the cheap alphabet and phones make nothing to tap of the name;
    /// otherwise without it.
    /// </summary>
    /// <param name="fill">The text as it goes out.</param>
    private static SmsTemplate NamedBy(Brand brand, FlowType type, Func<string?, SmsTemplate> of, Func<SmsTemplate, string> fill)
    {
        var name = SmsAlphabet.Simplify(brand.Name.Trim());
        var named = of(name);
        var text = fill(named);
        var isGood = SmsAlphabet.EncodingOf(text) == SmsEncoding.Gsm7 && SmsAlphabet.CountSegments(text) == 1
            && !HasForbiddenCharacter(name) && !name.Contains('#', StringComparison.Ordinal)
            && FindIn(named.Fill(new string('#', named.Placeholder), isLink: false), type, brand.AllowedNames) is null;
        return isGood ? named : of(null);
    }

    /// <summary>
    /// Reads a relying party's wording. Where only typographic quotation marks, dashes and spaces make a text dear, it is sent with the
    /// plain ones.
    /// </summary>
    /// <param name="maxProofLength">Characters of the link, or 0 in a mobile flow: the filled text must still fit.</param>
    /// <param name="suffix">Characters that will be added behind the text.</param>
    /// <param name="problem">What is wrong with it, fit for an error answer; it does not repeat the text.</param>
    /// <param name="names">Hosts and other names that may stand in it (<see cref="Projects.ProjectSettings.NamesInTexts"/>); none when left
    /// out.</param>
    public static SmsTemplate? TryParse(
        string text, FlowType type, int maxProofLength, int suffix, out string problem, IReadOnlyCollection<string>? names = null) =>
        Parse(text, type, maxProofLength, suffix, names ?? [], out problem);

    /// <summary>
    /// Reads a wording that was looked at when it was given. What may stand in it is not asked again: a flow keeps the wording it began
    /// with. Null when it does not fit any more.
    /// </summary>
    public static SmsTemplate? OfChecked(string text, FlowType type, int maxProofLength = 0) =>
        OfChecked(text, type, maxProofLength, suffix: 0, out _);

    /// <summary>The same, with what is wrong.</summary>
    public static SmsTemplate? OfChecked(string text, FlowType type, int maxProofLength, int suffix, out string problem) =>
        Parse(text, type, maxProofLength, suffix, names: null, out problem);

    /// <summary>The link or telephone number in a wording, or null.</summary>
    /// <param name="names">Hosts and other names that may stand in it.</param>
    public static WordingProblem? FindIn(string text, FlowType type, IReadOnlyCollection<string> names) =>
        Wording.Problem(type == FlowType.Desktop ? Placeholders().Replace(text, "\n") : text, names);

    /// <param name="names">Null when links and telephone numbers are not looked for.</param>
    private static SmsTemplate? Parse(
        string text, FlowType type, int maxProofLength, int suffix, IReadOnlyCollection<string>? names, out string problem)
    {
        problem = "";
        var runs = Placeholders().Matches(text);
        if (text.EnumerateRunes().Count() > MaxCharacters)
        {
            problem = $"longer than {MaxCharacters} characters";
        }
        else if (HasForbiddenCharacter(text))
        {
            problem = "contains control characters";
        }
        else if (names is not null && FindIn(text, type, names) is { } found)
        {
            problem = found.Reason;
        }
        else if (runs.Count != 1)
        {
            problem = "must contain exactly one placeholder of # characters";
        }
        else if (type == FlowType.Desktop && runs[0].Length != LinkPlaceholder)
        {
            problem = "the placeholder for the link is ####";
        }
        else if (runs[0].Length is < 4 or > 6)
        {
            problem = "the placeholder for the code is ####, ##### or ######";
        }
        else
        {
            var simple = SmsAlphabet.Simplify(text);
            var start = simple.IndexOf('#', StringComparison.Ordinal);
            var template = new SmsTemplate(simple[..start], runs[0].Length, simple[(start + runs[0].Length)..]);
            var proof = new string('0', maxProofLength > 0 ? maxProofLength : template.Placeholder);
            if (SmsAlphabet.CountSegments(template.Fill(proof, isLink: maxProofLength > 0) + new string('0', suffix)) <= MaxSegments)
            {
                return template;
            }
            problem = $"longer than {MaxSegments} text segments when filled";
        }
        return null;
    }

    /// <summary>
    /// The text as the phone will show it. Before and behind a link is white space, or the text ends there, so that phones recognise it.
    /// </summary>
    public string Fill(string proof, bool isLink)
    {
        var before = isLink && _before.Length > 0 && !char.IsWhiteSpace(_before[^1]) ? " " : "";
        var behind = isLink && _after.Length > 0 && !char.IsWhiteSpace(_after[0]) ? " " : "";
        return $"{_before}{before}{proof}{behind}{_after}";
    }

    private static string InWords(TimeSpan life) => life.TotalSeconds % 60 == 0
        ? life.TotalMinutes == 1 ? "1 minute" : string.Create(CultureInfo.InvariantCulture, $"{life.TotalMinutes} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{life.TotalSeconds} seconds");

    /// <summary>Line breaks are permitted; what hides, reverses or ends text is not (attack: a second message inside the first).</summary>
    private static bool HasForbiddenCharacter(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var isForbidden = Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Control => rune.Value is not ('\n' or '\r'),
                // U+200D joins emoji and letters of several scripts, U+200C separates letters in Persian; all other format characters only
                // deceive.
                UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D),
                UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
                _ => false,
            };
            if (isForbidden)
            {
                return true;
            }
        }
        return false;
    }

    [GeneratedRegex("#+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Placeholders();
}
