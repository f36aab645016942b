using Countersign.Core.Domains;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Domains;

/// <summary>GET /v3/domain/id: under which ids other projects know the caller's.</summary>
internal sealed class ShowDomain(V3Endpoint v3, IDomainStore domains) : IEndpoint
{
    public RequestDelegate Endpoint => v3.OfQuery(ReadNothing, HandleAsync);

    internal static string? ReadNothing(RequestBody query, HttpContext context, Caller caller) => query.Read(Members.RequestId);

    private async Task<Answer> HandleAsync(Call<string?> call) =>
        // Removed since the token was checked: then there is nothing to name.
        await domains.FindAsync(call.Caller.Project.Id, call.Aborted) is { } own
            ? Answer.Ok(new DomainResponse(own.Pcid, own.Name, own.IssuerId), DomainJson.Answers.DomainResponse)
            : call.Refuse(Fault.NotAuthorized);
}

/// <summary>
/// GET /v3/domain/linked: the caller's links and requests, in both directions. What it shows of a request is what the caller agrees to when
/// it confirms without naming scopes.
/// </summary>
internal sealed class ShowLinks(V3Endpoint v3, DomainLinks links) : IEndpoint
{
    public RequestDelegate Endpoint => v3.OfQuery(ShowDomain.ReadNothing, HandleAsync);

    private async Task<Answer> HandleAsync(Call<string?> call)
    {
        var own = call.Caller.Project.Id;
        var known = await links.ShowAsync(call.Caller.Project, call.Aborted);
        var (to, from) = (known.Where(link => link.From.ProjectId == own), known.Where(link => link.To.ProjectId == own));
        return Answer.Ok(
            new LinkedDomainsResponse(
                [.. to.Where(link => link.AcceptedAt is not null).Select(link => LinkedDomain.Of(link, link.To))],
                [.. from.Where(link => link.AcceptedAt is not null).Select(link => LinkedDomain.Of(link, link.From))],
                [.. to.Where(link => link.AcceptedAt is null).Select(link => RequestedDomain.OfAsked(link))],
                [.. from.Where(link => link.AcceptedAt is null).Select(link => RequestedDomain.OfAsking(link))]),
            DomainJson.Answers.LinkedDomainsResponse);
    }
}

/// <param name="IssuerId">Stands with each attribute that this project keeps.</param>
internal sealed record DomainResponse(Guid Pcid, string Name, Guid IssuerId)
{
    public override string ToString() => Pcid.ToString();
}

/// <param name="LinkedTo">Links this project asked for: it sees what is theirs.</param>
/// <param name="LinkedFrom">Links this project confirmed: they see what is its own.</param>
internal sealed record LinkedDomainsResponse(
    IReadOnlyList<LinkedDomain> LinkedTo, IReadOnlyList<LinkedDomain> LinkedFrom, IReadOnlyList<RequestedDomain> RequestsTo,
    IReadOnlyList<RequestedDomain> RequestsFrom);

internal sealed record LinkedDomain(Guid Pcid, string Name, long AcceptedAt, string AcceptedString, IReadOnlyList<string> Scopes)
{
    public static LinkedDomain Of(DomainLink link, Domain other)
    {
        var at = link.AcceptedAt.GetValueOrDefault();
        return new LinkedDomain(other.Pcid, other.Name, at.ToUnixTimeSeconds(), WireTime.Format(at), ScopeWords.Of(link.Scopes));
    }

    public override string ToString() => Pcid.ToString();
}

/// <param name="Name">Null for a project that was asked and has not agreed: it has not chosen to be known to whoever knows its
/// pcid.</param>
internal sealed record RequestedDomain(Guid Pcid, string? Name, long RequestedAt, string RequestedString, IReadOnlyList<string> Scopes)
{
    /// <summary>A request as the project that asks sees it.</summary>
    public static RequestedDomain OfAsked(DomainLink link) => Of(link, link.To.Pcid, name: null);

    /// <summary>A request as the project that is asked sees it.</summary>
    public static RequestedDomain OfAsking(DomainLink link) => Of(link, link.From.Pcid, link.From.Name);

    private static RequestedDomain Of(DomainLink link, Guid pcid, string? name) => new(
        pcid, name, link.RequestedAt.ToUnixTimeSeconds(), WireTime.Format(link.RequestedAt), ScopeWords.Of(link.Scopes));

    public override string ToString() => Pcid.ToString();
}
