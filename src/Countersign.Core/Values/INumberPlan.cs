namespace Countersign.Core;

/// <summary>
/// What the numbering plans of the world say about numbers. A line is typed in several ways: with a trunk zero behind the country code,
/// with the 15 of Argentina, with the 1 that Mexico had until 2019. Inside it has one form, the plan's own, for everything that looks a
/// number up, counts it, hashes it or hands it on.
/// </summary>
public interface INumberPlan
{
    /// <summary>A fixed line in Brazil: the trunk zero, 90, and the zero with each of thirteen carriers.</summary>
    const int MaxFormerForms = 15;

    /// <summary>
    /// The line that a text names, in its one form. A number that no plan has is taken as typed, since only admission refuses those. Null
    /// when the text is no telephone number.
    /// </summary>
    PhoneNumber? Read(string text);

    /// <summary>The one form of a number that was read by its shape alone, or long ago; the number itself when no plan has it.</summary>
    PhoneNumber FormOf(PhoneNumber number);

    /// <summary>
    /// The other forms in which this server has kept a line while it read numbers by their shape: where only a hash is stored, they are
    /// looked up too.
    /// </summary>
    /// <returns>At most <see cref="MaxFormerForms"/>.</returns>
    IReadOnlyList<PhoneNumber> FormerFormsOf(PhoneNumber number);

    /// <summary>The country that a number belongs to (ISO 3166-1 alpha-2, upper case); null when no country's plan has it.</summary>
    string? CountryOf(PhoneNumber number);

    /// <summary>What the plan says that the number is for.</summary>
    LineKind KindOf(PhoneNumber number) => LineKind.Unknown;
}
