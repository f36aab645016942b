using System.Text;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Keys;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>POST /admin/audit/list: who has done what. A number stands in a body, never in an address.</summary>
internal sealed class ListAudit(IAuditStore store, AuditWords words, OnlyProjects only, INumberPlan plan, SecretHasher hasher) : IEndpoint
{
    private static readonly string[] _persons = [LookUp.ClientCustomerId, AdminMembers.ProveId, LookUp.PhoneNumber];

    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync, isBodyRequired: false);

    private ListAuditRequest Read(RequestBody body)
    {
        var (from, to) = body.ReadSpan(AuditMembers.From, AuditMembers.To);
        var (actor, act) = (body.Read(AuditMembers.Actor), body.Read(AuditMembers.Act, also: words.ProblemOfAct));
        var (project, target) = (body.Read(AdminMembers.OnlyProject), body.Read(AuditMembers.Target, also: words.ProblemOfTarget));
        var (customer, person) = (body.Read(LookUp.ClientCustomerId), body.Read(AdminMembers.ProveId));
        var number = LookUp.ReadNumber(body, plan);
        if (_persons.Count(body.IsGiven) > 1)
        {
            body.Invalid(_persons.First(body.IsGiven), $"one of {string.Join(", ", _persons)} may be given, and no other");
        }
        var subject = number is { } line ? AuditSubject.OfNumber(hasher, line)
            : customer is not null ? AuditSubject.Of(hasher, LookUp.ClientCustomerId, customer)
            : person is { } id ? AuditSubject.Of(hasher, AdminMembers.ProveId, id.ToString()) : null;
        return new ListAuditRequest(
            new AuditSearch(from, to, actor, act, project?.ToString(), target, subject, body.Read(AuditMembers.Before)), project,
            body.Read(AdminMembers.Limit));
    }

    private async Task<Answer> HandleAsync(AdminCall<ListAuditRequest> call)
    {
        var (search, project, limit) = call.Request;
        // One more than is answered tells whether there are more.
        var found = await store.FindAsync(search, limit + 1, call.Aborted);
        if (found.Count == 0 && await only.RefusalAsync(project, call.Caller.Rights, call.Aborted) is { } refusal
            && (await store.FindAsync(new AuditSearch(Project: search.Project), 1, call.Aborted)).Count == 0)
        {
            return refusal;
        }
        if (found.Count == 0 && await UnknownInAsync(search, call.Aborted) is { } unknown)
        {
            return Answer.Of(unknown);
        }
        return Answer.Ok(
            new AuditListResponse([.. found.Take(limit).Select(AuditView.Of)], IsComplete: found.Count <= limit),
            AuditJson.Answers.AuditListResponse);
    }

    /// <summary>Who, or what, there is not and the audit has never seen must not pass for one of whom nothing is written down.</summary>
    private async Task<Fault?> UnknownInAsync(AuditSearch search, CancellationToken cancellationToken)
    {
        foreach (var (member, word, alone) in ((string, string?, AuditSearch)[])
        [
            (AuditMembers.Actor, search.Actor, new AuditSearch(Actor: search.Actor)),
            (AuditMembers.Target, search.Target, new AuditSearch(Target: search.Target)),
        ])
        {
            if (word is not null && await words.ProblemOfUnknownAsync(word, cancellationToken) is { } problem
                && (await store.FindAsync(alone, 1, cancellationToken)).Count == 0)
            {
                return Fault.Invalid(member, problem);
            }
        }
        return null;
    }
}

/// <summary>GET /admin/audit/entries: the chain as it is hashed, to be verified.</summary>
internal sealed class ListAuditEntries(IAuditStore store) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfStream(AuditPage.Read, async call =>
    {
        var links = await store.ReadAsync(call.Request.After, call.Request.Limit, call.Aborted);
        return Answer.Ok(
            new AuditEntriesResponse([.. links.Select(AuditLinkView.Of)], IsComplete: links.Count < call.Request.Limit),
            AuditJson.Answers.AuditEntriesResponse);
    });
}

/// <summary>GET /admin/audit/checkpoints: what the chain is held to, and what waits. It is asked for before the entries.</summary>
internal sealed class ListAuditCheckpoints(IAuditStore store, AuditChainer chainer, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfStream(AuditPage.Read, async call =>
    {
        var (at, page) = (time.GetUtcNow(), call.Request);
        var unlinked = await store.ListUnlinkedAsync(call.Aborted);
        var pruned = await store.ListCheckpointsAsync(AuditCheckpointKind.Pruned, after: 0, page.Limit, call.Aborted);
        var checkpoints = await store.ListCheckpointsAsync(AuditCheckpointKind.Checkpoint, page.After, page.Limit, call.Aborted);
        var key = (await chainer.KeyAsync(call.Aborted)).Public;
        return Answer.Ok(
            new AuditCheckpointsResponse(
                at, [new AuditKeyView(key.Id, Convert.ToBase64String(key.Bytes))],
                [.. unlinked.Select(one => new AuditUnlinkedView(one.Writer, one.Number))],
                [.. pruned.Select(AuditCheckpointView.Of)], [.. checkpoints.Select(AuditCheckpointView.Of)],
                IsComplete: checkpoints.Count < page.Limit),
            AuditJson.Answers.AuditCheckpointsResponse);
    });
}

internal sealed record ListAuditRequest(AuditSearch Search, ProjectId? Project, int Limit)
{
    public override string ToString() => "***";
}

internal sealed record AuditPage(int After, int Limit)
{
    public static AuditPage Read(RequestBody query) => new(query.Read(AuditMembers.After), query.Read(AdminMembers.Limit));

    public override string ToString() => nameof(AuditPage);
}

/// <param name="Entries">Newest first.</param>
/// <param name="IsComplete">False when there are more.</param>
internal sealed record AuditListResponse(IReadOnlyList<AuditView> Entries, bool IsComplete)
{
    public override string ToString() => $"{Entries.Count} entries";
}

/// <param name="Subject">Tells two persons apart; absent for nobody, and once it is erased.</param>
/// <param name="Run">The run of a server that has written it.</param>
internal sealed record AuditView(
    long Position, DateTimeOffset At, string Kind, string Actor, string Act, string? From, string? Project, string? Target,
    string? Subject, IReadOnlyList<AuditValue> Asked, IReadOnlyList<AuditChange> Changes, string Outcome, int? Status, string Run,
    long Number)
{
    public static AuditView Of(FoundAudit found)
    {
        var (entry, act) = (found.Entry, found.Entry.Act);
        return new AuditView(
            found.Position, entry.At, AdminWords.Of(act.Kind), act.Actor, act.Act, act.From, act.Project, act.Target,
            act.Subject?.Pseudonym, act.Asked, act.Changes, AdminWords.Of(act.Outcome), act.Status, entry.Writer, entry.Number);
    }

    public override string ToString() => nameof(AuditView);
}

internal sealed record AuditEntriesResponse(IReadOnlyList<AuditLinkView> Entries, bool IsComplete)
{
    public override string ToString() => $"{Entries.Count} entries";
}

/// <param name="Entry">The text that is hashed.</param>
/// <param name="Flaw">What is wrong with the row; absent for nothing.</param>
internal sealed record AuditLinkView(long Position, string Previous, string Hash, string Entry, string? Flaw)
{
    public static AuditLinkView Of(AuditLink link) => new(
        link.Position, Convert.ToHexStringLower(link.Previous), Convert.ToHexStringLower(link.Hash), Encoding.UTF8.GetString(link.Text),
        link.Flaw);

    public override string ToString() => "***";
}

internal sealed record AuditCheckpointsResponse(
    DateTimeOffset At, IReadOnlyList<AuditKeyView> Keys, IReadOnlyList<AuditUnlinkedView> Unlinked,
    IReadOnlyList<AuditCheckpointView> Pruned, IReadOnlyList<AuditCheckpointView> Checkpoints, bool IsComplete)
{
    public override string ToString() => $"{Checkpoints.Count} checkpoints";
}

/// <param name="PublicKey">SubjectPublicKeyInfo, base64.</param>
internal sealed record AuditKeyView(string Id, string PublicKey)
{
    public override string ToString() => nameof(AuditKeyView);
}

internal sealed record AuditUnlinkedView(string Run, long Number)
{
    public override string ToString() => nameof(AuditUnlinkedView);
}

/// <param name="Text">What is signed.</param>
/// <param name="Signature">Base64.</param>
internal sealed record AuditCheckpointView(string Text, string Signature)
{
    public static AuditCheckpointView Of(AuditCheckpoint checkpoint) =>
        new(Encoding.UTF8.GetString(checkpoint.Text), Convert.ToBase64String(checkpoint.Signature));

    public override string ToString() => nameof(AuditCheckpointView);
}
