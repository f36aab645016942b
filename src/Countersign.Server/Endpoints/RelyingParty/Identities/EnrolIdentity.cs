using System.Diagnostics;
using Countersign.Core.Enrolments;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>POST /v3/identity: enrols the person behind a number, or renews what is kept of them.</summary>
internal sealed class EnrolIdentity(V3Endpoint v3, Enrolment enrolment) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of((body, _, _) => EnrolMembers.Read(body), HandleAsync);

    private async Task<Answer> HandleAsync(Call<EnrolRequest> call) =>
        await enrolment.EnrolAsync(call.Caller.Project, call.Request, call.Aborted) switch
        {
            EnrolOutcome.Enrolled { Id: var id } => Answer.Ok(new EnrolResponse(true, id), IdentityJson.Answers.EnrolResponse),
            EnrolOutcome.Refused { Why: var why } => call.Refuse(why.ToFault()),
            _ => throw new UnreachableException(),
        };
}

/// <summary>Reads what a relying party says of a person it enrols.</summary>
internal static class EnrolMembers
{
    public static EnrolRequest Read(RequestMembers members)
    {
        var number = members.Read(Members.PhoneNumber);
        var clientCustomerId = members.Read(IdentityMembers.ClientCustomerId);
        var clientHumanId = members.Read(Members.ClientHumanId);
        members.Read(Members.UnkeptRequestId);
        var deviceId = members.Read(Members.DeviceId);
        var facts = members.Read(
            IdentityMembers.Facts, fact => new GivenFact(fact.Read(Members.AttributeType), fact.Read(Members.AttributeValue)));
        return new EnrolRequest(number, clientCustomerId, clientHumanId, deviceId, facts);
    }
}

internal sealed record EnrolResponse(bool Success, Guid ProveId)
{
    /// <summary>The older name of <see cref="ProveId"/>: clients from before April 2026 read it and no other.</summary>
    public Guid IdentityId => ProveId;
}
