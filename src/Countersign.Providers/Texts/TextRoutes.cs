using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Providers.Texts;

/// <summary>The routes of the configuration. With one gateway and no route, all texts go through that one.</summary>
internal sealed class TextRoutes : ITextRoutes
{
    private readonly Dictionary<string, TextRoute> _routes;
    private readonly INumberPlan _plan;

    /// <exception cref="ConfigurationException">The routes and the gateways do not fit together.</exception>
    public TextRoutes(IReadOnlyList<TextRouteOptions> routes, ITextGateways gateways, INumberPlan plan)
    {
        _plan = plan;
        ConfigurationException.ThrowIfAny(TextRoutesOptions.ProblemsWith(routes, [.. gateways.Names.Select(name => name.ToString())]));
        _routes = routes.Count == 0
            ? new(StringComparer.Ordinal) { [TextRouteOptions.EveryOther] = new TextRoute(gateways.Names) }
            : routes.SelectMany(route => route.Countries, (route, country) => (route, country))
                .ToDictionary(
                    pair => pair.country, pair => new TextRoute([.. pair.route.Gateways.Select(GatewayName.Parse)], pair.route.Sender),
                    StringComparer.Ordinal);
    }

    public TextRoute? For(PhoneNumber to)
    {
        var others = _routes.GetValueOrDefault(TextRouteOptions.EveryOther);
        // Where one route is for all, nobody needs to know the country.
        return _routes.Count == 1 && others is not null ? others
            : _plan.CountryOf(to) is { } country && _routes.TryGetValue(country, out var own) ? own
            : others;
    }
}
