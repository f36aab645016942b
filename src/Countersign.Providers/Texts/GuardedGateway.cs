using Countersign.Core;
using Countersign.Core.Doctor;
using Countersign.Core.Texts;
using Countersign.Providers.Http;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Countersign.Providers.Texts;

/// <summary>
/// One gateway behind its guards, and how it has delivered lately. What comes out is an answer, whatever the adapter does.
/// </summary>
internal sealed class GuardedGateway : IDisposable
{
    private const int MaxCallsAtOnce = 32;
    private const int MaxFinals = 50;
    private const int MinFinalsThatTell = 20;
    private const double MinDelivered = 0.6;

    private static readonly TimeSpan _maxWaitForAPlace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _finalsAge = TimeSpan.FromMinutes(10);

    private readonly ISmsGateway _gateway;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ProviderBreaker<SmsResult> _breaker;
    private readonly Queue<(DateTimeOffset At, bool WasDelivered)> _finals = new(MaxFinals);

    public GuardedGateway(ISmsGateway gateway, TimeProvider time, ILogger logger)
    {
        (_gateway, _time, _logger) = (gateway, time, logger);
        _breaker = new(
            new()
            {
                // Waiting for a place counts: the text's own time runs.
                Timeout = TextTimes.Answer,
                MaxCalls = MaxCallsAtOnce,
                MaxWait = _maxWaitForAPlace,
                IsFailure = outcome => IsFailure(outcome.Result),
                Opened = () => Log.GatewayRests(logger, gateway.Name, ProviderGuards.Rest),
                Closed = () => Log.GatewayWorks(logger, gateway.Name),
            },
            time);
    }

    public GatewayName Name => _gateway.Name;

    public bool ReportsHandover => _gateway.ReportsHandover;

    public string? Sender => _gateway.Sender;

    public GatewayHealth Health => IsResting ? GatewayHealth.Resting : SeldomDelivers ? GatewayHealth.SeldomDelivers : GatewayHealth.Well;

    public ProviderStanding Standing => new(ProviderKind.Gateway, Name.ToString(), _breaker.Failures, IsResting)
    {
        SeldomDelivers = SeldomDelivers,
    };

    // When its rest is over the next text is let through, and tells.
    private bool IsResting => _breaker.IsOpen || _breaker.IsProbed;

    private bool SeldomDelivers
    {
        get
        {
            lock (_finals)
            {
                // Behind the others it gets few texts: without this it could never show that it has recovered.
                while (_finals.TryPeek(out var oldest) && oldest.At + _finalsAge < _time.GetUtcNow())
                {
                    _finals.Dequeue();
                }
                return _finals.Count >= MinFinalsThatTell && _finals.Count(final => final.WasDelivered) < MinDelivered * _finals.Count;
            }
        }
    }

    public async Task<SmsResult> SubmitAsync(SmsSubmission submission, bool evenAtRest)
    {
        try
        {
            return await _breaker.CallAsync(token => CallAsync(submission, token), evenWhenOpen: evenAtRest);
        }
        catch (Exception exception) when (exception is BrokenCircuitException or RateLimiterRejectedException)
        {
            // It rests, or another went just before this one to see whether it works again, or all its places are held: others are quicker.
            return new SmsResult.Rejected(SmsRefusal.ProviderDown);
        }
        catch (TimeoutRejectedException)
        {
            return new SmsResult.Unknown();
        }
    }

    public void Record(bool wasDelivered)
    {
        lock (_finals)
        {
            if (_finals.Count == MaxFinals)
            {
                _finals.Dequeue();
            }
            _finals.Enqueue((_time.GetUtcNow(), wasDelivered));
        }
    }

    public void Dispose() => _breaker.Dispose();

    private static bool IsFailure(SmsResult? result) =>
        result is SmsResult.Unknown
            or SmsResult.Rejected { Why: SmsRefusal.ProviderDown or SmsRefusal.AuthFailed or SmsRefusal.NotWritten };

    private async Task<SmsResult> CallAsync(SmsSubmission submission, CancellationToken cancellationToken)
    {
        try
        {
            // An adapter that is ended by the token knows best what it had done by then; one that does not listen must not hold the text.
            return await _gateway.SubmitAsync(submission, cancellationToken)
                .WaitAsync(TextTimes.Answer + _grace, _time, CancellationToken.None);
        }
        catch (Exception exception) when (exception is TimeoutException
            || (exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            return new SmsResult.Unknown();
        }
        catch (Exception exception)
        {
            // What it had done by then nobody knows.
            Log.GatewayThrew(_logger, Name, exception);
            return new SmsResult.Unknown();
        }
    }
}
