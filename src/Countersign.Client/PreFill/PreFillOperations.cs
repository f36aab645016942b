using Countersign.Client.Http;
using Countersign.Client.Wire;

namespace Countersign.Client;

internal sealed class PreFillOperations(CallRunner calls) : IPreFillOperations
{
    public Task<StartResponse> StartAsync(
        StartRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return calls.RunAsync<StartResponse>(Call.Keyed(Operation.Start, request, options), outcome: null, cancellationToken);
    }

    public Task<ValidateResponse> ValidateAsync(string correlationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        var call = Call.AboutFlow(Operation.Validate, correlationId);

        return calls.RunAsync<ValidateResponse, ValidateResponse>(
            call, answer => answer with { CorrelationId = correlationId }, response => Outcome(response.Succeeded), cancellationToken);
    }

    public Task<ChallengeResponse> ChallengeAsync(ChallengeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new Call
        {
            Operation = Operation.Challenge,
            Body = WireJson.Write(request),
            // Counted once: a second try would be refused, and its refusal taken for the answer.
            IsRepeatable = false,
            CorrelationId = request.CorrelationId,
        };

        return calls.RunAsync<ChallengeResponse, ChallengeResponse>(
            call,
            answer => answer with { CorrelationId = request.CorrelationId },
            response => Outcome(response.Succeeded),
            cancellationToken);
    }

    public Task<CompleteResponse> CompleteAsync(CompleteRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new Call
        {
            Operation = Operation.Complete,
            Body = WireJson.Write(request),
            // Counted once, as the challenge.
            IsRepeatable = false,
            CorrelationId = request.CorrelationId,
        };

        return calls.RunAsync<CompleteResponse, CompleteResponse>(
            call,
            answer => answer with { CorrelationId = request.CorrelationId },
            response => Outcome(response.Succeeded),
            cancellationToken);
    }

    void IPreFillOperations.OnlyTheSdkImplementsThis()
    {
    }

    private static string Outcome(bool succeeded) => succeeded ? "true" : "false";
}
