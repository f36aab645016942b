using Countersign.Core.Administration;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin.Records;

internal static class RecordRoutes
{
    private const string Records = AdminEndpoint.Prefix + "/records/";

    public static IServiceCollection AddRecordCalls(this IServiceCollection services) => services
        .AddSingleton<BeginImport>()
        .AddSingleton<EndImport>()
        .AddSingleton<TakeLines>()
        .AddSingleton<ListSources>()
        .AddSingleton<RemoveRecords>();

    public static void MapRecords(this IEndpointRouteBuilder app)
    {
        app.MapPost(Records + "imports", app.By<BeginImport>()).Describe(RecordOperations.Begin).ForAllProjects(AdminScope.Records);
        app.MapGet(Records + "imports/{id}", app.By<EndImport>(it => it.Show)).Describe(RecordOperations.Show)
            .ForAllProjects(AdminScope.Read, AdminScope.Records);
        app.MapDelete(Records + "imports/{id}", app.By<EndImport>(it => it.Abort)).Describe(RecordOperations.Abort)
            .ForAllProjects(AdminScope.Records);
        app.MapPost(Records + "imports/{id}/lines", app.By<TakeLines>()).Describe(RecordOperations.Take).ForAllProjects(AdminScope.Records);
        app.MapPost(Records + "imports/{id}/commit", app.By<EndImport>(it => it.Commit)).Describe(RecordOperations.Commit)
            .ForAllProjects(AdminScope.Records);
        app.MapGet(Records + "sources", app.By<ListSources>()).Describe(RecordOperations.Sources)
            .ForAllProjects(AdminScope.Read, AdminScope.Records);
        app.MapPost(Records + "remove", app.By<RemoveRecords>()).Describe(RecordOperations.Remove).ForAllProjects(AdminScope.Records);
    }
}
