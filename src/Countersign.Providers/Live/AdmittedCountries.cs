namespace Countersign.Providers.Live;

/// <summary>The countries whose numbers are admitted (<c>Countersign:Countries</c>).</summary>
public static class AdmittedCountries
{
    /// <summary>What is wrong with one of them, in a sentence, or null.</summary>
    public static string? ProblemOf(string country) =>
        NumberPlan.Countries.Contains(country) ? null
        : country == "UK" ? "Countersign:Countries has UK; the United Kingdom's ISO code is GB."
        : NumberPlan.Countries.Contains(country.ToUpperInvariant()) ? $"Countersign:Countries must be written in capitals: {country.ToUpperInvariant()}."
        : "Countersign:Countries must hold ISO 3166 codes of two letters of countries with telephone numbers (US, GB, DE).";
}
