using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Limits;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// What every call under /v1/client has in common: an auth token of a living flow, a page that may call, a well-formed body. Business
/// failures are 200 with an error inside: published SDKs give the flow up on any other status.
/// </summary>
internal sealed class BrowserEndpoint(FlowRunner runner, RequestSignatures signatures, RequestRate rate, PublicAddress address)
{
    /// <param name="maxBytes">The most bytes the body may have.</param>
    public RequestDelegate Of<TRequest>(
        Func<RequestBody, TRequest> read, Func<BrowserCall<TRequest>, Task<StepAnswer>> handle, int maxBytes = RequestBody.MaxBytes) =>
        async context =>
        {
            if (await AdmitAsync(context) is { } caller)
            {
                await (await AnswerAsync(context, caller, read, handle, maxBytes)).WriteAsync(context);
            }
        };

    /// <summary>Who calls; null when the call was refused, and is answered.</summary>
    public async Task<BrowserCaller?> AdmitAsync(HttpContext context)
    {
        if (!(await context.AuthenticateAsync(AuthTokenAuthentication.Scheme)).Succeeded)
        {
            await context.ChallengeAsync(AuthTokenAuthentication.Scheme);
            return null;
        }
        var caller = context.Features.GetRequiredFeature<BrowserCaller>();
        if (!MayCall(context, caller.Project))
        {
            await context.ForbidAsync(AuthTokenAuthentication.Scheme);
            return null;
        }
        return caller;
    }

    /// <summary>The refusal of a call by a page that may not call in the name of a project; null when it may.</summary>
    public Answer? RefusalOfPage(HttpContext context, Project project) =>
        MayCall(context, project) ? null : Answer.Of(Fault.StepNotAllowed, project.Settings.ErrorCodes);

    /// <summary>The refusal of a call that is not signed, or wrongly.</summary>
    public Answer RefusalOfSignature(HttpContext context, ErrorCodes family)
    {
        if (RequestSignatures.IsOn(context.Request) && !rate.TryTakeBadToken(context))
        {
            return Answer.Of(Fault.TooManyRequests, family);
        }
        BearerAuthentication.Challenge(context, hadCredentials: RequestSignatures.IsOn(context.Request));
        return Answer.Of(Fault.NotAuthorized, family);
    }

    private static BrowserNetwork? NetworkOf(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? new BrowserNetwork(Networks.Of(address), IsOfOne: !ClientAddress.IsPrivate(address))
        : null;

    private bool MayCall(HttpContext context, Project project)
    {
        var origins = project.Settings.WebOrigins;
        var own = address.Origin;
        // Browsers name the origin of a page in every call from another one; what names none is no page. This server's own pages may always
        // call.
        var origin = context.Request.Headers.Origin.ToString();
        return origins.Count == 0 || origin.Length == 0 || origin == own || origins.Contains(origin, StringComparer.OrdinalIgnoreCase);
    }

    private async Task<Answer> AnswerAsync<TRequest>(
        HttpContext context, BrowserCaller caller, Func<RequestBody, TRequest> read, Func<BrowserCall<TRequest>, Task<StepAnswer>> handle,
        int maxBytes)
    {
        var family = caller.Project.Settings.ErrorCodes;
        if (!(await RequestBody.ReadAsync(context.Request, isRequired: false, maxBytes)).Is(out var body, out var fault))
        {
            return Answer.Of(fault, family);
        }

        using (body)
        {
            // A browser without a key signs nothing, and no step asks it to; but a signature that is there is a claim, and a false one was
            // tampered with.
            if (RequestSignatures.IsOn(context.Request)
                && (await signatures.FindSignerAsync(context, body.Bytes) is not { IsRevoked: false } signer
                    || signer.ProjectId != caller.Project.Id))
            {
                return RefusalOfSignature(context, family);
            }

            var request = read(body);
            if (body.Fault is { } bad)
            {
                return Answer.Of(bad, family);
            }
            var step = await handle(new BrowserCall<TRequest>(context, caller, request, body.Bytes, runner, NetworkOf(context)));
            return Answer.Ok(step, BrowserJson.Answers.StepAnswer);
        }
    }
}

/// <param name="Body">As it came: signatures are over these bytes.</param>
/// <param name="Runner">Changes the call's flow.</param>
/// <param name="From">Null when it is not known.</param>
internal sealed record BrowserCall<TRequest>(
    HttpContext Context, BrowserCaller Caller, TRequest Request, byte[] Body, FlowRunner Runner, BrowserNetwork? From)
{
    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>
    /// Changes the call's flow and waits until nobody is asking the identity source any more: "done" must mean that the result is there.
    /// </summary>
    public async Task<Flow> ChangeAsync(Func<Flow, DateTimeOffset, ValueTask<Decision>> decide) =>
        await Runner.ChangeAndSettleAsync(
            Caller.Flow, async (flow, now) => await decide(flow, now) with { From = From }, Aborted);

    public Task<Flow> ChangeAsync(Func<Flow, DateTimeOffset, Flow> decide) =>
        ChangeAsync((flow, now) => ValueTask.FromResult(new Decision(decide(flow, now))));
}

/// <summary>A body of which nothing is needed.</summary>
internal sealed record NoRequest
{
    public static NoRequest Read(RequestBody body) => new();
}
