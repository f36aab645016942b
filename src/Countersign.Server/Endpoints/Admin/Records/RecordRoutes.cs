using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin.Records;

internal static class RecordRoutes
{
    private const string Records = AdminEndpoint.Prefix + "/records/";

    public static void MapRecords(this IEndpointRouteBuilder app)
    {
        app.MapPost(Records + "imports", BeginImport.Endpoint).Describe(RecordOperations.Begin);
        app.MapGet(Records + "imports/{id}", EndImport.Show).Describe(RecordOperations.Show);
        app.MapDelete(Records + "imports/{id}", EndImport.Abort).Describe(RecordOperations.Abort);
        app.MapPost(Records + "imports/{id}/lines", TakeLines.Endpoint).Describe(RecordOperations.Take);
        app.MapPost(Records + "imports/{id}/commit", EndImport.Commit).Describe(RecordOperations.Commit);
        app.MapGet(Records + "sources", ListSources.Endpoint).Describe(RecordOperations.Sources);
        app.MapPost(Records + "remove", RemoveRecords.Endpoint).Describe(RecordOperations.Remove);
    }
}
