namespace Countersign.Core.Money;

/// <summary>What texts cost, and what those of the whole server may cost.</summary>
/// <param name="Prices">Null without a price list: then nothing can be held to a cap, and a text that has one is not sent.</param>
/// <param name="Caps">Null where the whole server has none.</param>
public sealed record ServerCaps(PriceList? Prices, Caps? Caps)
{
    public override string ToString() => $"{Caps}";
}

/// <summary>What caps may be set to, by the prices that there are.</summary>
/// <param name="Prices">Null without a price list.</param>
public sealed record CapRules(PriceList? Prices)
{
    public static CapRules None { get; } = new(Prices: null);

    /// <summary>False where there is a list that could not be read: then caps are not judged.</summary>
    public bool AreKnown { get; init; } = true;

    /// <summary>Those that must have a price, since a text may go by each of them; empty before it is known which there are.</summary>
    public IReadOnlyCollection<string> Gateways { get; init; } = [];

    /// <summary>Says what is wrong with caps, or null.</summary>
    public string? ProblemOf(Caps caps) =>
        !AreKnown ? null
        : Prices is not { } prices ? "need prices: name a price list in Countersign:Prices"
        : Unpriced(Gateways).FirstOrDefault() is { } lacking
            ? $"need a price of each gateway: Countersign:Prices has none of {lacking}, and texts by it could not be sent"
        : (caps.PerDay ?? caps.PerMonth) is null ? "must have an amount a day or a month, or both"
        : ProblemOf(caps.PerDay) ?? ProblemOf(caps.PerMonth)
            ?? (caps.PerMonth < caps.PerDay ? "must not have more a day than a month" : null)
            ?? (caps.Currency == prices.Currency ? null
                : $"must be in the currency of the prices of Countersign:Prices, {prices.Currency}");

    /// <summary>Says what is wrong between the list and the gateways that there are.</summary>
    /// <param name="mustHaveAll">There are caps: a gateway without a price could not be held to them.</param>
    public IEnumerable<string> ProblemsWith(IReadOnlyCollection<string> gateways, bool mustHaveAll)
    {
        if (Prices is not { } prices)
        {
            yield break;
        }
        var known = string.Join(", ", gateways);
        foreach (var stranger in prices.Gateways.Select(name => name.ToString()).Except(gateways, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal))
        {
            yield return $"Countersign:Prices has prices of {stranger}, which is not configured. Known gateways: {known}.";
        }
        foreach (var lacking in mustHaveAll ? Unpriced(gateways) : [])
        {
            yield return $"Countersign:Prices has no price of the gateway {lacking}, so that no cap could be kept. "
                + "Add one for at least one country.";
        }
    }

    /// <summary>Gateways of which the list has no price; all of them where there is none.</summary>
    public IEnumerable<string> Unpriced(IEnumerable<string> gateways) =>
        gateways.Except(Prices?.Gateways.Select(name => name.ToString()) ?? [], StringComparer.Ordinal);

    private static string? ProblemOf(decimal? amount) =>
        amount is { } one && (one <= 0 || one > Amounts.Max || !Amounts.IsExact(one))
            ? "must be more than 0 and at most 1000000000, with at most six places"
            : null;

    public override string ToString() => nameof(CapRules);
}
