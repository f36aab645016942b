using Countersign.Core.Doctor;
using Countersign.Providers.Http;
using Polly.CircuitBreaker;

namespace Countersign.Providers.Camara;

/// <summary>
/// One operator's HTTP: each call within its limit and through the breaker, and every failure as an <see cref="OperatorFailure"/>.
/// </summary>
internal sealed class OperatorCalls : IDisposable
{
    /// <summary>More is no answer of OpenID Connect or CAMARA.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Of each call.</summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);

    private static readonly ProviderConnection _connection = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(3),
        MaxBytes = MaxBytes,
        MaxAge = TimeSpan.FromMinutes(5),
        // Operators are spoken to over TLS, which a proxy cannot read.
        UsesProxy = true,
    };

    private readonly string _name;
    private readonly ProviderClient _client;
    private readonly ProviderBreaker<ProviderAnswer> _breaker;
    private readonly ILogger _logger;

    /// <summary>How it has answered lately.</summary>
    public ProviderStanding Standing => new(ProviderKind.Operator, _name, _breaker.Failures, _breaker.IsOpen || _breaker.IsProbed);

    /// <param name="handler">What carries requests, for tests; null for the network.</param>
    public OperatorCalls(string name, TimeProvider time, ILogger logger, HttpMessageHandler? handler = null)
    {
        (_name, _logger) = (name, logger);
        _client = new ProviderClient(_connection, time, handler);
        _breaker = new(
            new()
            {
                Timeout = _timeout,
                IsFailure = outcome => outcome.Exception is OperatorFailure { IsOutage: true },
                Opened = () => Log.BreakerOpened(logger, name, ProviderGuards.Rest.TotalSeconds),
                Closed = () => Log.BreakerClosed(logger, name),
            },
            time);
    }

    /// <summary>Whether the operator is being left alone. After the rest the next call is the probe.</summary>
    public bool IsOpen => _breaker.IsOpen;

    /// <summary>Sends a request and reads its whole answer. A 5xx is a failure; every other status is the caller's to judge.</summary>
    /// <param name="call">For the log: discovery, keys, token, verify.</param>
    /// <param name="cancellationToken">
    /// Ends the wait. The call goes on to its own end: breaker and log are to hear what the operator did, not when its caller left.
    /// </param>
    /// <exception cref="OperatorFailure">There is no answer, or none that counts.</exception>
    public Task<ProviderAnswer> SendAsync(string call, Func<HttpRequestMessage> request, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<ProviderAnswer>(cancellationToken)
            : SendAsync(call, request).WaitApartAsync(cancellationToken);

    public void Dispose()
    {
        _breaker.Dispose();
        _client.Dispose();
    }

    private async Task<ProviderAnswer> SendAsync(string call, Func<HttpRequestMessage> request)
    {
        try
        {
            return await _breaker.CallAsync(token => SendOnceAsync(request, token));
        }
        catch (BrokenCircuitException exception)
        {
            throw Failed(call, new OperatorFailure(Reasons.Failing, exception));
        }
        catch (OperatorFailure failure)
        {
            throw Failed(call, failure);
        }
    }

    private OperatorFailure Failed(string call, OperatorFailure failure)
    {
        Log.CallFailed(_logger, _name, call, failure.Reason);
        return failure;
    }

    /// <param name="inTime">Ends with the call's time.</param>
    private async Task<ProviderAnswer> SendOnceAsync(Func<HttpRequestMessage> request, CancellationToken inTime)
    {
        try
        {
            using var message = request();
            var answer = await _client.SendAsync(message, inTime);
            return answer.IsTooLong ? throw new OperatorFailure(Reasons.Unreadable) { IsOutage = true }
                : answer.Status >= 500 ? throw new OperatorFailure(Reasons.Failed) { IsOutage = true }
                : answer;
        }
        catch (OperationCanceledException exception) when (inTime.IsCancellationRequested)
        {
            throw new OperatorFailure(Reasons.TookTooLong, exception) { IsOutage = true };
        }
        catch (OperationCanceledException exception)
        {
            // The client's own limit for connecting.
            throw new OperatorFailure(Reasons.Unreachable, exception) { IsOutage = true, NothingSent = true };
        }
        catch (HttpRequestException exception)
        {
            var nothingSent = exception.HttpRequestError
                is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;
            throw new OperatorFailure(Reasons.Unreachable, exception) { IsOutage = true, NothingSent = nothingSent };
        }
        catch (IOException exception)
        {
            throw new OperatorFailure(Reasons.Unreachable, exception) { IsOutage = true };
        }
    }
}
