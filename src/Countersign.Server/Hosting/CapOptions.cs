using Countersign.Core.Money;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <summary>
/// How much texts may cost (<c>Countersign:Caps</c> for the whole server, <c>Countersign:Projects:&lt;id&gt;:Caps</c> for a project).
/// </summary>
internal sealed class CapOptions
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "Caps";

    /// <summary>In a calendar day, in UTC.</summary>
    /// <value>None by default; more than 0, at most <see cref="Amounts.Max"/>, with at most six places.</value>
    public decimal? PerDay { get; set; }

    /// <summary>In a calendar month, in UTC.</summary>
    /// <value>None by default; at least <see cref="PerDay"/>.</value>
    public decimal? PerMonth { get; set; }

    /// <summary>That of the prices (ISO 4217).</summary>
    /// <value>None by default; required with an amount.</value>
    public string? Currency { get; set; }

    /// <summary>Null when nothing is set.</summary>
    public Caps? ToCaps() =>
        PerDay is null && PerMonth is null && Currency is null ? null : new Caps(PerDay, PerMonth, Currency ?? "");
}

/// <param name="rules">Say what caps may be.</param>
internal sealed class CapOptionsValidator(CapRules rules) : IValidateOptions<CapOptions>
{
    public ValidateOptionsResult Validate(string? name, CapOptions options) =>
        options.ToCaps() is { } caps && rules.ProblemOf(caps) is { } problem
            ? ValidateOptionsResult.Fail($"Countersign:{CapOptions.Section} {problem}.")
            : ValidateOptionsResult.Success;
}
