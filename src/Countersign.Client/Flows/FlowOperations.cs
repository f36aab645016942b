using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Countersign.Client.Http;
using Countersign.Client.Wire;

namespace Countersign.Client;

internal sealed class FlowOperations(CallRunner calls) : IFlowOperations
{
    public Task<ListFlowsResponse> ListAsync(ListFlowsRequest? request = null, CancellationToken cancellationToken = default)
    {
        var call = new Call
        {
            Operation = Operation.ListFlows,
            PathAndQuery = RequestPath.AddQuery(
                Operation.ListFlows,
                ("from", MomentOf(request?.From)),
                ("to", MomentOf(request?.To)),
                ("end", request?.End),
                ("reason", request?.Reason),
                ("product", request?.Product),
                ("state", request?.State),
                ("limit", request?.Limit?.ToString(CultureInfo.InvariantCulture)),
                ("cursor", request?.Cursor)),
            IsRepeatable = true,
        };

        return calls.RunAsync<ListFlowsResponse>(call, outcome: null, cancellationToken);
    }

    public IAsyncEnumerable<FlowRecord> ListAllAsync(
        ListFlowsRequest? request = null, CancellationToken cancellationToken = default) =>
        FlowPages.ReadAllAsync(ListAsync, request, cancellationToken);

    public Task<ListFlowsResponse> SearchAsync(SearchFlowsRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var within = request.Within;
        var body = new SearchFlowsBody
        {
            ClientRequestId = request.ClientRequestId,
            ClientCustomerId = request.ClientCustomerId,
            PhoneNumber = request.PhoneNumber,
            From = MomentOf(within?.From),
            To = MomentOf(within?.To),
            End = within?.End,
            Reason = within?.Reason,
            Product = within?.Product,
            State = within?.State,
            Limit = within?.Limit,
            Cursor = within?.Cursor,
        };

        // A POST that only reads.
        var call = new Call { Operation = Operation.SearchFlows, Body = WireJson.Write(body), IsRepeatable = true };
        return calls.RunAsync<ListFlowsResponse>(call, outcome: null, cancellationToken);
    }

    public Task<FlowRecord> GetAsync(string correlationId, CancellationToken cancellationToken = default) =>
        AboutAsync(Operation.GetFlow, correlationId, cancellationToken);

    // A second time is answered as the first.
    public Task<FlowRecord> CancelAsync(string correlationId, CancellationToken cancellationToken = default) =>
        AboutAsync(Operation.CancelFlow, correlationId, cancellationToken);

    void IFlowOperations.OnlyTheSdkImplementsThis()
    {
    }

    private static string? MomentOf(DateTimeOffset? moment) =>
        moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private Task<FlowRecord> AboutAsync(Operation operation, string correlationId, CancellationToken cancellationToken)
    {
        var call = new Call
        {
            Operation = operation,
            PathAndQuery = RequestPath.Fill(operation, correlationId, nameof(correlationId)),
            IsRepeatable = true,
            CorrelationId = correlationId,
        };

        return calls.RunAsync<FlowRecord>(call, outcome: null, cancellationToken);
    }
}

/// <summary>Turns pages into one sequence, each page read when its first flow is wanted.</summary>
internal static class FlowPages
{
    public static async IAsyncEnumerable<FlowRecord> ReadAllAsync(
        Func<ListFlowsRequest, CancellationToken, Task<ListFlowsResponse>> readPageAsync,
        ListFlowsRequest? request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        request ??= new ListFlowsRequest();
        while (true)
        {
            var page = await readPageAsync(request, cancellationToken).ConfigureAwait(false);
            foreach (var flow in page.Flows)
            {
                yield return flow;
            }

            if (page.Next is null)
            {
                yield break;
            }

            if (page.Next == request.Cursor)
            {
                // The next page would be this one again, and the enumeration endless.
                throw Failure.Unreadable(Operation.ListFlows, HttpStatusCode.OK, correlationId: null);
            }

            request = request with { Cursor = page.Next };
        }
    }
}
