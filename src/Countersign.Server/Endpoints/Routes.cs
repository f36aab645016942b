using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Admin.Records;
using Countersign.Server.Endpoints.Browser;
using Countersign.Server.Endpoints.Gateways;
using Countersign.Server.Endpoints.Http;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Server.Endpoints.Operators;
using Countersign.Server.Endpoints.Phone;
using Countersign.Server.Endpoints.RelyingParty;
using Countersign.Server.Endpoints.RelyingParty.OneCall;
using Countersign.Server.Endpoints.RelyingParty.Domains;
using Countersign.Server.Endpoints.RelyingParty.Identities;
using Countersign.Server.Endpoints.RelyingParty.PreFill;
using Countersign.Server.Endpoints.Sandbox;
using Countersign.Server.OpenApi;
using Countersign.Server.Pages;

namespace Countersign.Server.Endpoints;

/// <summary>Every address of this server, each with what it promises: the OpenAPI documents are made of that.</summary>
internal static class Routes
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    // A WebSocket over HTTP/2 begins with CONNECT (RFC 8441).
    private static readonly string[] GetOrConnect = [HttpMethods.Get, HttpMethods.Connect];

    public static void MapRelyingParty(this WebApplication app)
    {
        app.MapPost(Token.Path, Token.Endpoint).Describe(TokenOperation.Operation);
        app.MapPost("/v3/verify", Verify.Endpoint).Describe(VerifyOperation.Operation);
        app.MapPost("/v3/verify-status", VerifyStatus.Endpoint).Describe(VerifyStatusOperation.Operation);
        app.MapVerifyBatch();
        app.MapUnify();
        app.MapPreFill();
        app.MapIdentities();
        app.MapDomains();
        app.MapMethods("/.well-known/oauth-authorization-server", GetOrHead, Discovery.Metadata);
        app.MapMethods("/.well-known/jwks.json", GetOrHead, Discovery.Keys);
    }

    private static void MapVerifyBatch(this WebApplication app) =>
        app.MapPost("/v3/verify/batch", VerifyBatch.Endpoint).Describe(VerifyBatchOperation.Operation);

    private static void MapUnify(this WebApplication app)
    {
        app.MapPost("/v3/unify", Unify.Endpoint).Describe(UnifyOperation.Operation);
        app.MapPost("/v3/unify-status", UnifyStatus.Endpoint).Describe(UnifyStatusOperation.Operation);
        app.MapPost("/v3/unify-bind", UnifyBind.Endpoint).Describe(UnifyBindOperation.Operation);
        app.MapPost("/v3/device/revoke", DeviceRevoke.Endpoint).Describe(DeviceRevokeOperation.Operation);
    }

    private static void MapPreFill(this WebApplication app)
    {
        app.MapPost("/v3/start", Start.Endpoint).Describe(StartOperation.Operation);
        app.MapPost("/v3/validate", Validate.Endpoint).Describe(ValidateOperation.Operation);
        app.MapPost("/v3/challenge", Challenge.Endpoint).Describe(ChallengeOperation.Operation);
        app.MapPost("/v3/complete", Complete.Endpoint).Describe(CompleteOperation.Operation);
    }

    private static void MapIdentities(this WebApplication app)
    {
        const string identity = "/v3/identity";
        app.MapPost(identity, EnrolIdentity.Endpoint).Describe(IdentityOperations.Enrol);
        app.MapGet(identity, ListIdentities.Endpoint).Describe(IdentityOperations.List);
        app.MapPost(identity + "/batch", EnrolBatch.Endpoint).Describe(IdentityOperations.EnrolBatch);
        // Otherwise it would be read as the id of an identity.
        app.MapMethods(identity + "/batch", [HttpMethods.Get, HttpMethods.Delete], NoSuchMethod).ExcludeFromDescription();
        app.MapGet(identity + "/{mobileNumber}/lookup", LookUpIdentity.Endpoint).Describe(IdentityOperations.LookUp);
        app.MapGet(identity + "/{proveId}", ShowIdentity.Endpoint).Describe(IdentityOperations.Show);
        app.MapDelete(identity + "/{proveId}", ChangeIdentity.Remove).Describe(IdentityOperations.Remove);
        app.MapPost(identity + "/{proveId}/activate", ChangeIdentity.Activate).Describe(IdentityOperations.Activate);
        app.MapPost(identity + "/{proveId}/deactivate", ChangeIdentity.Deactivate).Describe(IdentityOperations.Deactivate);
        app.MapPost(identity + "/{identityId}/cross-domain", CrossDomain.Endpoint).Describe(IdentityOperations.CrossDomain);
        app.MapGet("/v3/discover", Discover.Endpoint).Describe(IdentityOperations.Discover);
        app.MapGet("/v3/fetch", Fetch.Endpoint).Describe(IdentityOperations.Fetch);
    }

    private static Task NoSuchMethod(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }

    private static void MapDomains(this WebApplication app)
    {
        const string domain = "/v3/domain/";
        app.MapPost(domain + "link", LinkDomain.Endpoint).Describe(DomainOperations.Link);
        app.MapPost(domain + "confirm-link", ConfirmLink.Endpoint).Describe(DomainOperations.ConfirmLink);
        app.MapPost(domain + "unlink", Unlink.Endpoint).Describe(DomainOperations.Unlink);
        app.MapGet(domain + "id", ShowDomain.Endpoint).Describe(DomainOperations.Id);
        app.MapGet(domain + "linked", ShowLinks.Endpoint).Describe(DomainOperations.Linked);
    }

    public static void MapBrowser(this WebApplication app)
    {
        const string client = "/v1/client/";
        app.MapPost(client + "mobile/instant/start", MobileAuthStart.Endpoint).Describe(BrowserOperations.MobileAuthStart);
        app.MapPost(client + "mobile/instant/finish", MobileAuthFinish.Endpoint).Describe(BrowserOperations.MobileAuthFinish);
        app.MapPost(client + "mobile/instant/error", MobileAuthError.Endpoint).Describe(BrowserOperations.MobileAuthError);
        app.MapPost(client + "mobile/otp/start", OtpStart.Endpoint).Describe(BrowserOperations.OtpStart);
        app.MapPost(client + "mobile/otp/finish", OtpFinish.Endpoint).Describe(BrowserOperations.OtpFinish);
        app.MapPost(client + "mobile/otp/error", OtpError.Endpoint).Describe(BrowserOperations.OtpError);
        app.MapPost(client + "mobile/instantlink/start", InstantLinkStart.Endpoint).Describe(BrowserOperations.InstantLinkStart);
        app.MapPost(client + "mobile/instantlink/error", InstantLinkError.Endpoint).Describe(BrowserOperations.InstantLinkError);
        app.MapMethods(client + "status", GetOrConnect, StatusSocket.Endpoint).Describe(BrowserOperations.Status);
        foreach (var path in NotOffered.Paths)
        {
            app.MapPost(client + path, NotOffered.Endpoint).Describe(BrowserOperations.NotOffered(path));
        }
        app.MapDevices(client);
        app.MapPasskeys(client + "device/fido2/");
        app.MapMethods("/sdk/countersign.js", GetOrHead, PageFile.Module("sdk/countersign.js"));
    }

    private static void MapDevices(this WebApplication app, string client)
    {
        // Published SDKs call the universal steps instead when their page asks for that; the key is the same.
        foreach (var kind in DeviceOperations.Kinds)
        {
            app.MapPost($"{client}device/{kind}/register", DeviceKeyRegister.Endpoint).Describe(DeviceOperations.Register(kind));
            app.MapPost($"{client}device/{kind}/verify", DeviceKeyVerify.Endpoint).Describe(DeviceOperations.Verify(kind));
            app.MapPost($"{client}device/{kind}/error", DeviceKeyError.Endpoint).Describe(DeviceOperations.Error(kind));
        }
        app.MapPost(client + "challenge", DeviceChallenge.Endpoint).Describe(DeviceOperations.Challenge);
        app.MapPost(client + "device/unregister", DeviceUnregister.Device).Describe(DeviceOperations.Unregister);
        app.MapPost(client + "stepup/unregister", DeviceUnregister.Passkeys).Describe(DeviceOperations.UnregisterPasskeys);
    }

    private static void MapPasskeys(this WebApplication app, string passkeys)
    {
        app.MapPost(passkeys + "start", PasskeyStart.Endpoint).Describe(PasskeyOperations.Start);
        app.MapPost(passkeys + "register/finish", PasskeyRegisterFinish.Endpoint).Describe(PasskeyOperations.RegisterFinish);
        app.MapPost(passkeys + "verify/finish", PasskeyVerifyFinish.Endpoint).Describe(PasskeyOperations.VerifyFinish);
        app.MapPost(passkeys + "error", PasskeyError.Endpoint).Describe(PasskeyOperations.Error);
    }

    /// <summary>What providers of text gateways call. It is described in docs/gateways.md, for those who set a gateway up.</summary>
    public static void MapGateways(this WebApplication app)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Post];
        app.MapMethods("/gateways/{name}/receipts/{token?}", methods, ReceiptsAndInbound.Receipts).ExcludeFromDescription();
        app.MapMethods("/gateways/{name}/inbound/{secret?}", methods, ReceiptsAndInbound.Inbound).ExcludeFromDescription();
    }

    public static void MapPhone(this WebApplication app)
    {
        // To the end of the path: what is appended to a link may have slashes of its own.
        const string link = Core.Possession.LinkAddress.Path + "{**token}";
        var failed = new FailurePage(LinkPage.ShowFailureAsync);
        app.MapMethods(link, GetOrHead, LinkPage.Open).WithMetadata(failed);
        app.MapPost(link, LinkPage.Press).WithMetadata(failed);
    }

    public static void MapAdmin(this WebApplication app)
    {
        const string projects = AdminEndpoint.Prefix + "/projects";
        const string clients = projects + "/{id}/clients";
        app.MapGet(AdminEndpoint.Prefix + "/server", ShowServer.Endpoint).Describe(AdminOperations.Server);
        app.MapGet(projects, ListProjects.Endpoint).Describe(ProjectOperations.List);
        app.MapPost(projects, CreateProject.Endpoint).Describe(ProjectOperations.Create);
        app.MapGet(projects + "/{id}", ShowProject.Endpoint).Describe(ProjectOperations.Show);
        app.MapPatch(projects + "/{id}", ChangeProject.Endpoint).Describe(ProjectOperations.Change);
        app.MapDelete(projects + "/{id}", DeleteProject.Endpoint).Describe(ProjectOperations.Delete);
        app.MapGet(clients, ListClients.Endpoint).Describe(ClientOperations.List);
        app.MapPost(clients, CreateClient.Endpoint).Describe(ClientOperations.Create);
        app.MapPost(clients + "/{clientId}/rotate", RotateClient.Endpoint).Describe(ClientOperations.Rotate);
        app.MapDelete(clients + "/{clientId}", DeleteClient.Endpoint).Describe(ClientOperations.Delete);
        app.MapPost(AdminEndpoint.Prefix + "/flows/find", FindAdminFlows.Endpoint).Describe(AdminOperations.FindFlows);
        app.MapGet(AdminEndpoint.Prefix + "/flows/{correlationId}", ShowAdminFlow.Endpoint).Describe(AdminOperations.Flow);
        app.MapPost(AdminEndpoint.Prefix + "/suppressions/list", ListSuppressions.Endpoint).Describe(SuppressionOperations.List);
        app.MapPost(AdminEndpoint.Prefix + "/suppressions/lift", LiftSuppressions.Endpoint).Describe(SuppressionOperations.Lift);
        app.MapRecords();
    }

    /// <summary>Only where operators are configured.</summary>
    public static void MapOperators(this WebApplication app)
    {
        if (app.Services.GetService<IOperatorCallbacks>() is not null)
        {
            app.MapGet("/operators/{name}/callback", OperatorCallback.Endpoint).ExcludeFromDescription();
            app.MapMethods("/operators/{name}/jwks.json", GetOrHead, OperatorKeys.Endpoint).ExcludeFromDescription();
        }
    }

    public static void MapSandbox(this WebApplication app)
    {
        app.MapGet("/sandbox/messages", Messages.Endpoint).Describe(SandboxOperations.Messages);
        app.MapPost("/sandbox/clock", MoveClock.Endpoint).Describe(SandboxOperations.Clock);
        app.MapPost("/sandbox/flows", BeginFlow.Endpoint).Describe(SandboxOperations.BeginFlow);
        app.MapGet("/sandbox/flows/{correlationId}", ShowFlow.Endpoint).Describe(SandboxOperations.ShowFlow);
        app.MapGet("/sandbox/users", Users.Endpoint).Describe(SandboxOperations.Users);
        app.MapGet("/sandbox/operator", ShowOperator.Endpoint).Describe(SandboxOperations.ShowOperator);
        app.MapMethods("/", GetOrHead, context =>
        {
            context.Response.Redirect("/sandbox");
            return Task.CompletedTask;
        }).ExcludeFromDescription();
        app.MapMethods("/sandbox", GetOrHead, PageFile.Page("sandbox/handset.html")).ExcludeFromDescription();
        app.MapMethods("/sandbox/landing", GetOrHead, PageFile.Page("sandbox/landing.html")).ExcludeFromDescription();
        app.MapMethods("/sandbox/handset.css", GetOrHead, PageFile.Of("sandbox/handset.css", "text/css")).ExcludeFromDescription();
        app.MapMethods("/sandbox/handset.js", GetOrHead, PageFile.Of("sandbox/handset.js", "text/javascript")).ExcludeFromDescription();
    }

    private static void MapRecords(this WebApplication app)
    {
        const string records = "/admin/records/";
        app.MapPost(records + "imports", BeginImport.Endpoint).Describe(RecordOperations.Begin);
        app.MapGet(records + "imports/{id}", EndImport.Show).Describe(RecordOperations.Show);
        app.MapDelete(records + "imports/{id}", EndImport.Abort).Describe(RecordOperations.Abort);
        app.MapPost(records + "imports/{id}/lines", TakeLines.Endpoint).Describe(RecordOperations.Take);
        app.MapPost(records + "imports/{id}/commit", EndImport.Commit).Describe(RecordOperations.Commit);
        app.MapGet(records + "sources", ListSources.Endpoint).Describe(RecordOperations.Sources);
        app.MapPost(records + "remove", RemoveRecords.Endpoint).Describe(RecordOperations.Remove);
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapMethods("/health", GetOrHead, Health.Alive);
        app.MapMethods("/health/ready", GetOrHead, Health.Ready);
    }
}
