using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.Core.Texts;

/// <summary>
/// Finds in a wording what a phone makes something to tap of: a link, a scheme, a telephone number. Attack: whoever has a client secret
/// sends persons to a place of their own, in a text that comes from the relying party's sender. The text is read as it looks, since phones
/// do so too.
/// </summary>
public static partial class Wording
{
    public const int MaxNameCharacters = 64;

    private const int MinDigits = 7;

    // A run of these and more beside the code's own digits would make one number of both.
    private const int MinDigitsBesideCode = 4;

    // What people, and libphonenumber, put between digits, on one line. However much of it: Android permits any number of spaces.
    internal const string BetweenDigits = @"[ ./()\[\]~\u223C\u30FCx\p{M}-]*";

    // The first call compiles the expressions, on a busy machine, too.
    internal const int TimeoutMilliseconds = 10_000;
    private const char LongVowelMark = '\u30FC';

    /// <summary>Says what is wrong with a wording, or null.</summary>
    /// <param name="text">With its placeholder, where that is for a code: a <c>#</c> counts as a digit.</param>
    /// <param name="names">Hosts and other names that may stand in it, without a path, a port or a query behind them.</param>
    public static WordingProblem? Problem(string text, IEnumerable<string> names)
    {
        var seen = Fold(text);
        var allowed = names.Select(Fold).ToHashSet(StringComparer.Ordinal);
        if (Scheme().Match(seen) is { Success: true } scheme)
        {
            return Link(scheme.Value, "leave it out, or write a space behind the colon");
        }
        if (seen.Contains("://", StringComparison.Ordinal))
        {
            return Link("://", "leave it out");
        }
        if (Hosts().Matches(seen).FirstOrDefault(host => IsLink(host.Value, seen.AsSpan(host.Index + host.Length), allowed)) is { } link)
        {
            return OfHost(link.Value, seen.AsSpan(link.Index + link.Length), allowed);
        }
        if (ColonGroups().Matches(seen).FirstOrDefault(group => IsAddress(group.Value)) is { } address)
        {
            return Link(address.Value, "leave it out");
        }
        return TelephoneIn(Without(allowed, seen)) is { } telephone
            ? new WordingProblem("contains a telephone number", Hidden(telephone), "leave it out") : null;
    }

    /// <summary>Says what is wrong with a name that is to be let through, or null.</summary>
    public static string? ProblemOfName(string name) =>
        name.EnumerateRunes().Count() is >= 1 and <= MaxNameCharacters
            && name.EnumerateRunes().All(rune => Rune.IsLetterOrDigit(rune) || rune.Value is '.' or '-')
            && name[0] != '.' && name[^1] != '.'
            ? null
            : $"must be a name of 1 to {MaxNameCharacters} letters, digits, dots and hyphens, without a scheme or a path (shop.example)";

    /// <summary>All that is written in several ways in the one that is looked for: lower case, one dot, one hyphen, one space.</summary>
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in Characters.Fold(text).ToLowerInvariant().EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\n' or '\r' => folded.Append('\n'),
                // The ideographic full stop separates the parts of a host name as the dot does (UTS #46).
                '\u3002' => folded.Append('.'),
                _ when Rune.IsWhiteSpace(rune) => folded.Append(' '),
                // A letter here: endings are written with it.
                LongVowelMark => folded.Append(LongVowelMark),
                _ when Characters.IsDash(rune) => folded.Append('-'),
                _ => folded.Append(rune),
            };
        }
        return folded.ToString();
    }

    // The name alone: what is written behind it may be a number.
    private static string Without(HashSet<string> allowed, string seen) => Hosts().Replace(
        seen, host =>
            AllowedIn(host.Value, allowed) is { } name ? host.Value[..name.Start.Value] + "\n" + host.Value[name.End.Value..] : host.Value);

    /// <param name="host">Two or more labels with single dots between them.</param>
    /// <param name="rest">What stands behind it.</param>
    private static bool IsLink(string host, ReadOnlySpan<char> rest, HashSet<string> allowed)
    {
        var isAllowed = AllowedIn(host, allowed) is not null;
        var labels = host.Split('.');
        // Whatever the ending: a path, a port or a query is written behind hosts alone. 3.5/5 is none.
        if (LeadsOn(rest) && (isAllowed || (labels[^1].Length > 1 && labels[^1].Any(char.IsLetter))))
        {
            return true;
        }
        return !isAllowed
            && (labels.SkipLast(1).Contains("www", StringComparer.Ordinal)
                || labels.Skip(1).Any(IsEnding)
                || (labels.Length > 3 && labels.All(label => label.All(character => char.IsAsciiDigit(character) || character == '#'))));
    }

    /// <summary>
    /// Where a name stands that is let through: in Booking.com, “Booking.com” and Booking.com-Code, not in booking.com-login.net.
    /// </summary>
    private static Range? AllowedIn(string host, HashSet<string> allowed)
    {
        var start = 0;
        while (start < host.Length && IsQuotation(host[start]))
        {
            start++;
        }
        var written = host.AsSpan(start);
        foreach (var name in allowed)
        {
            if (written.StartsWith(name, StringComparison.Ordinal)
                && written[name.Length..] is var rest
                && (rest.IsEmpty || ((rest[0] == '-' || IsQuotation(rest[0])) && !rest.Contains('.'))))
            {
                return start..(start + name.Length);
            }
        }
        return null;
    }

    /// <summary>
    /// What is put around and before a name, and is in none: quotation marks, brackets, ¡ and ¿, the comma of CJK and the bullet.
    /// </summary>
    private static bool IsQuotation(char character) =>
        character is '\u00A1' or '\u00BF' or '\u3001' or '\u2022' || char.GetUnicodeCategory(character)
        is UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
        or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation;

    private static bool LeadsOn(ReadOnlySpan<char> rest) => rest switch
    {
        ['/', ..] => true,
        [':', var port, ..] => char.IsAsciiDigit(port),
        ['?', var query, ..] => char.IsLetterOrDigit(query) || query is '#' or '=' or '&' or '%' or '/' or '_',
        _ => false,
    };

    // Phones end a host where its ending ends: before a hyphen, and before letters of a script that is written without spaces.
    private static bool IsEnding(string label) =>
        label.StartsWith("xn--", StringComparison.Ordinal)
        || HostEndings.Contains(Word().Match(label).Value)
        || HostEndings.Contains(SpacedWord().Match(label).Value)
        || HostEndings.Contains(AsciiWord().Match(label).Value);

    /// <summary>IPv6; 10:30:45 is none.</summary>
    private static bool IsAddress(string group) => group.Any(char.IsAsciiHexDigit) && IPAddress.TryParse(group.TrimEnd('.'), out _);

    private static WordingProblem OfHost(string host, ReadOnlySpan<char> rest, HashSet<string> allowed)
    {
        var name = host.Trim([.. host.Where(IsQuotation)]);
        return LeadsOn(rest) ? Link($"{name}{rest[0]}", AllowedIn(host, allowed) is not null
                ? "write the name without what stands behind it"
                : "leave it out; names in the project's AllowedWords and hosts of its TargetUrls may stand there alone")
            : Link(name, ProblemOfName(name) is null
                ? "leave it out, or add the name to the project's AllowedWords, or an address of that host to its TargetUrls"
                : "leave it out, or part the name from what is written beside it");
    }

    private static WordingProblem Link(string piece, string cure) => new("contains a link of its own", piece, cure);

    // Enough to find it by.
    private static string Hidden(string telephone)
    {
        var last = telephone.Count(char.IsAsciiDigit) - 2;
        return string.Concat(telephone.Select(character => char.IsAsciiDigit(character) && last-- > 0 ? '*' : character));
    }

    private static string? TelephoneIn(string seen) => DigitGroups().Matches(seen)
        .FirstOrDefault(group =>
            HasDigitsOfTelephone(group.Value) && !OrdinaryNumbers.Are(seen, group.Index, group.Index + group.Length))?.Value;

    private static bool HasDigitsOfTelephone(string group)
    {
        var (digits, ofCode) = (group.Count(char.IsAsciiDigit), group.Count(character => character == '#'));
        return digits >= MinDigits || (digits >= MinDigitsBesideCode && digits + ofCode >= MinDigits);
    }

    // RFC 3986, 3.1. After a colon and a space, a line end or the code, phones take it for a word.
    [GeneratedRegex("[a-z][a-z0-9+.#-]*:(?=[^\\s#])", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Scheme();

    // Outside ASCII all that is seen makes names: emoji, arrows, currencies, the middle dots and quotation marks of several scripts.
    [GeneratedRegex(@"[a-z0-9_#\-\u0080-\uFFFF]+(?:\.[a-z0-9_#\-\u0080-\uFFFF]+)+", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Hosts();

    [GeneratedRegex(@"^[\p{L}\p{M}\p{N}_#]*", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Word();

    // Without letters of Thai, Lao, Burmese, Khmer, the kana and the Han characters.
    [GeneratedRegex(
        @"^[\p{L}\p{M}\p{N}-[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3005-\u30FF\u3400-\u9FFF\uF900-\uFAFF]]*",
        RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex SpacedWord();

    [GeneratedRegex("^[a-z0-9]*", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex AsciiWord();

    [GeneratedRegex("[0-9a-f]*(?::[0-9a-f.]*){2,}", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex ColonGroups();

    [GeneratedRegex($"[0-9#](?:{BetweenDigits}[0-9#])*", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex DigitGroups();
}

/// <summary>What is wrong with a wording.</summary>
/// <param name="Reason">Fit for every error answer: it does not repeat the text.</param>
/// <param name="Piece">What is meant, as a phone reads it. Of a telephone number only the last two digits are told.</param>
/// <param name="Cure">What whoever owns the wording can do.</param>
public sealed record WordingProblem(string Reason, string Piece, string Cure)
{
    /// <summary>All of it. For the operator, whose own the wording is; a call's may be about a person.</summary>
    public string Told => $"{Reason} ('{Piece}'): {Cure}";

    public override string ToString() => "***";
}
