using System.Globalization;
using System.Text;

namespace Countersign.Core.IdentityMatching;

/// <summary>When two spellings are one name: case and accents do not count.</summary>
public static class NameRules
{
    /// <summary>The given names are equal, and one part of the family names is: people write one of two surnames.</summary>
    public static bool Agree(PersonName one, PersonName other) =>
        GivenNamesAgree(one.Given, other.Given) && FamilyNamesAgree(one.Family, other.Family);

    public static bool GivenNamesAgree(string one, string other) => Fold(one) == Fold(other);

    public static bool FamilyNamesAgree(string one, string other) => Parts(one).Intersect(Parts(other), StringComparer.Ordinal).Any();

    /// <summary>Without what does not count.</summary>
    public static string Fold(string text) => string.Concat(
        Characters.Normalize(text.Trim(), NormalizationForm.FormD)
            .Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)).ToUpperInvariant();

    private static string[] Parts(string family) => Fold(family).Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries);
}
