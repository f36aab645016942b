using Countersign.Core.Domains;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Domains;

/// <summary>POST /v3/domain/link: asks another project for a link. It is none before the other confirms it.</summary>
internal sealed class LinkDomain(V3Endpoint v3, DomainLinks links) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private static LinkRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var pcid = body.Read(DomainMembers.Pcid);
        // Published SDKs until December 2025 cannot name scopes.
        var scopes = DomainCalls.ReadScopes(body) ?? LinkScopes.Identities;
        body.Read(Members.UnkeptRequestId);
        return new LinkRequest(pcid, scopes);
    }

    private async Task<Answer> HandleAsync(Call<LinkRequest> call) =>
        await links.RequestAsync(call.Caller.Project, call.Request.Pcid, call.Request.Scopes, call.Aborted) is var outcome
        && outcome == LinkRequestOutcome.OwnDomain
            ? call.Refuse(Fault.Invalid(DomainMembers.Pcid, "is your own"))
            : DomainCalls.DoneOrNotFound(call, isDone: outcome == LinkRequestOutcome.Requested);
}

/// <summary>POST /v3/domain/confirm-link: the project that was asked agrees.</summary>
internal sealed class ConfirmLink(V3Endpoint v3, DomainLinks links) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private static ConfirmLinkRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var pcid = body.Read(DomainMembers.Pcid);
        var scopes = DomainCalls.ReadScopes(body);
        body.Read(Members.UnkeptRequestId);
        return new ConfirmLinkRequest(pcid, scopes);
    }

    private async Task<Answer> HandleAsync(Call<ConfirmLinkRequest> call) => DomainCalls.DoneOrNotFound(
        call, await links.TryConfirmAsync(call.Caller.Project, call.Request.Pcid, call.Request.Scopes, call.Aborted));
}

/// <summary>POST /v3/domain/unlink: either side ends a link, or takes back or declines a request.</summary>
internal sealed class Unlink(V3Endpoint v3, DomainLinks links) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private static UnlinkRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var request = new UnlinkRequest(body.Read(DomainMembers.PcidFrom), body.Read(DomainMembers.PcidTo));
        body.Read(Members.UnkeptRequestId);
        return request;
    }

    private async Task<Answer> HandleAsync(Call<UnlinkRequest> call) => DomainCalls.DoneOrNotFound(
        call, await links.TryRemoveAsync(call.Caller.Project, call.Request.PcidFrom, call.Request.PcidTo, call.Aborted));
}

internal static class DomainCalls
{
    /// <summary>Null when there are none; an empty list is refused.</summary>
    public static LinkScopes? ReadScopes(RequestBody body)
    {
        var isGiven = body.IsGiven(DomainMembers.Scopes);
        var scopes = body.Read(DomainMembers.Scopes, isRequired: isGiven);
        return isGiven ? scopes.Aggregate(LinkScopes.None, (all, scope) => all | scope) : null;
    }

    public static Answer DoneOrNotFound<TRequest>(Call<TRequest> call, bool isDone) => isDone
        ? Answer.Ok(new DomainChangeResponse(true), DomainJson.Answers.DomainChangeResponse)
        : call.Refuse(Fault.NotFound);
}

internal sealed record LinkRequest(Guid Pcid, LinkScopes Scopes);

/// <param name="Scopes">Those that the caller has read in the request; null when it does not say.</param>
internal sealed record ConfirmLinkRequest(Guid Pcid, LinkScopes? Scopes);

internal sealed record UnlinkRequest(Guid PcidFrom, Guid PcidTo);

internal sealed record DomainChangeResponse(bool Success);
