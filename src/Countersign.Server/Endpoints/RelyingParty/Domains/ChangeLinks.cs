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
        if (pcid == caller.Project.ToDomain().Pcid)
        {
            body.Invalid("pcid", "is your own");
        }
        var words = body.Texts("scopes", ScopeWords.All.Count, ScopeWords.Check, isRequired: true);
        body.Text("clientRequestId", check: Fields.ClientId);
        return new LinkRequest(pcid, ScopeWords.Parse(words));
    }

    private static async Task<Answer> HandleAsync(Call<LinkRequest> call) => DomainCalls.DoneOrNotFound(
        call, await call.Service<DomainLinks>().TryRequestAsync(call.Caller.Project, call.Request.Pcid, call.Request.Scopes, call.Aborted));
}

/// <summary>POST /v3/domain/confirm-link: the project that was asked agrees.</summary>
internal static class ConfirmLink
{
    public static RequestDelegate Endpoint { get; } = V3Endpoint.Of(Read, HandleAsync);

    private static ConfirmLinkRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var pcid = DomainCalls.ReadPcid(body, "pcid");
        var isGiven = body.IsGiven("scopes");
        var words = body.Texts("scopes", ScopeWords.All.Count, ScopeWords.Check, isRequired: isGiven);
        body.Text("clientRequestId", check: Fields.ClientId);
        return new ConfirmLinkRequest(pcid, isGiven ? ScopeWords.Parse(words) : null);
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

/// <summary>Asks for links, confirms and ends them. Each returns false for what there is not, whichever part is missing.</summary>
internal sealed class DomainLinks(IDomainStore domains, TimeProvider time, ILogger<DomainLinks> logger)
{
    public async Task<bool> TryRequestAsync(Project from, Guid to, LinkScopes scopes, CancellationToken cancellationToken)
    {
        if (await domains.FindAsync(to, cancellationToken) is not { } other)
        {
            return false;
        }
        await domains.RequestAsync(from.Id, other.ProjectId, scopes, time.GetUtcNow(), cancellationToken);
        Log.LinkRequested(logger, from.Id, other.ProjectId, scopes);
        return true;
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
        var own = caller.ToDomain();
        if ((from != own.Pcid && to != own.Pcid)
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
    public static Domain ToDomain(this Project project) => new(project.Id, project.Name);

    public static Guid ReadPcid(RequestBody body, string name) =>
        body.Text(name, isRequired: true, Fields.Uuid) is { } text ? Guid.Parse(text) : default;

    public static Answer DoneOrNotFound<TRequest>(Call<TRequest> call, bool isDone) => isDone
        ? Answer.Ok(new DomainChangeResponse(true), DomainJson.Answers.DomainChangeResponse)
        : call.Refuse(Fault.NotFound);
}

internal sealed record LinkRequest(Guid Pcid, LinkScopes Scopes);

/// <param name="Scopes">Those that the caller has read in the request; null when it does not say.</param>
internal sealed record ConfirmLinkRequest(Guid Pcid, LinkScopes? Scopes);

internal sealed record UnlinkRequest(Guid PcidFrom, Guid PcidTo);

internal sealed record DomainChangeResponse(bool Success);
