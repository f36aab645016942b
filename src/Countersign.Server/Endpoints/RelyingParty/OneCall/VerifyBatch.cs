using System.Diagnostics;
using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.Projects;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

/// <summary>POST /v3/verify/batch: many questions of the one-call contract. What is wrong with one of them stays with it.</summary>
internal sealed class VerifyBatch(V3Endpoint v3, OneCallVerification verification, TimeProvider time, ILogger<OneCallVerification> logger)
    : IEndpoint
{
    public const int MaxItems = 1000;
    public const int MaxBytes = 1024 * 1024;

    // Enough to hide a source's delay, too few to be a flood for it or for the store.
    private const int MaxAtOnce = 8;

    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync, maxBytes: MaxBytes, batches: [OneCallSchemas.Items]);

    private static VerifyBatchRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var clientRequestId = body.Read(Members.ClientRequestId);
        return new VerifyBatchRequest(clientRequestId, [.. body.ReadItems(OneCallSchemas.Items).Select(BatchItem.Read)]);
    }

    private async Task<Answer> HandleAsync(Call<VerifyBatchRequest> call)
    {
        var items = call.Request.Items;
        var results = new BatchResult[items.Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = call.Aborted };
        await Parallel.ForAsync(0, items.Count, limits, async (i, cancellationToken) =>
            results[i] = await AnswerAsync(call.Caller.Project, items[i], cancellationToken));

        var id = CorrelationId.New(time.GetUtcNow());
        var refused = results.Count(result => result.Error is not null);
        Log.BatchAnswered(logger, id, results.Length - refused, refused);
        return Answer.Ok(
            new VerifyBatchResponse(id.ToString(), call.Request.ClientRequestId, results), OneCallJson.Answers.VerifyBatchResponse);
    }

    private async Task<BatchResult> AnswerAsync(Project project, BatchItem item, CancellationToken cancellationToken)
    {
        if (item.Request is not { } request)
        {
            return BatchResult.Refused(item, item.Problem!);
        }
        return await verification.AnswerAsync(project, request.Question, cancellationToken) switch
        {
            OneCallAnswer.Answered answered => BatchResult.Of(item, OneCallOutcome.Of(answered)),
            OneCallAnswer.Refused { Why: var why } => BatchResult.Refused(item, why.ToFault()),
            _ => throw new UnreachableException(),
        };
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
/// <param name="Request">Null when the item is not well formed.</param>
/// <param name="Problem">What its own call would have been refused with; null when it is well formed.</param>
internal sealed record BatchItem(
    string PhoneNumber, string ClientCustomerId, string? ClientHumanId, OneCallRequest? Request, Fault? Problem)
{
    public static BatchItem Read(RequestMembers? members)
    {
        if (members is null)
        {
            return new BatchItem("", "", null, null, RequestBody.NoItem);
        }
        var request = OneCallRequest.Read(members);
        var problem = members.Fault;
        return new BatchItem(
            members.TextIfAny(Members.PhoneNumber) ?? "", members.TextIfAny(Members.ClientCustomerId) ?? "",
            members.TextIfAny(Members.ClientHumanId) is { Length: > 0 } human ? human : null, problem is null ? request : null, problem);
    }

    public override string ToString() => Problem is null ? "well formed" : "not well formed";
}

internal sealed record VerifyBatchResponse(string CorrelationId, string? ClientRequestId, IReadOnlyList<BatchResult> Results)
{
    public override string ToString() => CorrelationId;
}

/// <summary>The answer to one item.</summary>
/// <param name="ProvePhoneAlias">Null when the item was refused, like all that follows but the error.</param>
/// <param name="Error">The message that the item's own call would have been refused with; null when it was answered.</param>
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
