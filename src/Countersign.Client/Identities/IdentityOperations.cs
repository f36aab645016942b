using System.Globalization;
using Countersign.Client.Http;
using Countersign.Client.Wire;

namespace Countersign.Client;

internal sealed class IdentityOperations(CallRunner calls) : IIdentityOperations
{
    public Task<EnrolResponse> EnrolAsync(EnrolRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new Call
        {
            Operation = Operation.Enrol,
            Body = WireJson.Write(request),
            // A late second try would bring back data that somebody else has replaced meanwhile.
            IsRepeatable = false,
        };

        return calls.RunAsync<EnrolResponse>(call, outcome: null, cancellationToken);
    }

    public Task<EnrolBatchResponse> EnrolBatchAsync(EnrolBatchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(request.Items, nameof(request));
        var call = new Call
        {
            Operation = Operation.EnrolBatch,
            Body = WireJson.Write(request),
            // As for one person.
            IsRepeatable = false,
        };

        return calls.RunAsync<EnrolBatchResponse, EnrolBatchResponse>(
            call,
            answer => answer.Results.Count == request.Items.Count && answer.Results.All(IsAnswer) ? answer : null,
            outcome: null,
            cancellationToken);
    }

    public Task<ListIdentitiesResponse> ListAsync(ListIdentitiesRequest? request = null, CancellationToken cancellationToken = default)
    {
        var call = Read(
            Operation.ListIdentities,
            RequestPath.AddQuery(
                Operation.ListIdentities,
                ("limit", request?.Limit?.ToString(CultureInfo.InvariantCulture)),
                ("startKey", request?.StartKey),
                ("showInactive", request?.ShowInactive is { } showInactive ? (showInactive ? "true" : "false") : null),
                ("clientRequestId", request?.ClientRequestId)));

        return calls.RunAsync<ListIdentitiesResponse>(call, outcome: null, cancellationToken);
    }

    public IAsyncEnumerable<IdentityReference> ListAllAsync(
        ListIdentitiesRequest? request = null, CancellationToken cancellationToken = default) =>
        IdentityPages.ReadAllAsync(ListAsync, request, cancellationToken);

    public Task<EnrolledIdentity> GetAsync(string proveId, CancellationToken cancellationToken = default)
    {
        var call = Read(Operation.GetIdentity, RequestPath.Fill(Operation.GetIdentity, proveId, nameof(proveId)));
        return calls.RunAsync<EnrolledIdentity>(call, outcome: null, cancellationToken);
    }

    public Task<LookUpResponse> LookUpAsync(string phoneNumber, CancellationToken cancellationToken = default)
    {
        var call = Read(Operation.LookUp, RequestPath.Fill(Operation.LookUp, phoneNumber, nameof(phoneNumber)));
        return calls.RunAsync<LookUpResponse>(call, outcome: null, cancellationToken);
    }

    public Task<ChangeResponse> ActivateAsync(string proveId, CancellationToken cancellationToken = default) =>
        ChangeAsync(Operation.Activate, proveId, cancellationToken);

    public Task<ChangeResponse> DeactivateAsync(string proveId, CancellationToken cancellationToken = default) =>
        ChangeAsync(Operation.Deactivate, proveId, cancellationToken);

    public Task<ChangeResponse> DisenrolAsync(string proveId, CancellationToken cancellationToken = default) =>
        ChangeAsync(Operation.Disenrol, proveId, cancellationToken);

    public Task<CrossDomainResponse> ListCrossDomainAsync(string identityId, CancellationToken cancellationToken = default)
    {
        // A POST that only reads.
        var call = Read(Operation.CrossDomain, RequestPath.Fill(Operation.CrossDomain, identityId, nameof(identityId)));
        return calls.RunAsync<CrossDomainBody, CrossDomainResponse>(call, body => body.ToResponse(), outcome: null, cancellationToken);
    }

    public Task<DiscoverResponse> DiscoverAsync(DiscoverRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = Read(
            Operation.Discover,
            RequestPath.AddQuery(Operation.Discover, ("proveId", request.ProveId), ("clientRequestId", request.ClientRequestId)));

        return calls.RunAsync<DiscoverResponse>(call, outcome: null, cancellationToken);
    }

    public Task<FetchResponse> FetchAsync(FetchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = Read(
            Operation.Fetch,
            RequestPath.AddQuery(
                Operation.Fetch,
                ("proveId", request.ProveId),
                ("attributeId", request.AttributeId),
                ("clientRequestId", request.ClientRequestId)));

        return calls.RunAsync<FetchResponse>(call, outcome: null, cancellationToken);
    }

    void IIdentityOperations.OnlyTheSdkImplementsThis()
    {
    }

    private static bool IsAnswer(EnrolBatchResult result) => result.ProveId is not null || result.Error is not null;

    private static Call Read(Operation operation, string pathAndQuery) =>
        new() { Operation = operation, PathAndQuery = pathAndQuery, IsRepeatable = true };

    private Task<ChangeResponse> ChangeAsync(Operation operation, string proveId, CancellationToken cancellationToken)
    {
        var call = new Call
        {
            Operation = operation,
            PathAndQuery = RequestPath.Fill(operation, proveId, nameof(proveId)),
            // The contract does not say what a second time answers: an identity that is gone, for one, is not found.
            IsRepeatable = false,
        };

        return calls.RunAsync<ChangeResponse>(call, outcome: null, cancellationToken);
    }
}
