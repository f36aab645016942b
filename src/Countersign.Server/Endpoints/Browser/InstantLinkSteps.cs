using System.Text.RegularExpressions;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.InstantLink;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// POST /v1/client/mobile/instantlink/start: send the link. A page that comes back (reload, lost socket) names no number and finds the link
/// that is out; a resend names one, if only an empty one.
/// </summary>
internal sealed class InstantLinkStart(BrowserEndpoint browser, InstantLinkMethod method, SeenBrowsers browsers) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(MobileNumber.Read, HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<MobileNumber> call)
    {
        var asks = browsers.Of(call.Context);
        NumberRefusal? refused = null;
        var flow = await call.ChangeAsync(async (present, now) =>
        {
            (var decision,
                refused) = await method.SendAsync(
                    present, call.Request.Text, call.Request.IsPresent, asks, call.Caller.Project, now, call.Aborted);
            Guards.Drop("L12", ref decision, () => decision.Text is not { } text ? decision : decision with
            {
                Text = text with
                {
                    Proof = new Secret(new UriBuilder(text.Proof.Reveal())
                    {
                        Host = call.Context.Request.Headers["X-Forwarded-Host"].FirstOrDefault() ?? call.Context.Request.Host.Host,
                    }.Uri.AbsoluteUri),
                },
            });
            return decision;
        });
        if (refused is { } why)
        {
            return StepAnswer.TryAgain(StepError.Of(why), Steps.Stay);
        }

        if (flow.Type != FlowType.Desktop)
        {
            return flow.CurrentMethod is null ? StepAnswer.Result(flow) : StepAnswer.Fail(StepError.NotInThisFlow, Steps.NameOf(flow));
        }
        if (call.Request.IsMobile && flow.IsDecided)
        {
            // A phone opens no socket, so this answer is the only one it gets.
            return StepAnswer.Result(flow);
        }

        // Published SDKs without a retry callback wait for the socket only when there is data, those with one only when there is none;
        // the request does not tell them apart, but a retry callback goes with allowOTPRetry.
        var waitsWithoutRetry = !call.Request.IsMobile && !flow.AllowsOtpRetry;
        return new StepAnswer(
            Steps.Stay, Data: waitsWithoutRetry ? new StepData() : null,
            MatchCode: flow.IsDecided ? null : call.Caller.MatchDigits?.Reveal());
    }
}

/// <summary>POST /v1/client/mobile/instantlink/error: the page lost its socket, or gave up.</summary>
internal sealed partial class InstantLinkError(BrowserEndpoint browser) : IEndpoint
{
    // The page's own cancel() closes the socket with "no status" (RFC 6455, 1005). Every other code is an accident of the connection.
    private const string ClosedByPage = "1005";

    // Policy violation: a newer socket of the flow has taken this one's place (OpenSockets).
    private const string ClosedByServer = "status code 1008";

    public RequestDelegate Endpoint => browser.Of(ErrorReport.Read, async call =>
    {
        if (call.Request.Message.Contains(ClosedByServer, StringComparison.OrdinalIgnoreCase))
        {
            // This page ends; the others go on. If it began again, it would close one of theirs, which would begin again, and so on.
            return StepAnswer.Fail(StepError.GoesOnElsewhere, Steps.Done);
        }
        if (!IsLostConnection(call.Request.Message))
        {
            return await GiveUp.HandleAsync(call);
        }

        // The page begins the step again: the link that is out stays good, and a new socket hears of it.
        var flow = await call.ChangeAsync((present, _) => present);
        return StepAnswer.Go(flow.CurrentMethod == PossessionMethod.InstantLink ? Steps.InstantLink : Steps.Done);
    });

    private static bool IsLostConnection(string message) =>
        message.Contains("stalled", StringComparison.OrdinalIgnoreCase)
        || (CloseCode().Match(message) is { Success: true } code && code.Groups["code"].Value != ClosedByPage);

    [GeneratedRegex(
        @"status code (?<code>\d{4})\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex CloseCode();
}
