using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Countersign.Client.Http;
using Countersign.Client.Wire;

namespace Countersign.Client;

internal sealed class DomainOperations(CallRunner calls) : IDomainOperations
{
    public Task<ChangeResponse> LinkAsync(LinkDomainRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ChangeAsync(
            Operation.LinkDomain, LinkDomainRequestBody.From(request), WireJson.Instance.LinkDomainRequestBody, cancellationToken);
    }

    public Task<ChangeResponse> ConfirmLinkAsync(
        string pcid, IReadOnlyList<string>? scopes = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pcid);
        return ChangeAsync(
            Operation.ConfirmDomainLink,
            new ConfirmDomainLinkRequestBody { Pcid = pcid, Scopes = WireLists.From(scopes, scope => scope) },
            WireJson.Instance.ConfirmDomainLinkRequestBody,
            cancellationToken);
    }

    public Task<ChangeResponse> UnlinkAsync(UnlinkDomainRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ChangeAsync(
            Operation.UnlinkDomain, UnlinkDomainRequestBody.From(request), WireJson.Instance.UnlinkDomainRequestBody, cancellationToken);
    }

    public Task<DomainIdResponse> GetIdAsync(CancellationToken cancellationToken = default) =>
        calls.RunAsync(
            new Call { Operation = Operation.DomainId, IsRepeatable = true },
            WireJson.Instance.DomainIdResponseBody,
            body => body.ToResponse(),
            outcome: null,
            cancellationToken);

    public Task<LinkedDomainsResponse> GetLinkedAsync(CancellationToken cancellationToken = default) =>
        calls.RunAsync(
            new Call { Operation = Operation.LinkedDomains, IsRepeatable = true },
            WireJson.Instance.LinkedDomainsResponseBody,
            body => body.ToResponse(),
            outcome: null,
            cancellationToken);

    private Task<ChangeResponse> ChangeAsync<TBody>(
        Operation operation, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken cancellationToken)
    {
        var call = new Call
        {
            Operation = operation,
            Body = JsonSerializer.SerializeToUtf8Bytes(body, bodyType),
            // A link that was asked for, confirmed or ended already may be refused a second time.
            IsRepeatable = false,
        };

        return calls.RunAsync(call, WireJson.Instance.ChangeResponseBody, answer => answer.ToResponse(), outcome: null, cancellationToken);
    }
}
