using Countersign.Core;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Admin.Records;
using Countersign.Server.Endpoints.Browser;
using Countersign.Server.Endpoints.Gateways;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.Operators;
using Countersign.Server.Endpoints.Phone;
using Countersign.Server.Endpoints.Probes;
using Countersign.Server.Endpoints.RelyingParty;
using Countersign.Server.Endpoints.RelyingParty.Domains;
using Countersign.Server.Endpoints.RelyingParty.Events;
using Countersign.Server.Endpoints.RelyingParty.History;
using Countersign.Server.Endpoints.RelyingParty.Identities;
using Countersign.Server.Endpoints.RelyingParty.OAuth;
using Countersign.Server.Endpoints.RelyingParty.OneCall;
using Countersign.Server.Endpoints.RelyingParty.PreFill;
using Countersign.Server.Endpoints.RelyingParty.Receipts;
using Countersign.Server.Endpoints.RelyingParty.Unification;
using Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;
using Countersign.Server.Endpoints.Sandbox;
using Countersign.Server.Pages;

namespace Countersign.Server.Endpoints;

/// <summary>
/// Every group of addresses of this server. A group stands in its folder with what it needs and what each of its addresses promises: the
/// OpenAPI documents are made of that.
/// </summary>
internal static class Routes
{
    public static IServiceCollection AddEndpoints(
        this IServiceCollection services, ServerOptions server, AdminOptions admin)
    {
        services
            .AddSingleton(admin)
            .AddSingleton<RequestRate>()
            .AddSingleton<Idempotency>()
            .AddSingleton<ErrorForms>()
            .AddRelyingParty()
            .AddOAuth()
            .AddEventCalls()
            .AddVerifiedUsers()
            .AddOneCall()
            .AddUnify()
            .AddPreFill()
            .AddIdentities()
            .AddDomains()
            .AddFlows()
            .AddReceipts()
            .AddBrowser()
            .AddPhone()
            .AddGateways()
            .AddOperatorCallbacks()
            .AddProbes();
        if (admin.IsOn)
        {
            services.AddAdmin().AddRecordCalls();
        }
        return server.Mode == Mode.Sandbox ? services.AddSandbox() : services;
    }

    public static void MapEndpoints(this WebApplication app, ServerOptions server, AdminOptions admin)
    {
        if (admin.IsOn)
        {
            app.MapAdmin();
            app.MapRecords();
        }
        app.MapOAuth();
        app.MapEventCalls();
        app.MapVerifiedUsers();
        app.MapOneCall();
        app.MapUnify();
        app.MapPreFill();
        app.MapIdentities();
        app.MapDomains();
        app.MapFlows();
        app.MapReceipts();
        app.MapBrowser();
        app.MapMethods("/sdk/countersign.js", Methods.GetOrHead, PageFile.Module("sdk/countersign.js"));
        app.MapPhone();
        app.MapGateways();
        if (app.Services.GetService<IOperatorCallbacks>() is not null)
        {
            app.MapOperators();
        }
        app.MapProbes();
        app.MapReference();
        var isSandbox = server.Mode == Mode.Sandbox;
        Guards.Drop("O05", ref isSandbox, () => true);
        if (isSandbox)
        {
            app.MapSandbox();
        }
    }
}
