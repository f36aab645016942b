using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>A browser's call shows the auth token of a living flow. Which one it is is the call's <see cref="BrowserCaller"/>.</summary>
internal sealed class AuthTokenAuthentication(
    Tokens tokens, FlowRate flows, RequestRate rate, FlowRunner runner, ProjectDirectory projects, ErrorCodeOptions errorCodes)
    : BearerAuthentication
{
    public const string Scheme = "auth token";

    private bool _isTokenBad;
    private bool _isTooOften;

    protected override ErrorCodes Family => Context.Features.Get<BrowserCaller>()?.Project.Settings.ErrorCodes ?? errorCodes.ErrorCodes;

    // Browsers give no header to a socket.
    protected override string? TokenIn(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest ? context.Request.Query["token"] : base.TokenIn(context);

    protected override async ValueTask<string?> FindCallerAsync(string token)
    {
        if (await tokens.ReadAuthAsync(token) is not { } auth)
        {
            _isTokenBad = true;
            return null;
        }
        // Before anything is read: it is what a call costs.
        if (!await flows.WaitAsync(auth.Flow, Context.RequestAborted))
        {
            _isTooOften = true;
            return null;
        }
        if (await runner.FindAsync(auth.Flow, Context.RequestAborted) is not { } flow
            || await projects.FindProjectAsync(flow.ProjectId, Context.RequestAborted) is not { } project)
        {
            return null;
        }
        Context.Features.Set(new BrowserCaller(flow, project, auth.Challenge, auth.MatchDigits));
        return flow.Id.ToString();
    }

    // A good token is held to its flow's rate alone: an office behind one address is many flows.
    protected override Fault Refuse() =>
        _isTooOften ? Fault.TooManyRequests with { RetryAfter = 1 }
        : _isTokenBad && !rate.TryTakeBadToken(Context) ? Fault.TooManyRequests
        : Fault.NotAuthorized;
}

/// <param name="Flow">As it stood when the call came in.</param>
/// <param name="Challenge">From the auth token: what a device key signs in this flow.</param>
/// <param name="MatchDigits">From the auth token: the flow itself keeps only their hash.</param>
internal sealed record BrowserCaller(Flow Flow, Project Project, string Challenge, Secret? MatchDigits)
{
    public override string ToString() => Flow.ToString();
}
