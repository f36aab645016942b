using Microsoft.Extensions.Options;

namespace Countersign.Providers.Camara;

/// <summary>Who is asked in Live what has lately happened to a number (<c>Countersign:RiskSources</c>).</summary>
public sealed class RiskSourcesOptions
{
    /// <value>Nobody by default.</value>
    public List<RiskSourceOptions> RiskSources { get; } = [];
}

/// <summary>One of them (<c>Countersign:RiskSources:0</c> and so on). All are asked; a yes of one counts.</summary>
public sealed class RiskSourceOptions
{
    internal const string Camara = "camara";

    /// <value>camara.</value>
    public string Type { get; set; } = Camara;

    /// <summary>Name of one of <c>Countersign:Operators</c>.</summary>
    public string? Operator { get; set; }

    /// <value>True by default.</value>
    public bool SimSwap { get; set; } = true;

    /// <summary>Whether the number has gone to somebody else since it was last verified here, by the same project.</summary>
    /// <value>True by default.</value>
    public bool Recycling { get; set; } = true;

    /// <value>True by default.</value>
    public bool Tenure { get; set; } = true;

    /// <summary>A subscriber of fewer days has a very short tenure.</summary>
    /// <value>7 days by default.</value>
    public TimeSpan VeryShortTenure { get; set; } = TimeSpan.FromDays(7);

    /// <summary>A subscriber of fewer days has a short tenure.</summary>
    /// <value>30 days by default.</value>
    public TimeSpan ShortTenure { get; set; } = TimeSpan.FromDays(30);
}

/// <param name="operators">The operators there are; null where it is not known.</param>
/// <param name="isUnread">Tells of a setting's path that it could not be read.</param>
public sealed class RiskSourcesOptionsValidator(IReadOnlyCollection<string>? operators, Predicate<string> isUnread)
    : IValidateOptions<RiskSourcesOptions>
{
    public ValidateOptionsResult Validate(string? name, RiskSourcesOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var (index, source) in options.RiskSources.Index())
        {
            var at = $"Countersign:RiskSources:{index}";
            if (source.Type != RiskSourceOptions.Camara)
            {
                result.AddError($"{at}:Type must be camara: it is the only kind of risk source there is.");
            }
            if (operators is not null && (source.Operator is null || !operators.Contains(source.Operator, StringComparer.Ordinal)))
            {
                result.AddError(MobileOperatorsOptions.UnknownName(at, operators));
            }
            var isOrderKnown = !isUnread($"{at}:{nameof(source.ShortTenure)}") && !isUnread($"{at}:{nameof(source.VeryShortTenure)}");
            if (source.VeryShortTenure < TimeSpan.FromDays(1) || (isOrderKnown && source.ShortTenure < source.VeryShortTenure)
                || source.ShortTenure > TimeSpan.FromDays(3650))
            {
                result.AddError($"{at}:VeryShortTenure must be at least one day and ShortTenure no shorter than that, at most 3650 days.");
            }
        }
        return result.Build();
    }
}
