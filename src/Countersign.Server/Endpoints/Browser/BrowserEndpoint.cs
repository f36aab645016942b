using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// What every call under /v1/client has in common: an auth token of a living flow, a page that may call, a well-formed body. Business
/// failures are 200 with an error inside: published SDKs give the flow up on any other status.
/// </summary>
internal static class BrowserEndpoint
{
    /// <param name="mostBytes">The most bytes the body may have.</param>
    public static RequestDelegate Of<TRequest>(
        Func<RequestBody, TRequest> read, Func<BrowserCall<TRequest>, Task<StepAnswer>> handle, int mostBytes = RequestBody.MostBytes) =>
        async context => await (await AnswerAsync(context, read, handle, mostBytes)).WriteAsync(context);

    /// <summary>The flow behind a token and its project, or the answer that says why there is none.</summary>
    public static async Task<(BrowserCaller? Caller, Answer? Refusal)> AuthenticateAsync(HttpContext context, string? token)
    {
        var services = context.RequestServices;
        if (token is null
            || await services.GetRequiredService<Tokens>().ReadAuthAsync(token) is not { } auth
            || await services.GetRequiredService<FlowRunner>().FindAsync(auth.Flow, context.RequestAborted) is not { } flow
            || await services.GetRequiredService<ProjectDirectory>().FindProjectAsync(flow.ProjectId, context.RequestAborted) is not { } project)
        {
            // The token of a socket is in its address.
            BearerAuthentication.Challenge(context, hadCredentials: token is not null);
            return (null, Answer.Of(Fault.NotAuthorized, services.GetRequiredService<ErrorCodeOptions>().ErrorCodes));
        }

        return RefusalOfPage(context, project) is { } refusal ? (null, refusal) : (new BrowserCaller(flow, project, auth.Challenge, auth.MatchDigits), null);
    }

    /// <summary>The refusal of a call by a page that may not call in the name of a project; null when it may.</summary>
    public static Answer? RefusalOfPage(HttpContext context, Project project) =>
        MayCall(context, project) ? null : Answer.Of(Fault.StepNotAllowed, project.Settings.ErrorCodes);

    /// <summary>The refusal of a call that is not signed, or wrongly.</summary>
    public static Answer RefusalOfSignature(HttpContext context, ErrorCodes family)
    {
        BearerAuthentication.Challenge(context, hadCredentials: RequestSignature.IsOn(context.Request));
        return Answer.Of(Fault.NotAuthorized, family);
    }

    private static bool MayCall(HttpContext context, Project project)
    {
        var origins = project.Settings.WebOrigins;
        var own = context.RequestServices.GetRequiredService<PublicAddress>().Origin;
        // Browsers name the origin of a page in every call from another one; what names none is no page. This server's own pages may always call.
        var origin = context.Request.Headers.Origin.ToString();
        return origins.Count == 0 || origin.Length == 0 || origin == own || origins.Contains(origin, StringComparer.OrdinalIgnoreCase);
    }

    private static async Task<Answer> AnswerAsync<TRequest>(
        HttpContext context, Func<RequestBody, TRequest> read, Func<BrowserCall<TRequest>, Task<StepAnswer>> handle, int mostBytes)
    {
        var (caller, refused) = await AuthenticateAsync(context, BearerAuthentication.TokenOf(context.Request));
        if (caller is null)
        {
            return refused!.Value;
        }

        var family = caller.Project.Settings.ErrorCodes;
        var (body, fault) = await RequestBody.ReadAsync(context.Request, isRequired: false, mostBytes);
        if (body is null)
        {
            return Answer.Of(fault!, family);
        }

        using (body)
        {
            // A browser without a key signs nothing, and no step asks it to; but a signature that is there is a claim, and a false one was tampered with.
            if (RequestSignature.IsOn(context.Request)
                && (await RequestSignature.FindSignerAsync(context, body.Bytes) is not { IsRevoked: false } signer || signer.ProjectId != caller.Project.Id))
            {
                return RefusalOfSignature(context, family);
            }

            var request = read(body);
            return body.Fault is { } bad
                ? Answer.Of(bad, family)
                : Answer.Ok(await handle(new BrowserCall<TRequest>(context, caller, request, body.Bytes)), BrowserJson.Answers.StepAnswer);
        }
    }
}

/// <param name="Flow">As it stood when the call came in.</param>
/// <param name="Challenge">From the auth token: what a device key signs in this flow.</param>
/// <param name="MatchDigits">From the auth token: the flow itself keeps only their hash.</param>
internal sealed record BrowserCaller(Flow Flow, Project Project, string Challenge, Secret? MatchDigits)
{
    public override string ToString() => Flow.ToString();
}

/// <param name="Body">As it came: signatures are over these bytes.</param>
internal sealed record BrowserCall<TRequest>(HttpContext Context, BrowserCaller Caller, TRequest Request, byte[] Body)
{
    public CancellationToken Aborted => Context.RequestAborted;

    public T Service<T>() where T : notnull => Context.RequestServices.GetRequiredService<T>();

    /// <summary>Changes the call's flow and waits until nobody is asking the identity source any more: "done" must mean that the result is there.</summary>
    public async Task<Flow> ChangeAsync(Func<Flow, DateTimeOffset, ValueTask<Decision>> decide) =>
        await SettleAsync(await Service<FlowRunner>().ChangeAsync(Caller.Flow.Id, decide, Aborted));

    /// <summary>As <see cref="ChangeAsync(Func{Flow, DateTimeOffset, ValueTask{Decision}})"/>, for a decision that asks a mobile operator.</summary>
    public async Task<Flow> ChangeByAskingAsync(Func<Flow, DateTimeOffset, ValueTask<Decision>> decide) =>
        await SettleAsync(await Service<FlowRunner>().ChangeByAskingAsync(Caller.Flow.Id, decide, Aborted));

    public Task<Flow> ChangeAsync(Func<Flow, DateTimeOffset, Flow> decide) =>
        ChangeAsync((flow, now) => ValueTask.FromResult(new Decision(decide(flow, now))));

    private async Task<Flow> SettleAsync(Flow? flow) => await Service<FlowRunner>().SettleAsync(flow, Aborted) ?? Caller.Flow;
}

/// <summary>A body of which nothing is needed.</summary>
internal sealed record NoRequest
{
    public static NoRequest Read(RequestBody body) => new();
}
