using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Providers.Texts;

/// <summary>The routes of the configuration. With one gateway and no route, all texts go through that one.</summary>
internal sealed class TextRoutes : ITextRoutes
{
    private const string EveryOther = "*";

    private readonly Dictionary<string, TextRoute> _routes;
    private readonly INumberPlan _plan;

    public TextRoutes(ProviderOptions options, ITextGateways gateways, INumberPlan plan)
    {
        _plan = plan;
        var known = string.Join(", ", gateways.Names);
        foreach (var (index, route) in options.TextRoutes.Index())
        {
            if (Array.Find(route.Gateways, name => !gateways.Names.Contains(name, StringComparer.Ordinal)) is { } unknown)
            {
                throw new ConfigurationException($"Countersign:TextRoutes:{index}:Gateways names {unknown}, which is not configured. Known gateways: {known}.");
            }
        }
        if (options.TextRoutes.Count == 0 && gateways.Names.Count > 1)
        {
            throw new ConfigurationException(
                $"Several text gateways are configured ({known}) and no route says which is for whom. "
                    + "Set Countersign:TextRoutes:0:Countries:0=* and Countersign:TextRoutes:0:Gateways:0 and so on to their names, the preferred first.");
        }
        _routes = options.TextRoutes.Count == 0
            ? new(StringComparer.Ordinal) { [EveryOther] = new TextRoute(gateways.Names) }
            : options.TextRoutes.SelectMany(route => route.Countries, (route, country) => (route, country))
                .ToDictionary(pair => pair.country, pair => new TextRoute(pair.route.Gateways, pair.route.Sender), StringComparer.Ordinal);
    }

    public TextRoute? For(PhoneNumber to)
    {
        var others = _routes.GetValueOrDefault(EveryOther);
        // Where one route is for all, nobody needs to know the country.
        return _routes.Count == 1 && others is not null ? others
            : _plan.CountryOf(to) is { } country && _routes.TryGetValue(country, out var own) ? own
            : others;
    }
}
