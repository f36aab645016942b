using Countersign.Core.Texts;
using Countersign.Providers.Numbers;
using Microsoft.Extensions.Options;

namespace Countersign.Providers.Texts;

/// <summary>Which gateways carry the texts to which country (<c>Countersign:TextRoutes</c>).</summary>
public sealed class TextRoutesOptions
{
    internal const string NoGateway =
        "No text gateway is configured, so no code and no link could be sent. Configure one under Countersign:Gateways:<name> "
            + "(docs/gateways.md).";

    /// <value>Empty by default: the one gateway that is configured carries all.</value>
    public List<TextRouteOptions> TextRoutes { get; } = [];

    /// <summary>The country whose numbers are admitted and would be sent nothing; null when there is none, or no route at all.</summary>
    public string? WithoutRoute(IEnumerable<string> admitted)
    {
        var named = TextRoutes.SelectMany(route => route.Countries).ToHashSet(StringComparer.Ordinal);
        return TextRoutes.Count == 0 || named.Contains(TextRouteOptions.EveryOther)
            ? null
            : admitted.FirstOrDefault(country => !named.Contains(country));
    }

    /// <summary>What does not fit together between the routes and the gateways there are, each in a sentence.</summary>
    public static IEnumerable<string> ProblemsWith(IReadOnlyList<TextRouteOptions> routes, IReadOnlyList<string> gateways)
    {
        if (gateways.Count == 0)
        {
            yield return NoGateway;
            yield break;
        }
        var known = string.Join(", ", gateways);
        foreach (var (index, route) in routes.Index())
        {
            foreach (var unknown in route.Gateways.Except(gateways, StringComparer.Ordinal))
            {
                yield return $"Countersign:TextRoutes:{index}:Gateways names {unknown}, which is not configured. Known gateways: {known}.";
            }
        }
        if (routes.Count == 0 && gateways.Count > 1)
        {
            yield return $"Several text gateways are configured ({known}) and no route says which is for whom. "
                + "Set Countersign:TextRoutes:0:Countries:0=* and Countersign:TextRoutes:0:Gateways:0 and so on to their "
                + "names, the preferred first.";
        }
    }
}

/// <summary>
/// A way that texts take (<c>Countersign:TextRoutes:0</c> and so on). The first that names a number's country is taken, else the
/// first for all.
/// </summary>
public sealed class TextRouteOptions
{
    internal const string EveryOther = "*";

    /// <summary>
    /// Countries whose numbers go this way (ISO 3166-1 alpha-2, upper case), or <c>*</c> for every one that no route names.
    /// </summary>
    public string[] Countries { get; set; } = [];

    /// <summary>Names under <c>Countersign:Gateways</c>, the preferred first.</summary>
    public string[] Gateways { get; set; } = [];

    /// <summary>Name (at most 11 characters), number or short code from which the texts come.</summary>
    /// <value>Each gateway's own by default.</value>
    public string? Sender { get; set; }
}

public sealed class TextRoutesOptionsValidator : IValidateOptions<TextRoutesOptions>
{
    public ValidateOptionsResult Validate(string? name, TextRoutesOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, route) in options.TextRoutes.Index())
        {
            var place = $"Countersign:TextRoutes:{index}";
            CheckCountries(place, route.Countries, named, result);
            if (route.Gateways.Length == 0)
            {
                result.AddError($"{place}:Gateways is empty. Name at least one gateway of Countersign:Gateways "
                    + $"({place}:Gateways:0=<name>).");
            }
            if (route.Gateways.Distinct(StringComparer.Ordinal).Count() < route.Gateways.Length)
            {
                result.AddError($"{place}:Gateways names a gateway twice. Name each once, in the order in which they are to be tried.");
            }
            if (route.Sender is { } sender && !SenderId.IsValid(sender))
            {
                result.AddError($"{place}:Sender {SenderId.Rule}");
            }
        }
        return result.Build();
    }

    private static void CheckCountries(string place, string[] countries, HashSet<string> named, ValidateOptionsResultBuilder result)
    {
        if (countries.Length == 0)
        {
            result.AddError(
                $"{place}:Countries is empty. Name countries by their two letters ({place}:Countries:0=US), or write * for "
                    + "every country that no route names.");
        }
        foreach (var country in countries)
        {
            if (country == "UK")
            {
                result.AddError($"{place}:Countries holds UK; the United Kingdom's ISO code is GB.");
            }
            else if (country != TextRouteOptions.EveryOther && !NumberPlan.Countries.Contains(country))
            {
                result.AddError($"{place}:Countries holds '{country}'. Write the two capital letters of ISO 3166 (US, GB, DE), "
                    + "or * for every other country.");
            }
            else if (!named.Add(country))
            {
                result.AddError($"{place}:Countries holds {country}, which stands in an earlier route or twice. Leave each "
                    + "country in one place.");
            }
        }
    }
}
