using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.OpenApi;

/// <summary>
/// Holds the query of a call to what its operation promises: a parameter that is misspelt must not pass for one that was kept to.
/// </summary>
internal static class ClosedQuery
{
    /// <summary>Refuses, in a query that is read, what the operation of the call does not have.</summary>
    public static void CloseQuery(this RequestMembers query, HttpContext context) => query.Close(NamesOf(context));

    /// <summary>What is wrong with the query of a call that is read from elsewhere; null for nothing.</summary>
    public static Fault? FaultOf(HttpContext context)
    {
        if (context.Request.Query.Count == 0)
        {
            return null;
        }
        if (!RequestBody.OfQuery(context.Request.Query).Is(out var query, out var fault))
        {
            return fault;
        }
        using (query)
        {
            query.CloseQuery(context);
            return query.Fault;
        }
    }

    private static string[] NamesOf(HttpContext context) =>
    [
        .. (context.GetEndpoint()?.Metadata.GetMetadata<Operation>()?.Parameters ?? [])
            .Where(parameter => parameter.In == "query").Select(parameter => parameter.Name),
    ];
}
