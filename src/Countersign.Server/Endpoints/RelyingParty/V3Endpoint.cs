using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>
/// What every call under /v3 has in common, in the order of the contract: credentials (already checked), rate, body, fields. What a
/// handler gets is a caller and a request that is well formed.
/// </summary>
internal static class V3Endpoint
{
    /// <param name="read">Takes the request's members out of the body; problems stay in the body.</param>
    public static RequestDelegate Of<TRequest>(Func<RequestBody, HttpContext, Caller, TRequest> read, Func<Call<TRequest>, Task<Answer>> handle) =>
        async context =>
        {
            var caller = context.Features.Get<Caller>()!;
            var answer = await AnswerAsync(context, caller, read, handle);
            await answer.WriteAsync(context);
        };

    private static async Task<Answer> AnswerAsync<TRequest>(
        HttpContext context, Caller caller, Func<RequestBody, HttpContext, Caller, TRequest> read, Func<Call<TRequest>, Task<Answer>> handle)
    {
        var family = caller.Project.Settings.ErrorCodes;
        if (!context.RequestServices.GetRequiredService<RequestRate>().TryTake(context, caller.ClientId))
        {
            return Answer.Of(Fault.TooManyRequests, family);
        }

        var (body, fault) = await RequestBody.ReadAsync(context.Request);
        if (body is null)
        {
            return Answer.Of(fault!, family);
        }

        using (body)
        {
            var request = read(body, context, caller);
            return body.Fault is { } bad
                ? Answer.Of(bad, family)
                : await handle(new Call<TRequest>(context, caller, request, body.Bytes));
        }
    }
}

/// <summary>One well-formed call.</summary>
internal sealed record Call<TRequest>(HttpContext Context, Caller Caller, TRequest Request, byte[] Body)
{
    public CancellationToken Aborted => Context.RequestAborted;

    public Answer Refuse(Fault fault) => Answer.Of(fault, Caller.Project.Settings.ErrorCodes);

    public override string ToString() => Context.Request.Path;
}
