using System.Collections.Frozen;

namespace Countersign.Core.Names;

/// <summary>Words of names that are no names: titles, small words, and words that cling to the next one.</summary>
internal static class NameWords
{
    /// <summary>Dropped where they begin a field that has more.</summary>
    public static FrozenSet<string> Titles { get; } = Set("""
        mr mrs ms miss mx dr prof professor doctor sir dame lord rev reverend hon herr
        frau doktor sr sra srta dipl ing mag drs ir mme mlle monsieur madame
        dott dottssa sig signor signora avv arch lic dra dhr mevr pan pani shri smt haji hajji capt captain col sgt maj gen lt
        """);

    /// <summary>Dropped where they end a field that has more.</summary>
    public static FrozenSet<string> Suffixes { get; } = Set(
        "jr sr jnr snr junior senior ii iii iv 2nd 3rd 4th phd md esq esquire mba msc dds dvm cpa");

    /// <summary>Stand where a system wanted a name and there was none.</summary>
    private static readonly FrozenSet<string> _placeholders = Set(
        "fnu lnu nfn nln xxx unknown noname nofamilyname nogivenname tbd tba unspecified undefined");

    /// <summary>The same, where they are all that was written: in a longer name they may be a part of it.</summary>
    private static readonly FrozenSet<string> _placeholderTexts = Set("n/a n.a. n.a n/k n.k. n.k none null n\\a");

    /// <summary>Two words that stand for no name: No Name, Not Known.</summary>
    private static readonly FrozenSet<string> _placeholderPhrases =
        Set("noname nonames nofirstname nolastname nosurname nofamilyname nogivenname notknown notavailable notapplicable notgiven "
            + "notprovided notspecified nonenone nullnull");

    /// <summary>Does the whole text, as it was written, stand for no name?</summary>
    public static bool IsPlaceholder(string text)
    {
        var written = text.Trim().ToLowerInvariant();
        return _placeholderTexts.Contains(
            written.Contains('/', StringComparison.Ordinal) ? written.Replace(" ", "", StringComparison.Ordinal) : written);
    }

    /// <summary>Do all the words together stand for no name?</summary>
    public static bool ArePlaceholders(IReadOnlyList<Word> words) =>
        words.All(word => _placeholders.Contains(word.Text))
            || (words.Count > 1 && _placeholderPhrases.Contains(string.Concat(words.Select(word => word.Text))));

    /// <summary>Small words in family names: one spelling may leave them out.</summary>
    public static FrozenSet<string> FamilyParticles { get; } = Set("""
        de d v vd da do dos das del dela della dello delle degli di du des van von der den ter ten te het vom zu zum zur af av
        al el ul bin ibn bint binti binte y i e und
        """);

    /// <summary>Articles that are small words after another small word (de la Cruz), and part of the name without one (La Rue).</summary>
    public static FrozenSet<string> Articles { get; } = Set("la las los le les lo t");

    public static FrozenSet<string> GivenParticles { get; } = Set("de del da do dos das di");

    /// <summary>Words that cling to the next one: Le Roux is Leroux, St John is not John.</summary>
    public static FrozenSet<string> FamilyBound { get; } = Set(
        "st ste saint sainte sankt san santa santo sao mac mc o ni nic la le les lo ben abu abou abd abdul abdel abdal ap ab fitz ould");

    public static FrozenSet<string> GivenBound { get; } = Set("abd abdul abdel abdal abu abou la");

    /// <summary>An abbreviation of one small word or another: "v." is van and von.</summary>
    public const string AnyParticle = "v";

    /// <summary>Small words that are one.</summary>
    public static string Particle(string word) => word switch
    {
        "v" or "vd" => AnyParticle,
        "el" or "ul" => "al",
        "ibn" => "bin",
        "binti" or "binte" => "bint",
        "d" => "de",
        "i" or "e" or "und" => "y",
        _ => word,
    };

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
