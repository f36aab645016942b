namespace Countersign.Core;

/// <summary>What the numbering plans of the world say about a number.</summary>
public interface INumberPlan
{
    /// <summary>The country that a number belongs to (ISO 3166-1 alpha-2, upper case); null when no country's plan has it.</summary>
    string? CountryOf(PhoneNumber number);
}
