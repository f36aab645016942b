using System.Diagnostics.CodeAnalysis;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>POST /v1/client/mobile/instant/start: where the browser is to go so that the network can say its number.</summary>
internal sealed class MobileAuthStart(BrowserEndpoint browser, MobileAuthMethod method, PublicAddress address) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(
        body => new MobileAuthStartRequest(
            body.Read(StepMembers.CellularIp), body.Read(StepMembers.Implementation), body.Read(StepMembers.ReturnUrl)),
        HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<MobileAuthStartRequest> call)
    {
        var request = call.Request;
        string? returnUrl = null;
        if (request.Transport == MobileAuthTransport.Redirect
            && !ReturnAddress.TryRead(request.ReturnUrl, call.Caller.Project.Settings, address.Origin, out returnUrl))
        {
            var refused = await call.ChangeAsync((present, now) => MobileAuthMethod.Refuse(present, FlowReason.PageNotAllowed, now));
            return refused.CurrentMethod is null ? StepAnswer.Result(refused)
                : StepAnswer.Fail(StepError.ReturnNotAllowed, Steps.NameOf(refused));
        }

        string? redirectUrl = null;
        var connection = new BrowserConnection(call.Context.Connection.RemoteIpAddress, request.Transport, returnUrl);
        var flow = await call.ChangeByAskingAsync(async (present, now) =>
        {
            (var begun, redirectUrl) = await method.BeginAsync(present, connection, now, call.Aborted);
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

/// <param name="ReturnUrl">Where the page comes back to, when it goes to the operator itself.</param>
internal sealed record MobileAuthStartRequest(string? CellularIp, MobileAuthTransport Transport, string? ReturnUrl)
{
    public override string ToString() => "***";
}

/// <summary>
/// Where a page that goes to the operator comes back to. Only pages of the project's own web origins, and of this server, may get what
/// comes back: else whoever holds an auth token could have a stranger's answer sent to a page of their own.
/// </summary>
internal static class ReturnAddress
{
    /// <summary>Characters, so that the state it travels in stays an address that operators take.</summary>
    public const int MaxCharacters = 512;

    /// <param name="own">This server's own origin.</param>
    public static bool TryRead(string? text, ProjectSettings settings, string own, [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (text is not { Length: <= MaxCharacters } || !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0 || text.Contains('#', StringComparison.Ordinal))
        {
            return false;
        }
        // The origin and the address are both taken from what was understood, so that no other reader sees another one in it.
        var origin = url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        address = url.AbsoluteUri;
        return IsPlain(url.Query) && (origin == own
            || (settings.WebOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase) && IsListed(address, settings.TargetUrls)));
    }

    // A fragment outlives a redirect: an address that names another one could be a page that passes people on, and what came back with
    // them.
    private static bool IsPlain(string query) =>
        query.TrimStart('?').All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '=' or '&');

    private static bool IsListed(string address, IReadOnlyList<string> targets) =>
        targets.Count == 0 || (TargetUrl.Problem(address) is null && targets.Any(entry => TargetUrl.IsUnder(address, entry)));
}

/// <summary>POST /v1/client/mobile/instant/finish: what the browser brought back.</summary>
internal sealed class MobileAuthFinish(BrowserEndpoint browser, MobileAuthMethod method) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(body => body.Read(StepMembers.Vfp), HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<Secret> call)
    {
        var flow = await call.ChangeByAskingAsync(async (present, now) =>
            new Decision(await method.FinishAsync(present, call.Request, now, call.Aborted)));

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
