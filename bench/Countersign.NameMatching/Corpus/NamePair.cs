using Countersign.Core;

namespace Countersign.NameMatching.Corpus;

/// <summary>Two names with the truth about them. Nobody's: made up or of the public.</summary>
/// <param name="Category">What separates the two.</param>
/// <param name="IsSame">True when they are one person's.</param>
/// <param name="Locale">Where the first one comes from.</param>
internal sealed record NamePair(string Category, bool IsSame, PersonName Recorded, PersonName Given, string Locale, string Note = "")
{
    public string ToLine() =>
        string.Join(
            '\t', Category, IsSame ? "same" : "different", Recorded.Given, Recorded.Family, Given.Given, Given.Family, Locale, Note);
}
