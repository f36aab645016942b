using System.Diagnostics;
using Countersign.Core;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>POST /v1/client/mobile/instant/start: where the browser is to go so that the network can say its number.</summary>
internal sealed class MobileAuthStart(BrowserEndpoint browser, MobileAuthCalls mobileAuth) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(
        body => new MobileAuthStartRequest(
            body.Read(StepMembers.CellularIp), body.Read(StepMembers.Implementation), body.Read(StepMembers.ReturnUrl)),
        HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<MobileAuthStartRequest> call)
    {
        var asked = new BrowserConnection(
            call.Context.Connection.RemoteIpAddress, call.Request.Transport, call.Request.ReturnUrl);
        return await mobileAuth.BeginAsync(call.Caller.Flow, call.Caller.Project.Settings, asked, call.Aborted) switch
        {
            MobileAuthStarted.Open { RedirectUrl: var url } => new StepAnswer(Steps.Stay, Data: new StepData(RedirectUrl: url)),
            MobileAuthStarted.ReturnNotAllowed { Flow: var flow } => flow.CurrentMethod is null
                ? StepAnswer.Result(flow)
                : StepAnswer.Fail(StepError.ReturnNotAllowed, Steps.NameOf(flow)),
            MobileAuthStarted.NotAvailable { Flow: var flow } => flow.CurrentMethod is null
                ? StepAnswer.Result(flow)
                : StepAnswer.Fail(flow.Type == FlowType.Mobile ? StepError.NotAvailable : StepError.NotInThisFlow, Steps.NameOf(flow)),
            _ => throw new UnreachableException(),
        };
    }
}

/// <param name="ReturnUrl">Where the page comes back to, when it goes to the operator itself.</param>
internal sealed record MobileAuthStartRequest(string? CellularIp, MobileAuthTransport Transport, string? ReturnUrl)
{
    public override string ToString() => "***";
}

/// <summary>POST /v1/client/mobile/instant/finish: what the browser brought back.</summary>
internal sealed class MobileAuthFinish(BrowserEndpoint browser, MobileAuthCalls mobileAuth) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(body => body.Read(StepMembers.Vfp), HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<Secret> call)
    {
        var flow = await mobileAuth.FinishAsync(
            call.Caller.Flow, call.Request, call.Context.Connection.RemoteIpAddress, call.Aborted);
        return flow.CurrentMethod is null
            ? StepAnswer.Result(flow)
            : StepAnswer.Fail(flow.Type == FlowType.Mobile ? StepError.NotVerified : StepError.NotInThisFlow, Steps.NameOf(flow));
    }
}

/// <summary>POST /v1/client/mobile/instant/error: the browser could not do it.</summary>
internal sealed class MobileAuthError(BrowserEndpoint browser) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(
        ErrorReport.Read, async call => StepAnswer.Go(Steps.NameOf(await call.ChangeAsync(MobileAuthMethod.Fail))));
}
