using Countersign.Core;
using Countersign.Core.Possession;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Flows;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>POST /v1/client/mobile/instant/start: where the browser is to go so that the network can say its number.</summary>
internal static class MobileAuthStart
{
    public static RequestDelegate Endpoint { get; } = BrowserEndpoint.Of(
        body => new MobileAuthStartRequest(body.Text("cellularIp"), body.Text("implementation")), HandleAsync);

    private static async Task<StepAnswer> HandleAsync(BrowserCall<MobileAuthStartRequest> call)
    {
        var method = call.Service<MobileAuthMethod>();
        string? redirectUrl = null;
        var browser = new BrowserConnection(call.Context.Connection.RemoteIpAddress, BrowserWay.Fetch);
        var flow = await call.ChangeAsync(async (present, now) =>
        {
            (var begun, redirectUrl) = await method.BeginAsync(present, browser, now, call.Aborted);
            return new Decision(begun);
        });

        if (redirectUrl is not null && flow.CurrentMethod == PossessionMethod.MobileAuth)
        {
            return new StepAnswer(Steps.Stay, Data: new StepData(RedirectUrl: redirectUrl));
        }
        return flow.CurrentMethod is null
            ? StepAnswer.Result(flow)
            : StepAnswer.Fail(flow.Type == FlowType.Mobile ? StepError.NotAvailable : StepError.NotInThisFlow, Steps.NameOf(flow));
    }
}

internal sealed record MobileAuthStartRequest(string? CellularIp, string? Implementation)
{
    public override string ToString() => "***";
}

/// <summary>POST /v1/client/mobile/instant/finish: what the browser brought back.</summary>
internal static class MobileAuthFinish
{
    public static RequestDelegate Endpoint { get; } = BrowserEndpoint.Of(body => new Secret(body.Entry("vfp") ?? ""), HandleAsync);

    private static async Task<StepAnswer> HandleAsync(BrowserCall<Secret> call)
    {
        var method = call.Service<MobileAuthMethod>();
        var flow = await call.ChangeAsync(async (present, now) =>
            new Decision(await method.FinishAsync(present, call.Request, now, call.Aborted)));

        return flow.CurrentMethod is null
            ? StepAnswer.Result(flow)
            : StepAnswer.Fail(flow.Type == FlowType.Mobile ? StepError.NotVerified : StepError.NotInThisFlow, Steps.NameOf(flow));
    }
}

/// <summary>POST /v1/client/mobile/instant/error: the browser could not do it.</summary>
internal static class MobileAuthError
{
    public static RequestDelegate Endpoint { get; } = BrowserEndpoint.Of(
        ErrorReport.Read, async call => StepAnswer.Go(Steps.NameOf(await call.ChangeAsync(MobileAuthMethod.Fail))));
}
