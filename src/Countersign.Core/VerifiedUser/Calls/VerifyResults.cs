using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;

namespace Countersign.Core.VerifiedUser.Calls;

/// <summary>Reads how verify flows stand. It decides nothing and changes nothing, however often it is asked.</summary>
public sealed class VerifyResults(FlowRunner flows, IIdentityStore identities)
{
    /// <summary>
    /// Null when there is no such flow. Unknown, expired, another project's and another product's are one answer: nobody learns which ids
    /// exist.
    /// </summary>
    public async Task<VerifyResult?> FindAsync(CorrelationId id, ProjectId project, CancellationToken cancellationToken)
    {
        if (await flows.FindAsync(id, project, Product.VerifiedUsers, cancellationToken) is not { } flow)
        {
            return null;
        }

        // Polls go on until there is a result, so what only a success has to say is not looked for before.
        var person = flow.Tail is VerifiedUserState.Done { Identity.Match: IdentityMatch.Matched }
            ? await identities.FindAsync(flow.ProjectId, flow.Number, cancellationToken)
            : null;
        return new VerifyResult(flow, person is { Status: IdentityStatus.Active } ? person.Id : null);
    }
}

/// <param name="Enrolled">
/// The id of the person, where the project has them enrolled and active and the flow has succeeded; else null.
/// </param>
public sealed record VerifyResult(Flow Flow, Guid? Enrolled)
{
    public override string ToString() => Flow.Id.ToString();
}
