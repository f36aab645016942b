using Countersign.Core.Administration;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

internal static class AdminRoutes
{
    private const string Projects = AdminEndpoint.Prefix + "/projects";
    private const string Flows = AdminEndpoint.Prefix + "/flows";
    private const string Statistics = AdminEndpoint.Prefix + "/statistics";
    private const string Audit = AdminEndpoint.Prefix + "/audit";
    private const string Abuse = AdminEndpoint.Prefix + "/abuse";
    private const string Keys = AdminEndpoint.Prefix + "/keys";
    private const string StoreKeys = AdminEndpoint.Prefix + "/encryption-keys";
    private const string Clients = Projects + "/{id}/clients";
    private const string Webhooks = Projects + "/{id}/webhooks";
    private const string OneWebhook = Webhooks + "/{" + WebhookAnswers.PathName + "}";

    public static IServiceCollection AddAdmin(this IServiceCollection services) => services
        .AddSingleton<AdminKeys>()
        .AddSingleton<OnlyProjects>()
        .AddAudit()
        .AddBearer<AdminKeyAuthentication>(AdminKeyAuthentication.Scheme)
        .AddSingleton<TextReports>()
        .AddSingleton<ProjectAnswers>()
        .AddSingleton<ClientAnswers>()
        .AddSingleton<ShowServer>()
        .AddSingleton<ShowDoctor>()
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
        .AddSingleton<ListAdminFlows>()
        .AddSingleton<FindAdminFlows>()
        .AddSingleton<ShowAdminFlow>()
        .AddSingleton<ExportScenario>()
        .AddSingleton<RunScenario>()
        .AddSingleton<ShowAdminStatistics>()
        .AddSingleton<ListKeys>()
        .AddSingleton<CreateKey>()
        .AddSingleton<EndKey>()
        .AddSingleton<EncryptionKeys>()
        .AddSingleton<ListEncryptionKeys>()
        .AddSingleton<RotateEncryptionKey>()
        .AddSingleton<RetireEncryptionKey>()
        .AddSingleton<TakeBackup>()
        .AddSingleton<ShowCaps>()
        .AddSingleton<ListSuppressions>()
        .AddSingleton<LiftSuppressions>()
        .AddSingleton<ShowBudget>()
        .AddSingleton<LiftBudget>()
        .AddSingleton<ListDevices>()
        .AddSingleton<RevokeDevices>()
        .AddSingleton<AbuseWords>()
        .AddSingleton<ListAbuse>()
        .AddSingleton<AllowAbuse>()
        .AddSingleton<DenyAbuse>()
        .AddSingleton<RunBacktest>()
        .AddSingleton<WebhookAnswers>()
        .AddSingleton<ListWebhooks>()
        .AddSingleton<CreateWebhook>()
        .AddSingleton<ShowWebhook>()
        .AddSingleton<ChangeWebhook>()
        .AddSingleton<RotateWebhook>()
        .AddSingleton<DeleteWebhook>()
        .AddSingleton<TestWebhook>()
        .AddSingleton<ReplayWebhook>()
        .AddSingleton<EraseData>()
        .AddSingleton<EraseLost>()
        .AddSingleton<ExportPerson>();

    public static void MapAdmin(this IEndpointRouteBuilder app)
    {
        app.MapGet(AdminEndpoint.Prefix + "/server", app.By<ShowServer>()).Describe(AdminOperations.Server).ForAnyKey();
        app.MapGet(AdminEndpoint.Prefix + "/doctor", app.By<ShowDoctor>()).Describe(DoctorOperations.Show)
            .ForAllProjects(AdminScope.Read);
        app.MapProjects();
        app.MapPersons();
        app.MapWebhooks();
        app.MapGet(AdminEndpoint.Prefix + "/caps", app.By<ShowCaps>()).Describe(CapOperations.Show).For(AdminScope.Read);
        app.MapPost(Abuse + "/list", app.By<ListAbuse>()).Describe(AbuseOperations.List).ForAllProjects(AdminScope.Abuse);
        app.MapPost(Abuse + "/allow", app.By<AllowAbuse>()).Describe(AbuseOperations.Allow).ForAllProjects(AdminScope.Abuse);
        app.MapPost(Abuse + "/deny", app.By<DenyAbuse>()).Describe(AbuseOperations.Deny).ForAllProjects(AdminScope.Abuse);
        app.MapPost(Abuse + "/backtest", app.By<RunBacktest>()).Describe(BacktestOperations.Run).ForAllProjects(AdminScope.Abuse);
        app.MapGet(Keys, app.By<ListKeys>()).Describe(KeyOperations.List).For(AdminScope.Keys);
        app.MapPost(Keys, app.By<CreateKey>()).Describe(KeyOperations.Create).On(ActTargets.NewAdminKey).For(AdminScope.Keys);
        app.MapDelete(Keys + "/{name}", app.By<EndKey>()).Describe(KeyOperations.End).On(ActTargets.AdminKey)
            .ForItselfOr(AdminScope.Keys, KeyMembers.Name);
        app.MapGet(StoreKeys, app.By<ListEncryptionKeys>()).Describe(EncryptionKeyOperations.List).ForAllProjects(AdminScope.Keys);
        app.MapPost(StoreKeys, app.By<RotateEncryptionKey>()).Describe(EncryptionKeyOperations.Rotate).On(ActTargets.NewEncryptionKey)
            .ForAllProjects(AdminScope.Keys);
        app.MapDelete(StoreKeys + "/{id}", app.By<RetireEncryptionKey>()).Describe(EncryptionKeyOperations.Retire)
            .On(ActTargets.EncryptionKey).ForAllProjects(AdminScope.Keys);
        app.MapPost(Audit + "/list", app.By<ListAudit>()).Describe(AuditOperations.List).ForAllProjects(AdminScope.Audit);
        app.MapGet(Audit + "/entries", app.By<ListAuditEntries>()).Describe(AuditOperations.Entries).ForAllProjects(AdminScope.Audit);
        app.MapGet(Audit + "/checkpoints", app.By<ListAuditCheckpoints>()).Describe(AuditOperations.Checkpoints)
            .ForAllProjects(AdminScope.Audit);
        app.MapGet(AdminEndpoint.Prefix + "/backup", app.By<TakeBackup>()).Describe(BackupOperations.Take)
            .ForAllProjects(AdminScope.Backup);
    }

    private static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton<ActWords>()
        .AddSingleton<ActStates>()
        .AddSingleton<AuditWords>()
        .AddSingleton<AdminAudit>()
        .AddSingleton<ListAudit>()
        .AddSingleton<ListAuditEntries>()
        .AddSingleton<ListAuditCheckpoints>();

    private static void MapProjects(this IEndpointRouteBuilder app)
    {
        app.MapGet(Projects, app.By<ListProjects>()).Describe(ProjectOperations.List).For(AdminScope.Read, AdminScope.Projects);
        app.MapPost(Projects, app.By<CreateProject>()).Describe(ProjectOperations.Create).On(ActTargets.NewProject)
            .For(AdminScope.Projects);
        app.MapGet(Projects + "/{id}", app.By<ShowProject>()).Describe(ProjectOperations.Show).For(AdminScope.Read, AdminScope.Projects);
        app.MapPatch(Projects + "/{id}", app.By<ChangeProject>()).Describe(ProjectOperations.Change).On(ActTargets.Project)
            .For(AdminScope.Projects);
        app.MapDelete(Projects + "/{id}", app.By<DeleteProject>()).Describe(ProjectOperations.Delete).On(ActTargets.Project)
            .For(AdminScope.Projects);
        app.MapGet(Clients, app.By<ListClients>()).Describe(ClientOperations.List).For(AdminScope.Read, AdminScope.Projects);
        app.MapPost(Clients, app.By<CreateClient>()).Describe(ClientOperations.Create).On(ActTargets.NewClient).For(AdminScope.Projects);
        app.MapPatch(Clients + "/{clientId}", app.By<ChangeClient>()).Describe(ClientOperations.Change).On(ActTargets.Client)
            .For(AdminScope.Projects);
        app.MapPost(Clients + "/{clientId}/rotate", app.By<RotateClient>()).Describe(ClientOperations.Rotate).On(ActTargets.Client)
            .For(AdminScope.Projects);
        app.MapDelete(Clients + "/{clientId}", app.By<DeleteClient>()).Describe(ClientOperations.Delete).On(ActTargets.Client)
            .For(AdminScope.Projects);
    }

    private static void MapPersons(this IEndpointRouteBuilder app)
    {
        app.MapGet(Flows, app.By<ListAdminFlows>()).Describe(FlowOperations.List).For(AdminScope.Support);
        app.MapPost(Flows + "/find", app.By<FindAdminFlows>()).Describe(FlowOperations.Find).For(AdminScope.Support);
        app.MapGet(Flows + "/{correlationId}", app.By<ShowAdminFlow>()).Describe(FlowOperations.Show).On(ActTargets.Flow)
            .For(AdminScope.Support);
        app.MapGet(Flows + "/{correlationId}/scenario", app.By<ExportScenario>()).Describe(ScenarioOperations.Export)
            .On(ActTargets.Flow).For(AdminScope.Support);
        app.MapPost(AdminEndpoint.Prefix + "/scenarios/run", app.By<RunScenario>()).Describe(ScenarioOperations.Run)
            .For(AdminScope.Support);
        app.MapGet(Statistics, app.By<ShowAdminStatistics>()).Describe(FlowOperations.Statistics).For(AdminScope.Read);
        app.MapPost(AdminEndpoint.Prefix + "/suppressions/list", app.By<ListSuppressions>()).Describe(SuppressionOperations.List)
            .ForAllProjects(AdminScope.Support);
        app.MapPost(AdminEndpoint.Prefix + "/suppressions/lift", app.By<LiftSuppressions>()).Describe(SuppressionOperations.Lift)
            .ForAllProjects(AdminScope.Support);
        app.MapPost(AdminEndpoint.Prefix + "/budget/show", app.By<ShowBudget>()).Describe(BudgetOperations.Show)
            .ForAllProjects(AdminScope.Support);
        app.MapPost(AdminEndpoint.Prefix + "/budget/lift", app.By<LiftBudget>()).Describe(BudgetOperations.Lift)
            .ForAllProjects(AdminScope.Support);
        app.MapPost(AdminEndpoint.Prefix + "/devices/list", app.By<ListDevices>()).Describe(DevicesOperations.List).For(AdminScope.Support);
        app.MapPost(AdminEndpoint.Prefix + "/devices/revoke", app.By<RevokeDevices>()).Describe(DevicesOperations.Revoke)
            .For(AdminScope.Support);
        app.MapPost(AdminEndpoint.Prefix + "/person/export", app.By<ExportPerson>()).Describe(ErasureOperations.Export)
            .ForAllProjects(AdminScope.Disclose);
        app.MapPost(AdminEndpoint.Prefix + "/erasures", app.By<EraseData>()).Describe(ErasureOperations.Erase).On(ActTargets.Erasure)
            .ForAllProjects(AdminScope.Erase);
        app.MapPost(AdminEndpoint.Prefix + "/erasures/lost", app.By<EraseLost>()).Describe(ErasureOperations.Lost)
            .ForAllProjects(AdminScope.Erase);
    }

    private static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        app.MapGet(Webhooks, app.By<ListWebhooks>()).Describe(WebhookOperations.List).For(AdminScope.Read, AdminScope.Projects);
        app.MapPost(Webhooks, app.By<CreateWebhook>()).Describe(WebhookOperations.Create).On(ActTargets.NewWebhook)
            .For(AdminScope.Projects);
        app.MapGet(OneWebhook, app.By<ShowWebhook>()).Describe(WebhookOperations.Show).For(AdminScope.Read, AdminScope.Projects);
        app.MapPatch(OneWebhook, app.By<ChangeWebhook>()).Describe(WebhookOperations.Change).On(ActTargets.Webhook)
            .For(AdminScope.Projects);
        app.MapDelete(OneWebhook, app.By<DeleteWebhook>()).Describe(WebhookOperations.Delete).On(ActTargets.Webhook)
            .For(AdminScope.Projects);
        app.MapPost(OneWebhook + "/rotate", app.By<RotateWebhook>()).Describe(WebhookOperations.Rotate).On(ActTargets.Webhook)
            .For(AdminScope.Projects);
        app.MapPost(OneWebhook + "/test", app.By<TestWebhook>()).Describe(WebhookOperations.Test).On(ActTargets.Webhook)
            .For(AdminScope.Projects);
        app.MapPost(OneWebhook + "/replay", app.By<ReplayWebhook>()).Describe(WebhookOperations.Replay).On(ActTargets.Webhook)
            .For(AdminScope.Projects);
    }
}
