using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Live;

namespace Countersign.Providers.Texts;

/// <summary>A way that texts take (<c>Countersign:TextRoutes:0</c> and so on). The first that names a number's country is taken, else the first for all.</summary>
public sealed class TextRouteOptions
{
    private const string EveryOther = "*";

    /// <summary>Countries whose numbers go this way (ISO 3166-1 alpha-2, upper case), or <c>*</c> for every one that no route names.</summary>
    public string[] Countries { get; set; } = [];

    /// <summary>Names under <c>Countersign:Gateways</c>, the preferred first.</summary>
    public string[] Gateways { get; set; } = [];

    /// <summary>Name (at most 11 characters), number or short code from which the texts come.</summary>
    /// <value>Each gateway's own by default.</value>
    public string? Sender { get; set; }

    /// <summary>The country whose numbers are admitted and would be sent nothing; null when there is none, or no route at all.</summary>
    public static string? WithoutRoute(IReadOnlyList<TextRouteOptions> routes, IEnumerable<string> admitted)
    {
        var named = routes.SelectMany(route => route.Countries).ToHashSet(StringComparer.Ordinal);
        return routes.Count == 0 || named.Contains(EveryOther) ? null : admitted.FirstOrDefault(country => !named.Contains(country));
    }

    /// <summary>Says what is wrong with the routes, or nothing.</summary>
    /// <exception cref="ConfigurationException">They cannot be followed; the message says what to change.</exception>
    public static void Check(IReadOnlyList<TextRouteOptions> routes)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, route) in routes.Index())
        {
            var place = $"Countersign:TextRoutes:{index}";
            if (route.Countries.Length == 0)
            {
                throw new ConfigurationException(
                    $"{place}:Countries is empty. Name countries by their two letters ({place}:Countries:0=US), or write * for every country that no route names.");
            }
            if (route.Countries.Contains("UK", StringComparer.Ordinal))
            {
                throw new ConfigurationException($"{place}:Countries holds UK; the United Kingdom's ISO code is GB.");
            }
            if (Array.Find(route.Countries, country => country != EveryOther && !NumberPlan.Countries.Contains(country)) is { } odd)
            {
                throw new ConfigurationException($"{place}:Countries holds '{odd}'. Write the two capital letters of ISO 3166 (US, GB, DE), or * for every other country.");
            }
            if (Array.Find(route.Countries, country => !named.Add(country)) is { } twice)
            {
                throw new ConfigurationException($"{place}:Countries holds {twice}, which stands in an earlier route or twice. Leave each country in one place.");
            }
            if (route.Gateways.Length == 0)
            {
                throw new ConfigurationException($"{place}:Gateways is empty. Name at least one gateway of Countersign:Gateways ({place}:Gateways:0=<name>).");
            }
            if (route.Gateways.Distinct(StringComparer.Ordinal).Count() < route.Gateways.Length)
            {
                throw new ConfigurationException($"{place}:Gateways names a gateway twice. Name each once, in the order in which they are to be tried.");
            }
            if (route.Sender is { } sender && !SenderId.IsValid(sender))
            {
                throw new ConfigurationException($"{place}:Sender {SenderId.Rule}");
            }
        }
    }
}
