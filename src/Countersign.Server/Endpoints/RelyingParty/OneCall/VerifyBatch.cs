using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

/// <summary>POST /v3/verify/batch: many questions of the one-call contract. What is wrong with one of them stays with it.</summary>
internal sealed class VerifyBatch(
    V3Endpoint v3, OneCallVerification verification, OneCallBatch batch, DisclosureAudit disclosures, TimeProvider time,
    ILogger<OneCallVerification> logger)
    : IEndpoint
{
    public const int MaxItems = 1000;
    public const int MaxBytes = 1024 * 1024;

    // Enough to hide a source's delay, too few to be a flood for it or for the store.
    private const int MaxAtOnce = 8;

    private static readonly Fault _repeated = Fault.Invalid(Members.PhoneNumber, "is the number of an earlier item");

    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync, maxBytes: MaxBytes, batches: [OneCallSchemas.Items]);

    private static VerifyBatchRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var clientRequestId = body.Read(Members.ClientRequestId);
        return new VerifyBatchRequest(clientRequestId, [.. body.ReadItems(OneCallSchemas.Items).Select(BatchItem.Read)]);
    }

    private async Task<Answer> HandleAsync(Call<VerifyBatchRequest> call)
    {
        var items = call.Request.Items;
        var questions = items.Select(item => item.Request.Is(out var request, out _) ? request.Question : null).ToList();
        if (!batch.IsPermitted(call.Caller.Project.Settings, questions))
        {
            LogNotPermitted(call.Caller, questions.OfType<OneCallQuestion>());
            return call.Refuse(Fault.StepNotAllowed);
        }
        var repeated = batch.RepeatedIn(call.Caller.Project.Settings, questions);

        var notPermitted = new ConcurrentBag<OneCallQuestion>();
        var told = new Disclosure[items.Count];
        var results = new BatchResult[items.Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = call.Aborted };
        await Parallel.ForAsync(0, items.Count, limits, async (i, cancellationToken) =>
            results[i] = repeated.Contains(i)
                ? BatchResult.Refused(items[i], _repeated)
                : await AnswerAsync(call.Caller, items[i], notPermitted, disclosure => told[i] = disclosure, cancellationToken));

        await disclosures.LeaveAsync(call.Context, call.Caller, [.. told.OfType<Disclosure>()]);
        LogNotPermitted(call.Caller, notPermitted);
        var id = CorrelationId.New(time.GetUtcNow());
        var refused = results.Count(result => result.Error is not null);
        Log.BatchAnswered(logger, id, results.Length - refused, refused);
        return Answer.Ok(
            new VerifyBatchResponse(id.ToString(), call.Request.ClientRequestId, results), OneCallJson.Answers.VerifyBatchResponse);
    }

    private async Task<BatchResult> AnswerAsync(
        Caller caller, BatchItem item, ConcurrentBag<OneCallQuestion> notPermitted, Action<Disclosure> tell,
        CancellationToken cancellationToken)
    {
        if (!item.Request.Is(out var request, out var fault))
        {
            return BatchResult.Refused(item, fault);
        }
        switch (await verification.AnswerAsync(caller.Project, request.AskedBy(caller.ClientId), cancellationToken))
        {
            case OneCallAnswer.Answered answered:
                var outcome = OneCallOutcome.Of(answered);
                if (outcome.CountTold() is > 0 and var members)
                {
                    tell(await request.TellsAsync(members, disclosures));
                }
                return BatchResult.Of(item, outcome);
            case OneCallAnswer.Refused { Why: var why }:
                return BatchResult.Refused(item, why.ToFault());
            case OneCallAnswer.Limited { Reached: var reached }:
                return BatchResult.Refused(item, Fault.Of(reached, time.GetUtcNow()));
            case OneCallAnswer.NotPermitted:
                notPermitted.Add(request.Question);
                return BatchResult.Refused(item, Fault.StepNotAllowed);
            default:
                throw new UnreachableException();
        }
    }

    // Once for each type, not for each of a thousand items.
    private void LogNotPermitted(Caller caller, IEnumerable<OneCallQuestion> questions)
    {
        foreach (var type in questions.Select(question => question.Type).Distinct())
        {
            Log.OneCallNotPermitted(logger, caller.ClientId, caller.Project.Id, type);
        }
    }
}

/// <summary>A well-formed batch; its items need not be.</summary>
internal sealed record VerifyBatchRequest(string? ClientRequestId, IReadOnlyList<BatchItem> Items)
{
    public override string ToString() => $"{Items.Count} items";
}

/// <summary>An item as it came.</summary>
/// <param name="PhoneNumber">As received, good or bad; "" when it is no text.</param>
/// <param name="ClientCustomerId">As received, good or bad; "" when none was given.</param>
/// <param name="ClientHumanId">As received, good or bad; null when none was given, or it is no text.</param>
/// <param name="Request">Or what its own call would have been refused with.</param>
internal sealed record BatchItem(string PhoneNumber, string ClientCustomerId, string? ClientHumanId, OrFault<OneCallRequest> Request)
{
    public static BatchItem Read(RequestMembers? members)
    {
        if (members is null)
        {
            return new BatchItem("", "", null, RequestBody.NoItem);
        }
        var request = OneCallRequest.Read(members);
        return new BatchItem(
            members.TextIfAny(Members.PhoneNumber) ?? "", members.TextIfAny(Members.ClientCustomerId) ?? "",
            members.TextIfAny(Members.ClientHumanId) is { Length: > 0 } human ? human : null,
            members.Fault is { } fault ? fault : request);
    }

    public override string ToString() => Request.ToString();
}

internal sealed record VerifyBatchResponse(string CorrelationId, string? ClientRequestId, IReadOnlyList<BatchResult> Results)
{
    public override string ToString() => CorrelationId;
}

/// <summary>The answer to one item.</summary>
/// <param name="ProvePhoneAlias">Null when the item was refused, like all that follows but the error.</param>
/// <param name="Error">
/// The message that the item's own call would have been refused with, or that its number is an earlier item's; null when it was answered.
/// </param>
internal sealed record BatchResult(
    string Success, string PhoneNumber, string ClientCustomerId, string AssuranceLevel, string? ClientHumanId = null,
    string? ProveId = null, string? ProvePhoneAlias = null, VerifiedIdentity? Identity = null,
    IReadOnlyList<VerifiedIdentity>? AdditionalIdentities = null, IReadOnlyDictionary<string, Evaluation>? Evaluation = null,
    string? Error = null)
{
    public static BatchResult Of(BatchItem item, OneCallOutcome outcome) => new(
        outcome.Success, item.PhoneNumber, item.ClientCustomerId, outcome.AssuranceLevel, item.ClientHumanId, outcome.ProveId,
        outcome.ProvePhoneAlias, outcome.Identity, outcome.AdditionalIdentities, outcome.Evaluation);

    public static BatchResult Refused(BatchItem item, Fault fault) => new(
        OneCallOutcome.False, item.PhoneNumber, item.ClientCustomerId, OneCallOutcome.WordOf(Core.Assurance.AssuranceLevel.Distrust),
        item.ClientHumanId, Error: fault.Message);

    public override string ToString() => $"{Success}, {AssuranceLevel}";
}
