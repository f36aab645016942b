using System.Diagnostics;
using Countersign.Core;
using Countersign.Core.Enrolments;
using Countersign.Core.Projects;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>POST /v3/identity/batch: many enrolments in one call. What is wrong with an item stays in the item.</summary>
internal sealed class EnrolBatch(V3Endpoint v3, Enrolment enrolment, INumberPlan plan) : IEndpoint
{
    public const int MaxBytes = 128 * 1024;

    public RequestDelegate Endpoint =>
        v3.Of(Read, HandleAsync, maxBytes: MaxBytes, batches: [IdentityMembers.Items, IdentityMembers.Identities]);

    private static EnrolBatchRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var (name, alias) = (IdentityMembers.Items, IdentityMembers.Identities);
        var isAlias = body.IsGiven(alias) && !body.IsGiven(name);
        var items = body.ReadItems(isAlias ? alias : name);
        if (!isAlias && body.IsGiven(alias))
        {
            body.Invalid(alias, $"{name} is given too");
        }
        body.Read(Members.UnkeptRequestId);
        return new EnrolBatchRequest([.. items.Select(ReadItem)]);
    }

    private static OrFault<EnrolRequest> ReadItem(RequestMembers? members)
    {
        if (members is null)
        {
            return RequestBody.NoItem;
        }
        var request = EnrolMembers.Read(members);
        return members.Fault is { } fault ? fault : request;
    }

    private async Task<Answer> HandleAsync(Call<EnrolBatchRequest> call)
    {
        var project = call.Caller.Project;

        // Together, since writes that come together share one flush; but items of one number in their order, so that the last one stays.
        var results = new EnrolBatchResult[call.Request.Items.Count];
        var chains = call.Request.Items.Index().GroupBy(
            pair => pair.Item.Is(out var request, out _) ? NumberOf(request) : null, StringComparer.Ordinal);
        await Task.WhenAll(chains.Select(async chain =>
        {
            foreach (var (index, item) in chain)
            {
                results[index] = await EnrolAsync(project, item, call.Aborted);
            }
        }));
        return Answer.Ok(new EnrolBatchResponse(results), IdentityJson.Answers.EnrolBatchResponse);
    }

    // However it is written.
    private string NumberOf(EnrolRequest request) => plan.Read(request.PhoneNumber)?.E164 ?? request.PhoneNumber;

    private async Task<EnrolBatchResult> EnrolAsync(
        Project project, OrFault<EnrolRequest> item, CancellationToken cancellationToken)
    {
        if (!item.Is(out var request, out var fault))
        {
            return new EnrolBatchResult(null, fault.Message);
        }
        return await enrolment.EnrolAsync(project, request, cancellationToken) switch
        {
            EnrolOutcome.Enrolled { Id: var id } => new EnrolBatchResult(id, null),
            EnrolOutcome.Refused { Why: var why } => new EnrolBatchResult(null, why.ToFault().Message),
            _ => throw new UnreachableException(),
        };
    }
}

/// <summary>A well-formed batch; its items need not be.</summary>
internal sealed record EnrolBatchRequest(IReadOnlyList<OrFault<EnrolRequest>> Items);

internal sealed record EnrolBatchResponse(IReadOnlyList<EnrolBatchResult> Results);

/// <param name="ProveId">Null when there is an error.</param>
internal sealed record EnrolBatchResult(Guid? ProveId, string? Error)
{
    /// <summary>The older name of <see cref="ProveId"/>.</summary>
    public Guid? IdentityId => ProveId;

    public override string ToString() => ProveId?.ToString() ?? "error";
}
