using Countersign.Core.History;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.OpenApi;

/// <summary>What is asked of the statistics, where it stands in a query.</summary>
internal static class StatisticsParameters
{
    public static Parameter[] All { get; } =
    [
        Parameter.InQuery(StatisticsFilters.By, StatisticsFilters.WordOf(CountedBy.Country)),
        Parameter.InQuery(StatisticsFilters.From, "2026-01-01"),
        Parameter.InQuery(StatisticsFilters.To, "2026-02-01"),
        Parameter.InQuery(StatisticsFilters.Limit, StatisticsFilters.DefaultLimit),
    ];
}
