using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Audit;
using Countersign.Core.Keys;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// What the audit keeps of a call of the admin API. Every call is written down that changes something or looks at what is a person's: that
/// follows from its method and its scope, so no operation has to think of it.
/// </summary>
internal sealed class AdminAct(
    AuditWriter writer, ActWords words, ActStates states, HttpContext context, AdminCaller caller, Operation operation)
{
    private readonly ActTarget? _target = context.GetEndpoint()?.Metadata.GetMetadata<ActTarget>();
    private AuditEntry? _begun;
    private AuditAct? _act;
    private IReadOnlyDictionary<string, string> _before = ActWords.Nothing;

    /// <summary>True when it has left its entry.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether calls of an operation are written down.</summary>
    public static bool Is(string method, AdminAccess access) =>
        !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) || access.Scopes is [AdminScope.Support];

    /// <summary>Does it between an entry that says that it begins and the same entry that says how it ended.</summary>
    /// <param name="members">What was asked for, well formed; null for nothing but the path.</param>
    /// <exception cref="UnavailableException">It could not be written down: it was not done, or must not be told.</exception>
    public async Task<Answer> RunAsync(RequestMembers? members, Func<Task<Answer>> handle)
    {
        _act = words.Of(context, caller, operation, _target, members);
        _before = await StateAsync(_target?.NameIn(context, members));
        _begun = await writer.BeginAsync(_act);
        Answer answer;
        try
        {
            answer = await handle();
        }
        catch
        {
            await FailAsync();
            throw;
        }
        await EndAsync(answer, members);
        return answer;
    }

    /// <summary>Writes down that it was refused before it began.</summary>
    public async Task RefuseAsync(int status)
    {
        HasEnded = true;
        await writer.AddAsync(words.Of(context, caller, operation, _target, members: null) with
        {
            Outcome = AuditOutcome.Refused, Status = status,
        });
    }

    private async Task EndAsync(Answer answer, RequestMembers? members)
    {
        HasEnded = true;
        var name = _target?.NameIn(context, members) ?? (answer.Status < 300 ? _target?.NameIn(answer) : null);
        var after = await StateAsync(name);
        await writer.EndAsync(_begun!, _act! with
        {
            Outcome = OutcomeOf(answer.Status),
            Status = answer.Status,
            Target = _act.Target ?? (name is null ? null : _target?.WordOf(name)),
            Changes = ActWords.Between(_before, after),
        });
    }

    // The writer keeps what could not be written and writes it later; the failure that there was is the one to be told.
    private async Task FailAsync()
    {
        HasEnded = true;
        try
        {
            await writer.EndAsync(_begun!, _act! with { Outcome = AuditOutcome.Failed });
        }
        catch (UnavailableException)
        {
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> StateAsync(string? name) =>
        name is not null && _target?.State is { } state
            ? await state(states)(name, CancellationToken.None) : ActWords.Nothing;

    private static AuditOutcome OutcomeOf(int status) => status switch
    {
        < 400 => AuditOutcome.Done,
        < 500 => AuditOutcome.Refused,
        _ => AuditOutcome.Failed,
    };
}

/// <summary>What calls are written down with.</summary>
internal sealed class AdminAudit(AuditWriter writer, ActWords words, ActStates states)
{
    public AdminAct NewAct(HttpContext context, AdminCaller caller, Operation operation) =>
        new(writer, words, states, context, caller, operation);
}

internal static class AdminActExtensions
{
    /// <summary>Writes down what a known caller does, and what it was refused for lack of a scope. Behind the admin keys.</summary>
    public static void UseAdminAudit(this WebApplication app)
    {
        // Made at the first call: before, what it needs may not be ready.
        AdminAudit? audit = null;
        app.Use(async (context, next) =>
        {
            // What has no route changes nothing.
            if (context.Features.Get<AdminCaller>() is not { } caller || context.GetEndpoint() is not { } endpoint
                || endpoint.Metadata.GetMetadata<AdminAccess>() is not { } access || !AdminAct.Is(context.Request.Method, access))
            {
                await next(context);
                return;
            }
            audit ??= app.Services.GetRequiredService<AdminAudit>();
            var act = audit.NewAct(context, caller, endpoint.Metadata.GetRequiredMetadata<Operation>());
            context.Features.Set(act);
            await next(context);
            if (!act.HasEnded)
            {
                throw new InvalidOperationException($"{AdminEndpoint.RouteOf(context)} was answered and not written down.");
            }
        });
    }
}
