using Countersign.Core;
using Countersign.Core.History;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.OpenApi;

/// <summary>The filters of a list of flows where they stand in a query.</summary>
internal static class FlowParameters
{
    public static Parameter[] All { get; } =
    [
        Parameter.InQuery(FlowFilters.From, "2026-01-01"),
        Parameter.InQuery(FlowFilters.To, "2026-02-01"),
        Parameter.InQuery(FlowFilters.End, FlowEnd.Matched),
        Parameter.InQuery(FlowFilters.Reason, FlowReason.NoGateway),
        Parameter.InQuery(FlowFilters.Product, Products.WordOf(Product.VerifiedUsers)),
        Parameter.InQuery(FlowFilters.State, "ended"),
        Parameter.InQuery(FlowFilters.Limit, FlowFilters.DefaultLimit),
        Parameter.InQuery(FlowFilters.Cursor, "AZqz8FwefSqbZD-OLHHQWg"),
    ];
}
