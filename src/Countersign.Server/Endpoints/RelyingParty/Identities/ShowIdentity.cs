using System.Diagnostics;
using Countersign.Core.Enrolments;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>GET /v3/identity/{proveId}: what is kept of a person.</summary>
internal sealed class ShowIdentity(V3Endpoint v3, LinkedIdentities identities) : IEndpoint
{
    public RequestDelegate Endpoint => v3.OfQuery(
        (query, context, _) => IdentityRequest.Read(query, context, IdentityMembers.IdInPath), HandleAsync);

    private async Task<Answer> HandleAsync(Call<IdentityRequest> call) =>
        await identities.FindEnrolledAsync(call.Caller.Project, call.Request.Id, call.Aborted) is { } identity
            ? Answer.Ok(IdentityResponse.Of(identity), IdentityJson.Answers.IdentityResponse)
            : call.Refuse(Fault.NotFound);
}

/// <summary>
/// GET /v3/identity/{mobileNumber}/lookup: who is enrolled with a number. It stands in the path because the contract has it there.
/// </summary>
internal sealed class LookUpIdentity(V3Endpoint v3, Enrolment enrolment) : IEndpoint
{
    public RequestDelegate Endpoint => v3.OfQuery(Read, HandleAsync);

    private static IdentityLookupRequest Read(RequestBody query, HttpContext context, Caller caller)
    {
        var number = query.ReadPath(IdentityMembers.MobileNumber, context);
        query.Read(Members.RequestId);
        return new IdentityLookupRequest(number);
    }

    private async Task<Answer> HandleAsync(Call<IdentityLookupRequest> call) =>
        await enrolment.LookUpAsync(call.Caller.Project, call.Request.MobileNumber, call.Aborted) switch
        {
            LookUpOutcome.Found { Identity: var identity } => Say(IdentityResponse.Of(identity)),
            LookUpOutcome.Nobody => Say(),
            LookUpOutcome.Refused { Why: var why } => call.Refuse(why.ToFault(IdentityMembers.MobileNumber)),
            _ => throw new UnreachableException(),
        };

    private static Answer Say(params IReadOnlyList<IdentityResponse> items) =>
        Answer.Ok(new IdentityLookupResponse(items), IdentityJson.Answers.IdentityLookupResponse);
}

internal sealed record IdentityLookupRequest(string MobileNumber)
{
    public override string ToString() => "***";
}

internal sealed record IdentityLookupResponse(IReadOnlyList<IdentityResponse> Items);

/// <param name="PhoneNumber">As it was given at enrolment.</param>
/// <param name="CreatedAt">Seconds since 1970.</param>
/// <param name="CreationString">The same moment, ISO 8601.</param>
internal sealed record IdentityResponse(
    Guid ProveId, string PhoneNumber, bool Active, string? ClientCustomerId, string? ClientHumanId, string? DeviceId, long CreatedAt,
    string CreationString)
{
    /// <summary>The older name of <see cref="ProveId"/>.</summary>
    public Guid IdentityId => ProveId;

    public static IdentityResponse Of(ProjectIdentity identity) => new(
        identity.Id,
        identity.Details.NumberAsGiven ?? identity.Number.E164,
        identity.Status == IdentityStatus.Active,
        identity.Details.ClientCustomerId,
        identity.Details.ClientHumanId,
        identity.Details.DeviceId,
        identity.CreatedAt.ToUnixTimeSeconds(),
        WireTime.Format(identity.CreatedAt));

    public override string ToString() => ProveId.ToString();
}
