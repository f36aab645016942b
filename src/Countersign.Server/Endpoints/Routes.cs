using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Admin.Records;
using Countersign.Server.Endpoints.Browser;
using Countersign.Server.Endpoints.Gateways;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.Operators;
using Countersign.Server.Endpoints.Phone;
using Countersign.Server.Endpoints.Probes;
using Countersign.Server.Endpoints.RelyingParty.Domains;
using Countersign.Server.Endpoints.RelyingParty.Identities;
using Countersign.Server.Endpoints.RelyingParty.OAuth;
using Countersign.Server.Endpoints.RelyingParty.OneCall;
using Countersign.Server.Endpoints.RelyingParty.PreFill;
using Countersign.Server.Endpoints.RelyingParty.Unification;
using Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;
using Countersign.Server.Pages;

namespace Countersign.Server.Endpoints;

/// <summary>
/// Every group of addresses of this server. A group stands in its folder with what it needs and what each of its addresses promises: the OpenAPI
/// documents are made of that.
/// </summary>
internal static class Routes
{
    public static IServiceCollection AddEndpoints(this IServiceCollection services, AdminOptions admin) => services
        .AddSingleton<RequestRate>()
        .AddSingleton<Idempotency>()
        .AddOAuth()
        .AddAdmin(admin)
        .AddProbes();

    /// <summary>What every server has.</summary>
    public static void MapEndpoints(this IEndpointRouteBuilder app)
    {
        app.MapOAuth();
        app.MapVerifiedUsers();
        app.MapOneCall();
        app.MapUnify();
        app.MapPreFill();
        app.MapIdentities();
        app.MapDomains();
        app.MapBrowser();
        app.MapMethods("/sdk/countersign.js", Methods.GetOrHead, PageFile.Module("sdk/countersign.js"));
        app.MapPhone();
        app.MapGateways();
        app.MapOperators();
        app.MapProbes();
    }

    public static void MapAdminApi(this IEndpointRouteBuilder app)
    {
        app.MapAdmin();
        app.MapRecords();
    }
}
