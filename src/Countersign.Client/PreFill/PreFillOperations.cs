using System.Text.Json;
using Countersign.Client.Http;
using Countersign.Client.Wire;

namespace Countersign.Client;

internal sealed class PreFillOperations(CallRunner calls) : IPreFillOperations
{
    public Task<StartResponse> StartAsync(
        StartRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = Call.Keyed(
            Operation.Start, JsonSerializer.SerializeToUtf8Bytes(StartRequestBody.From(request), WireJson.Instance.StartRequestBody), options);

        return calls.RunAsync(call, WireJson.Instance.StartResponseBody, body => body.ToResponse(), outcome: null, cancellationToken);
    }

    public Task<ValidateResponse> ValidateAsync(string correlationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        var call = Call.AboutFlow(Operation.Validate, correlationId);

        return calls.RunAsync(
            call,
            WireJson.Instance.ValidateResponseBody,
            answer => answer.ToResponse(correlationId),
            response => Outcome(response.Succeeded),
            cancellationToken);
    }

    public Task<ChallengeResponse> ChallengeAsync(ChallengeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new Call
        {
            Operation = Operation.Challenge,
            Body = JsonSerializer.SerializeToUtf8Bytes(ChallengeRequestBody.From(request), WireJson.Instance.ChallengeRequestBody),
            // Counted once: a second try would be refused, and its refusal taken for the answer.
            IsRepeatable = false,
            CorrelationId = request.CorrelationId,
        };

        return calls.RunAsync(
            call,
            WireJson.Instance.ChallengeResponseBody,
            body => body.ToResponse(request.CorrelationId),
            response => Outcome(response.Succeeded),
            cancellationToken);
    }

    public Task<CompleteResponse> CompleteAsync(CompleteRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new Call
        {
            Operation = Operation.Complete,
            Body = JsonSerializer.SerializeToUtf8Bytes(CompleteRequestBody.From(request), WireJson.Instance.CompleteRequestBody),
            // Counted once, as the challenge.
            IsRepeatable = false,
            CorrelationId = request.CorrelationId,
        };

        return calls.RunAsync(
            call,
            WireJson.Instance.CompleteResponseBody,
            body => body.ToResponse(request.CorrelationId),
            response => Outcome(response.Succeeded),
            cancellationToken);
    }

    private static string Outcome(bool succeeded) => succeeded ? "true" : "false";
}
