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
        .AddSingleton<SourceProjects>()
        .AddSingleton<ListSources>()
        .AddSingleton<AssignSource>()
        .AddSingleton<RemoveRecords>();

    public static void MapRecords(this IEndpointRouteBuilder app)
    {
        app.MapPost(Records + "imports", app.By<BeginImport>()).Describe(RecordOperations.Begin).On(ActTargets.NewImport)
            .For(AdminScope.Records);
        app.MapGet(Records + "imports/{id}", app.By<EndImport>(it => it.Show)).Describe(RecordOperations.Show)
            .For(AdminScope.Read, AdminScope.Records);
        app.MapDelete(Records + "imports/{id}", app.By<EndImport>(it => it.Abort)).Describe(RecordOperations.Abort).On(ActTargets.Import)
            .For(AdminScope.Records);
        app.MapPost(Records + "imports/{id}/lines", app.By<TakeLines>()).Describe(RecordOperations.Take).On(ActTargets.Import)
            .For(AdminScope.Records);
        app.MapPost(Records + "imports/{id}/commit", app.By<EndImport>(it => it.Commit)).Describe(RecordOperations.Commit)
            .On(ActTargets.Import).For(AdminScope.Records);
        app.MapGet(Records + "sources", app.By<ListSources>()).Describe(RecordOperations.Sources)
            .For(AdminScope.Read, AdminScope.Records);
        app.MapPost(Records + "assign", app.By<AssignSource>()).Describe(RecordOperations.Assign).On(ActTargets.Source)
            .ForAllProjects(AdminScope.Records);
        app.MapPost(Records + "remove", app.By<RemoveRecords>()).Describe(RecordOperations.Remove).ForAllProjects(AdminScope.Records);
    }
}
