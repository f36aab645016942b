using Countersign.Core;

namespace Countersign.Providers.Camara;

/// <summary>Who is asked what has lately happened to a number (<c>Countersign:RiskSources:0</c> and so on). All are asked; a yes of one counts.</summary>
public sealed class RiskSourceOptions
{
    /// <value>camara.</value>
    public string Type { get; set; } = "camara";

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

    /// <param name="at">Where it stands in the configuration.</param>
    /// <exception cref="ConfigurationException">It cannot work as configured.</exception>
    public void Check(string at, IReadOnlyCollection<string> operators)
    {
        if (Type != "camara")
        {
            throw new ConfigurationException($"{at}:Type must be camara: it is the only kind of risk source there is.");
        }
        if (Operator is null || !operators.Contains(Operator, StringComparer.Ordinal))
        {
            throw new ConfigurationException(
                $"{at}:Operator must be the name of one of Countersign:Operators ({(operators.Count == 0 ? "there is none" : string.Join(", ", operators))}).");
        }
        if (VeryShortTenure < TimeSpan.FromDays(1) || ShortTenure < VeryShortTenure || ShortTenure > TimeSpan.FromDays(3650))
        {
            throw new ConfigurationException($"{at}:VeryShortTenure must be at least one day and ShortTenure no shorter than that, at most 3650 days.");
        }
    }
}
