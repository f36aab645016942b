using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

internal static class AdminRoutes
{
    private const string Projects = AdminEndpoint.Prefix + "/projects";
    private const string Clients = Projects + "/{id}/clients";

    public static IServiceCollection AddAdmin(this IServiceCollection services) => services
        .AddSingleton<AdminKeys>()
        .AddBearer<AdminKeyAuthentication>(AdminKeyAuthentication.Scheme)
        .AddSingleton<TextReports>()
        .AddSingleton<ProjectAnswers>()
        .AddSingleton<ClientAnswers>()
        .AddSingleton<ShowServer>()
        .AddSingleton<ListProjects>()
        .AddSingleton<CreateProject>()
        .AddSingleton<ShowProject>()
        .AddSingleton<ChangeProject>()
        .AddSingleton<DeleteProject>()
        .AddSingleton<ListClients>()
        .AddSingleton<CreateClient>()
        .AddSingleton<ChangeClient>()
        .AddSingleton<RotateClient>()
        .AddSingleton<DeleteClient>()
        .AddSingleton<FindAdminFlows>()
        .AddSingleton<ShowAdminFlow>()
        .AddSingleton<ListSuppressions>()
        .AddSingleton<LiftSuppressions>();

    public static void MapAdmin(this IEndpointRouteBuilder app)
    {
        app.MapGet(AdminEndpoint.Prefix + "/server", app.By<ShowServer>()).Describe(AdminOperations.Server);
        app.MapGet(Projects, app.By<ListProjects>()).Describe(ProjectOperations.List);
        app.MapPost(Projects, app.By<CreateProject>()).Describe(ProjectOperations.Create);
        app.MapGet(Projects + "/{id}", app.By<ShowProject>()).Describe(ProjectOperations.Show);
        app.MapPatch(Projects + "/{id}", app.By<ChangeProject>()).Describe(ProjectOperations.Change);
        app.MapDelete(Projects + "/{id}", app.By<DeleteProject>()).Describe(ProjectOperations.Delete);
        app.MapGet(Clients, app.By<ListClients>()).Describe(ClientOperations.List);
        app.MapPost(Clients, app.By<CreateClient>()).Describe(ClientOperations.Create);
        app.MapPatch(Clients + "/{clientId}", app.By<ChangeClient>()).Describe(ClientOperations.Change);
        app.MapPost(Clients + "/{clientId}/rotate", app.By<RotateClient>()).Describe(ClientOperations.Rotate);
        app.MapDelete(Clients + "/{clientId}", app.By<DeleteClient>()).Describe(ClientOperations.Delete);
        app.MapPost(AdminEndpoint.Prefix + "/flows/find", app.By<FindAdminFlows>()).Describe(AdminOperations.FindFlows);
        app.MapGet(AdminEndpoint.Prefix + "/flows/{correlationId}", app.By<ShowAdminFlow>()).Describe(AdminOperations.Flow);
        app.MapPost(AdminEndpoint.Prefix + "/suppressions/list", app.By<ListSuppressions>()).Describe(SuppressionOperations.List);
        app.MapPost(AdminEndpoint.Prefix + "/suppressions/lift", app.By<LiftSuppressions>()).Describe(SuppressionOperations.Lift);
    }
}
