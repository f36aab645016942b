using Countersign.Providers.Numbers;
using Microsoft.Extensions.Options;

namespace Countersign.Providers.Live;

/// <summary>Where the server does business (<c>Countersign:Countries</c>).</summary>
public sealed class CountryOptions
{
    /// <summary>Countries (ISO 3166, two letters) whose numbers are admitted in Live.</summary>
    /// <value>None by default; Live needs one.</value>
    public string[] Countries { get; set; } = [];
}

public sealed class CountryOptionsValidator : IValidateOptions<CountryOptions>
{
    public ValidateOptionsResult Validate(string? name, CountryOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var problem in options.Countries.Select(ProblemOf).OfType<string>())
        {
            result.AddError(problem);
        }
        return result.Build();
    }

    private static string? ProblemOf(string country) =>
        NumberPlan.Countries.Contains(country) ? null
        : country == "UK" ? "Countersign:Countries has UK; the United Kingdom's ISO code is GB."
        : NumberPlan.Countries.Contains(country.ToUpperInvariant())
            ? $"Countersign:Countries must be written in capitals: {country.ToUpperInvariant()}."
        : "Countersign:Countries must hold ISO 3166 codes of two letters of countries with telephone numbers (US, GB, DE).";
}
