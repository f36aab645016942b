using Countersign.Client.Http;
using Countersign.Client.Wire;

namespace Countersign.Client;

internal sealed class DomainOperations(CallRunner calls) : IDomainOperations
{
    public Task<ChangeResponse> LinkAsync(LinkDomainRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ChangeAsync(Operation.LinkDomain, request, cancellationToken);
    }

    public Task<ChangeResponse> ConfirmLinkAsync(
        string pcid, IReadOnlyList<string>? scopes = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pcid);
        return ChangeAsync(Operation.ConfirmDomainLink, new LinkDomainRequest { Pcid = pcid, Scopes = scopes ?? [] }, cancellationToken);
    }

    public Task<ChangeResponse> UnlinkAsync(UnlinkDomainRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ChangeAsync(Operation.UnlinkDomain, request, cancellationToken);
    }

    public Task<DomainIdResponse> GetIdAsync(CancellationToken cancellationToken = default) =>
        calls.RunAsync<DomainIdResponse>(
            new Call { Operation = Operation.DomainId, IsRepeatable = true }, outcome: null, cancellationToken);

    public Task<LinkedDomainsResponse> GetLinkedAsync(CancellationToken cancellationToken = default) =>
        calls.RunAsync<LinkedDomainsResponse>(
            new Call { Operation = Operation.LinkedDomains, IsRepeatable = true }, outcome: null, cancellationToken);

    void IDomainOperations.OnlyTheSdkImplementsThis()
    {
    }

    private Task<ChangeResponse> ChangeAsync<TRequest>(Operation operation, TRequest request, CancellationToken cancellationToken)
    {
        var call = new Call
        {
            Operation = operation,
            Body = WireJson.Write(request),
            // A link that was asked for, confirmed or ended already may be refused a second time.
            IsRepeatable = false,
        };

        return calls.RunAsync<ChangeResponse>(call, outcome: null, cancellationToken);
    }
}
