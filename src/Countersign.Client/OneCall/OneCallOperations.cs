using System.Text.Json;
using Countersign.Client.Http;
using Countersign.Client.Wire;

namespace Countersign.Client;

internal sealed class OneCallOperations(CallRunner calls) : IOneCallOperations
{
    public Task<OneCallResponse> VerifyAsync(
        OneCallRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = Call.Keyed(
            Operation.OneCallVerify, JsonSerializer.SerializeToUtf8Bytes(OneCallRequestBody.From(request), WireJson.Instance.OneCallRequestBody), options);

        return calls.RunAsync(
            call, WireJson.Instance.OneCallResponseBody, body => body.ToResponse(), response => response.Outcome.Value, cancellationToken);
    }

    public Task<OneCallBatchResponse> VerifyBatchAsync(OneCallBatchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = OneCallBatchRequestBody.From(request);
        var call = new Call
        {
            Operation = Operation.OneCallVerifyBatch,
            Body = JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Instance.OneCallBatchRequestBody),
            // Each item is a question about a person, and the contract has no key for a batch.
            IsRepeatable = false,
        };

        return calls.RunAsync(
            call,
            WireJson.Instance.OneCallBatchResponseBody,
            answer => answer.ToResponse(body.Items.Count),
            outcome: null,
            cancellationToken);
    }
}
