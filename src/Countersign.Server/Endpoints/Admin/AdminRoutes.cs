using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

internal static class AdminRoutes
{
    private const string Projects = AdminEndpoint.Prefix + "/projects";
    private const string Clients = Projects + "/{id}/clients";

    public static IServiceCollection AddAdmin(this IServiceCollection services, AdminOptions options) => services
        .AddSingleton(options)
        .AddSingleton<AdminKeys>();

    public static void MapAdmin(this IEndpointRouteBuilder app)
    {
        app.MapGet(AdminEndpoint.Prefix + "/server", ShowServer.Endpoint).Describe(AdminOperations.Server);
        app.MapGet(Projects, ListProjects.Endpoint).Describe(ProjectOperations.List);
        app.MapPost(Projects, CreateProject.Endpoint).Describe(ProjectOperations.Create);
        app.MapGet(Projects + "/{id}", ShowProject.Endpoint).Describe(ProjectOperations.Show);
        app.MapPatch(Projects + "/{id}", ChangeProject.Endpoint).Describe(ProjectOperations.Change);
        app.MapDelete(Projects + "/{id}", DeleteProject.Endpoint).Describe(ProjectOperations.Delete);
        app.MapGet(Clients, ListClients.Endpoint).Describe(ClientOperations.List);
        app.MapPost(Clients, CreateClient.Endpoint).Describe(ClientOperations.Create);
        app.MapPost(Clients + "/{clientId}/rotate", RotateClient.Endpoint).Describe(ClientOperations.Rotate);
        app.MapDelete(Clients + "/{clientId}", DeleteClient.Endpoint).Describe(ClientOperations.Delete);
        app.MapPost(AdminEndpoint.Prefix + "/flows/find", FindAdminFlows.Endpoint).Describe(AdminOperations.FindFlows);
        app.MapGet(AdminEndpoint.Prefix + "/flows/{correlationId}", ShowAdminFlow.Endpoint).Describe(AdminOperations.Flow);
        app.MapPost(AdminEndpoint.Prefix + "/suppressions/list", ListSuppressions.Endpoint).Describe(SuppressionOperations.List);
        app.MapPost(AdminEndpoint.Prefix + "/suppressions/lift", LiftSuppressions.Endpoint).Describe(SuppressionOperations.Lift);
    }
}
