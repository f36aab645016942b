using Countersign.Client.Http;
using Countersign.Client.Wire;

namespace Countersign.Client;

internal sealed class OneCallOperations(CallRunner calls) : IOneCallOperations
{
    public Task<OneCallResponse> VerifyAsync(
        OneCallRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = Call.Keyed(Operation.OneCallVerify, request, options);

        return calls.RunAsync<OneCallResponse>(call, response => response.Outcome.Value, cancellationToken);
    }

    public Task<OneCallBatchResponse> VerifyBatchAsync(OneCallBatchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(request.Items, nameof(request));
        var call = new Call
        {
            Operation = Operation.OneCallVerifyBatch,
            Body = WireJson.Write(request),
            // Each item is a question about a person, and the contract has no key for a batch.
            IsRepeatable = false,
        };

        return calls.RunAsync<OneCallBatchResponse, OneCallBatchResponse>(
            call, answer => answer.Results.Count == request.Items.Count ? answer : null, outcome: null, cancellationToken);
    }

    void IOneCallOperations.OnlyTheSdkImplementsThis()
    {
    }
}
