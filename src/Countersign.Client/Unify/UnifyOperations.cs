using Countersign.Client.Http;
using Countersign.Client.Wire;

namespace Countersign.Client;

internal sealed class UnifyOperations : IUnifyOperations
{
    private readonly CallRunner _calls;
    private readonly ResultWait<UnifyStatusResponse> _resultWait;

    public UnifyOperations(CallRunner calls, TimeProvider time, Jitter jitter)
    {
        _calls = calls;
        _resultWait = new ResultWait<UnifyStatusResponse>(
            GetStatusAsync,
            // Possession that is required does not come by waiting: the caller has to check it.
            status => status.Outcome.IsFinal || status.Outcome == UnifyOutcome.PossessionRequired,
            status => status with { Outcome = UnifyOutcome.Expired },
            time,
            jitter);
    }

    public Task<UnifyResponse> StartAsync(
        UnifyRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = Call.Keyed(Operation.Unify, request, options);

        return _calls.RunAsync<UnifyResponse>(call, response => response.Outcome.Value, cancellationToken);
    }

    public Task<UnifyStatusResponse> GetStatusAsync(string correlationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        var call = Call.AboutFlow(Operation.UnifyStatus, correlationId);

        return ReadStatusAsync(call, correlationId, cancellationToken);
    }

    public Task<UnifyStatusResponse> WaitForResultAsync(
        string correlationId, WaitForResultOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        options ??= new WaitForResultOptions();
        WaitForResultOptions.ThrowIfInvalid(options);
        return _resultWait.RunAsync(correlationId, options, cancellationToken);
    }

    public Task<UnifyStatusResponse> BindAsync(UnifyBindRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new Call
        {
            Operation = Operation.UnifyBind,
            Body = WireJson.Write(request),
            // Counted once: a second try would be refused, and its refusal taken for the answer. The status tells what became of the first.
            IsRepeatable = false,
            CorrelationId = request.CorrelationId,
        };

        return ReadStatusAsync(call, request.CorrelationId, cancellationToken);
    }

    public Task<ChangeResponse> RevokeDeviceAsync(RevokeDeviceRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new Call
        {
            Operation = Operation.RevokeDevice,
            Body = WireJson.Write(request),
            // A device that is revoked twice is answered as one that is revoked once.
            IsRepeatable = true,
        };

        return _calls.RunAsync<ChangeResponse>(call, outcome: null, cancellationToken);
    }

    void IUnifyOperations.OnlyTheSdkImplementsThis()
    {
    }

    private Task<UnifyStatusResponse> ReadStatusAsync(Call call, string correlationId, CancellationToken cancellationToken) =>
        _calls.RunAsync<UnifyStatusResponse, UnifyStatusResponse>(
            call, answer => answer with { CorrelationId = correlationId }, response => response.Outcome.Value, cancellationToken);
}
