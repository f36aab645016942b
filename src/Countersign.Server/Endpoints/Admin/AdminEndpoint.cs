using Countersign.Core;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// What every call under /admin has in common. Its caller has shown an admin key before (<see cref="AdminKeyAuthentication"/>).
/// </summary>
internal static class AdminEndpoint
{
    public const string Prefix = "/admin";

    /// <summary>The most bytes of a JSON body.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>An operation with a JSON body, which is held to the schema of the operation's description.</summary>
    /// <param name="read">Takes the request's members out of the body; problems stay in the body.</param>
    /// <param name="isBodyRequired">False where everything in the body is optional.</param>
    /// <param name="judge">
    /// Says what the rest of a body would be refused for that has a problem, so that one answer names everything. What could not be read is
    /// not there, or has its default.
    /// </param>
    public static RequestDelegate Of<TRequest>(
        Func<RequestBody, TRequest> read, Func<AdminCall<TRequest>, Task<Answer>> handle, bool isBodyRequired = true,
        Func<AdminCall<TRequest>, Task<IReadOnlyList<Fault>>>? judge = null) =>
        context => AnswerAsync(
            context,
            async request => ClosedQuery.FaultOf(context) is { } stray
                ? stray : await RequestBody.ReadAsync(request, isBodyRequired, MaxBytes),
            body =>
            {
                if (context.GetEndpoint()?.Metadata.GetMetadata<Operation>()?.Body?.Schema.ClosedTo is { } names)
                {
                    body.Close(names);
                }
                return read(body);
            },
            handle, judge);

    /// <summary>An operation without parameters but those in its path.</summary>
    public static RequestDelegate OfPath(Func<AdminCall<HttpRequest>, Task<Answer>> handle) => context =>
        ClosedQuery.FaultOf(context) is { } stray ? RefuseAsync(context, stray) : DoAsync(context, handle);

    /// <summary>An operation whose parameters stand in the query.</summary>
    /// <param name="read">Takes the parameters out of the query; problems stay in it.</param>
    public static RequestDelegate OfQuery<TRequest>(
        Func<RequestBody, TRequest> read, Func<AdminCall<TRequest>, Task<Answer>> handle) => context =>
        AnswerAsync(context, TakeQuery, query => ReadClosed(query, context, read), handle);

    /// <summary>An operation without parameters that answers with a file, unless it is refused.</summary>
    /// <param name="handle">Null when it has written the answer itself.</param>
    public static RequestDelegate OfFile(Func<AdminCall<HttpRequest>, Task<Answer?>> handle) => async context =>
    {
        if (ClosedQuery.FaultOf(context) is { } stray)
        {
            await RefuseAsync(context, stray);
        }
        else if (await handle(new AdminCall<HttpRequest>(context, CallerOf(context), context.Request)) is { } answer)
        {
            await answer.WriteAsync(context);
        }
    };

    /// <summary>An operation whose body is read as it comes, of any media type and any length. Its parameters stand in the query.</summary>
    /// <param name="read">Takes the parameters out of the query; problems stay in it.</param>
    /// <param name="maxBytes">The most bytes the body may have; null for no limit.</param>
    public static RequestDelegate OfStream<TRequest>(
        Func<RequestBody, TRequest> read, Func<AdminCall<TRequest>, Task<Answer>> handle, long? maxBytes = null) => context =>
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = maxBytes;
            }
            return AnswerAsync(context, TakeQuery, query => ReadClosed(query, context, read), handle);
        };

    /// <summary>The route's pattern: a path may hold what is nobody's business.</summary>
    public static string RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unknown path";

    private static ValueTask<OrFault<RequestBody>> TakeQuery(HttpRequest request) =>
        ValueTask.FromResult(RequestBody.OfQuery(request.Query));

    private static TRequest ReadClosed<TRequest>(RequestBody query, HttpContext context, Func<RequestBody, TRequest> read)
    {
        query.CloseQuery(context);
        return read(query);
    }

    private static async Task AnswerAsync<TRequest>(
        HttpContext context, Func<HttpRequest, ValueTask<OrFault<RequestBody>>> take, Func<RequestBody, TRequest> read,
        Func<AdminCall<TRequest>, Task<Answer>> handle, Func<AdminCall<TRequest>, Task<IReadOnlyList<Fault>>>? judge = null)
    {
        if (!(await take(context.Request)).Is(out var body, out var fault))
        {
            await RefuseAsync(context, fault);
            return;
        }

        using (body)
        {
            var call = new AdminCall<TRequest>(context, CallerOf(context), read(body));
            if (body.Fault is { } bad)
            {
                await RefuseAsync(context, Fault.OfAll([bad, .. judge is null ? [] : await judge(call)]));
                return;
            }
            await DoAsync(context, body, () => handle(call));
        }
    }

    private static Task DoAsync(HttpContext context, Func<AdminCall<HttpRequest>, Task<Answer>> handle) =>
        DoAsync(context, members: null, () => handle(new AdminCall<HttpRequest>(context, CallerOf(context), context.Request)));

    /// <summary>Nothing is done, and nothing that was done is answered, without the audit's knowing.</summary>
    private static async Task DoAsync(HttpContext context, RequestMembers? members, Func<Task<Answer>> handle)
    {
        var answer = context.Features.Get<AdminAct>() is { } act ? await act.RunAsync(members, handle) : await handle();
        await answer.WriteAsync(context);
    }

    /// <summary>Answers what is not even begun.</summary>
    public static async Task RefuseAsync(HttpContext context, Fault fault)
    {
        if (context.Features.Get<AdminAct>() is { } act)
        {
            await act.RefuseAsync(fault.Status);
        }
        await Answer.Of(fault).WriteAsync(context);
    }

    private static AdminCaller CallerOf(HttpContext context) =>
        context.Features.Get<AdminCaller>() ?? throw new InvalidOperationException("An admin endpoint is mapped outside /admin.");
}

/// <summary>One well-formed call of the admin API.</summary>
internal sealed record AdminCall<TRequest>(HttpContext Context, AdminCaller Caller, TRequest Request)
{
    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>
    /// The project in the path; what can be no project's id names none, and a project that the key does not keep to is as good as none.
    /// </summary>
    public ProjectId ProjectId => ProjectId.TryParse(Path("id"), out var id) && Caller.Rights.Includes(id) ? id : default;

    /// <summary>The API client in the path; what can be no client's id names none.</summary>
    public ClientId ClientId => ClientId.TryParse(Path("clientId"), out var id) ? id : default;

    /// <summary>A part of the path.</summary>
    public string Path(string name) => (string)Context.Request.RouteValues[name]!;

    public override string ToString() => AdminEndpoint.RouteOf(Context);
}
