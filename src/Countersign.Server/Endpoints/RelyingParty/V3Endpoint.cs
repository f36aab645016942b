using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>
/// What every call with an access token has in common, in the order of the contract: credentials (already checked), rate, body, fields.
/// What a handler gets is a caller and a request that is well formed.
/// </summary>
internal sealed class V3Endpoint
{
    private readonly RequestRate _rate;
    private readonly Func<Fault, ErrorCodes, Answer> _say;
    private readonly bool _isClosed;

    public V3Endpoint(RequestRate rate) : this(rate, Answer.Of, isClosed: false) { }

    private V3Endpoint(RequestRate rate, Func<Fault, ErrorCodes, Answer> say, bool isClosed) =>
        (_rate, _say, _isClosed) = (rate, say, isClosed);

    /// <summary>The same for calls outside /v3, which are refused by problems and take no parameter that they do not have.</summary>
    public V3Endpoint WithProblems() => new(_rate, Problem.Of, isClosed: true);

    /// <param name="read">Takes the request's members out of the body; problems stay in the body.</param>
    /// <param name="isBodyRequired">False where everything in the body is optional.</param>
    /// <param name="maxBytes">The most bytes the body may have.</param>
    /// <param name="batches">The members whose entries are judged each on its own.</param>
    public RequestDelegate Of<TRequest>(
        Func<RequestBody, HttpContext, Caller, TRequest> read, Func<Call<TRequest>, Task<Answer>> handle,
        bool isBodyRequired = true, int maxBytes = RequestBody.MaxBytes, params string[] batches) =>
        context => AnswerAsync(
            context,
            async request => _isClosed && ClosedQuery.FaultOf(context) is { } stray
                ? stray : await RequestBody.ReadAsync(request, isBodyRequired, maxBytes, batches),
            read, handle);

    /// <summary>An operation whose parameters stand in the path and the query.</summary>
    /// <param name="read">Takes the parameters out of the query, as if it were a body of texts; problems stay in it.</param>
    public RequestDelegate OfQuery<TRequest>(
        Func<RequestBody, HttpContext, Caller, TRequest> read, Func<Call<TRequest>, Task<Answer>> handle) =>
        context => AnswerAsync(
            context, request => ValueTask.FromResult(RequestBody.OfQuery(request.Query)),
            (query, _, caller) =>
            {
                if (_isClosed)
                {
                    query.CloseQuery(context);
                }
                return read(query, context, caller);
            },
            handle);

    private async Task AnswerAsync<TRequest>(
        HttpContext context, Func<HttpRequest, ValueTask<OrFault<RequestBody>>> take,
        Func<RequestBody, HttpContext, Caller, TRequest> read, Func<Call<TRequest>, Task<Answer>> handle)
    {
        var caller = context.Features.Get<Caller>()!;
        await (await AnswerAsync(context, caller, take, read, handle)).WriteAsync(context);
    }

    private async Task<Answer> AnswerAsync<TRequest>(
        HttpContext context, Caller caller, Func<HttpRequest, ValueTask<OrFault<RequestBody>>> take,
        Func<RequestBody, HttpContext, Caller, TRequest> read, Func<Call<TRequest>, Task<Answer>> handle)
    {
        var family = caller.Project.Settings.ErrorCodes;
        if (!_rate.TryTake(context, caller.ClientId))
        {
            return _say(Fault.TooManyRequests, family);
        }

        if (!(await take(context.Request)).Is(out var body, out var fault))
        {
            return _say(fault, family);
        }

        using (body)
        {
            var request = read(body, context, caller);
            return body.Fault is { } bad
                ? _say(bad, family)
                : await handle(new Call<TRequest>(context, caller, request, body.Bytes) { Say = _say });
        }
    }
}

/// <summary>One well-formed call.</summary>
internal sealed record Call<TRequest>(HttpContext Context, Caller Caller, TRequest Request, byte[] Body)
{
    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>The form of refusals.</summary>
    public Func<Fault, ErrorCodes, Answer> Say { get; init; } = Answer.Of;

    public Answer Refuse(Fault fault) => Say(fault, Caller.Project.Settings.ErrorCodes);

    // Its pattern: a path may hold a person's number.
    public override string ToString() => (Context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
}
