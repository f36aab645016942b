using Countersign.Core.Domains;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Domains;

/// <summary>POST /v3/domain/link: asks another project for a link. It is none before the other confirms it.</summary>
internal static class LinkDomain
{
    public static RequestDelegate Endpoint { get; } = V3Endpoint.Of(Read, HandleAsync);

    private static LinkRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var pcid = DomainCalls.ReadPcid(body, "pcid");
        // Published SDKs until December 2025 cannot name scopes.
        var scopes = DomainCalls.ReadScopes(body) ?? LinkScopes.Identities;
        body.Text("clientRequestId", check: Fields.ClientId);
        return new LinkRequest(pcid, scopes);
    }

    private static async Task<Answer> HandleAsync(Call<LinkRequest> call)
    {
        var other = await call.Service<IDomainStore>().FindAsync(call.Request.Pcid, call.Aborted);
        if (other?.ProjectId == call.Caller.Project.Id)
        {
            return call.Refuse(Fault.Invalid("pcid", "is your own"));
        }
        if (other is not null)
        {
            await call.Service<DomainLinks>().RequestAsync(call.Caller.Project, other, call.Request.Scopes, call.Aborted);
        }
        return DomainCalls.DoneOrNotFound(call, isDone: other is not null);
    }
}

/// <summary>POST /v3/domain/confirm-link: the project that was asked agrees.</summary>
internal static class ConfirmLink
{
    public static RequestDelegate Endpoint { get; } = V3Endpoint.Of(Read, HandleAsync);

    private static ConfirmLinkRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var pcid = DomainCalls.ReadPcid(body, "pcid");
        var scopes = DomainCalls.ReadScopes(body);
        body.Text("clientRequestId", check: Fields.ClientId);
        return new ConfirmLinkRequest(pcid, scopes);
    }

    private static async Task<Answer> HandleAsync(Call<ConfirmLinkRequest> call) => DomainCalls.DoneOrNotFound(
        call, await call.Service<DomainLinks>().TryConfirmAsync(call.Caller.Project, call.Request.Pcid, call.Request.Scopes, call.Aborted));
}

/// <summary>POST /v3/domain/unlink: either side ends a link, or takes back or declines a request.</summary>
internal static class Unlink
{
    public static RequestDelegate Endpoint { get; } = V3Endpoint.Of(Read, HandleAsync);

    private static UnlinkRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var request = new UnlinkRequest(DomainCalls.ReadPcid(body, "pcidFrom"), DomainCalls.ReadPcid(body, "pcidTo"));
        body.Text("clientRequestId", check: Fields.ClientId);
        return request;
    }

    private static async Task<Answer> HandleAsync(Call<UnlinkRequest> call) => DomainCalls.DoneOrNotFound(
        call, await call.Service<DomainLinks>().TryRemoveAsync(call.Caller.Project, call.Request.PcidFrom, call.Request.PcidTo, call.Aborted));
}

/// <summary>Asks for links, confirms and ends them. The latter two return false for what there is not, whichever part is missing.</summary>
internal sealed class DomainLinks(IDomainStore domains, TimeProvider time, ILogger<DomainLinks> logger)
{
    public async Task RequestAsync(Project from, Domain to, LinkScopes scopes, CancellationToken cancellationToken)
    {
        await domains.RequestAsync(from.Id, to.ProjectId, scopes, time.GetUtcNow(), cancellationToken);
        Log.LinkRequested(logger, from.Id, to.ProjectId, scopes);
    }

    public async Task<bool> TryConfirmAsync(Project to, Guid from, LinkScopes? scopes, CancellationToken cancellationToken)
    {
        if (await domains.FindAsync(from, cancellationToken) is not { } other
            || !await domains.AcceptAsync(other.ProjectId, to.Id, scopes, time.GetUtcNow(), cancellationToken))
        {
            return false;
        }
        Log.LinkConfirmed(logger, other.ProjectId, to.Id);
        return true;
    }

    /// <param name="caller">One of the two.</param>
    public async Task<bool> TryRemoveAsync(Project caller, Guid from, Guid to, CancellationToken cancellationToken)
    {
        if (await domains.FindAsync(caller.Id, cancellationToken) is not { } own
            || (from != own.Pcid && to != own.Pcid)
            || await domains.FindAsync(from == own.Pcid ? to : from, cancellationToken) is not { } other)
        {
            return false;
        }

        var (fromId, toId) = from == own.Pcid ? (own.ProjectId, other.ProjectId) : (other.ProjectId, own.ProjectId);
        if (!await domains.RemoveAsync(fromId, toId, cancellationToken))
        {
            return false;
        }
        Log.LinkRemoved(logger, fromId, toId);
        return true;
    }
}

internal static class DomainCalls
{
    public static Guid ReadPcid(RequestBody body, string name) =>
        body.Text(name, isRequired: true, Fields.Uuid) is { } text ? Guid.Parse(text) : default;

    /// <summary>Null when there are none; an empty list is refused.</summary>
    public static LinkScopes? ReadScopes(RequestBody body)
    {
        var isGiven = body.IsGiven("scopes");
        var words = body.Texts("scopes", ScopeWords.All.Count, ScopeWords.Check, isRequired: isGiven);
        return isGiven ? ScopeWords.Parse(words) : null;
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
