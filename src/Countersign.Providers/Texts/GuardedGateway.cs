using Countersign.Core;
using Countersign.Core.Texts;
using Polly;
using Polly.CircuitBreaker;

namespace Countersign.Providers.Texts;

/// <summary>
/// One gateway behind its guards: a deadline, a breaker that leaves it alone when it fails too often, and a limit to the calls that may hang
/// in it at once. What comes out is an answer, whatever the adapter does.
/// </summary>
internal sealed class GuardedGateway : IDisposable
{
    private const int MostCallsAtOnce = 32;
    private const int FinalsKept = 50;
    private const int FinalsThatTell = 20;
    private const double LeastDelivered = 0.6;

    private static readonly TimeSpan LongestWaitForAPlace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FinalsAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    private readonly ISmsGateway _gateway;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _places = new(MostCallsAtOnce);
    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ResiliencePipeline<SmsResult> _pipeline;
    private readonly Queue<(DateTimeOffset At, bool WasDelivered)> _finals = new(FinalsKept);
    private DateTimeOffset _restsUntil;

    public GuardedGateway(ISmsGateway gateway, TimeProvider time, ILogger logger)
    {
        (_gateway, _time, _logger) = (gateway, time, logger);
        _pipeline = new ResiliencePipelineBuilder<SmsResult> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<SmsResult>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = Rest,
                ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments.Outcome.Result)),
                StateProvider = _breaker,
                OnOpened = _ =>
                {
                    _restsUntil = _time.GetUtcNow() + Rest;
                    Log.GatewayRests(_logger, Name, Rest);
                    return ValueTask.CompletedTask;
                },
                OnClosed = _ =>
                {
                    Log.GatewayWorks(_logger, Name);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    public GatewayName Name => _gateway.Name;

    public bool ReportsHandover => _gateway.ReportsHandover;

    public string? Sender => _gateway.Sender;

    public GatewayHealth Health => IsResting ? GatewayHealth.Resting : SeldomDelivers ? GatewayHealth.SeldomDelivers : GatewayHealth.Well;

    // When its rest is over the next text is let through, and tells.
    private bool IsResting => _breaker.CircuitState switch
    {
        CircuitState.Open => _time.GetUtcNow() < _restsUntil,
        CircuitState.HalfOpen or CircuitState.Isolated => true,
        _ => false,
    };

    private bool SeldomDelivers
    {
        get
        {
            lock (_finals)
            {
                // Behind the others it gets few texts: without this it could never show that it has recovered.
                while (_finals.TryPeek(out var oldest) && oldest.At + FinalsAge < _time.GetUtcNow())
                {
                    _finals.Dequeue();
                }
                return _finals.Count >= FinalsThatTell && _finals.Count(final => final.WasDelivered) < LeastDelivered * _finals.Count;
            }
        }
    }

    public async Task<SmsResult> SubmitAsync(SmsSubmission submission, bool evenAtRest)
    {
        // Waiting for a place counts: the text's own time runs.
        using var patience = new CancellationTokenSource(TextTimes.Answer, _time);
        if (!await TakePlaceAsync())
        {
            return new SmsResult.Rejected(SmsRefusal.ProviderDown);
        }
        try
        {
            // The breaker would not let it through.
            return evenAtRest && IsResting
                ? await CallAsync(submission, patience.Token)
                : await _pipeline.ExecuteAsync(async token => await CallAsync(submission, token), patience.Token);
        }
        catch (BrokenCircuitException)
        {
            // It rests, or two went at once to see whether it works again, and this one was the second.
            return new SmsResult.Rejected(SmsRefusal.ProviderDown);
        }
        catch (OperationCanceledException)
        {
            return new SmsResult.Unknown();
        }
        finally
        {
            _places.Release();
        }
    }

    public void Note(bool wasDelivered)
    {
        lock (_finals)
        {
            if (_finals.Count == FinalsKept)
            {
                _finals.Dequeue();
            }
            _finals.Enqueue((_time.GetUtcNow(), wasDelivered));
        }
    }

    public void Dispose() => _places.Dispose();

    private static bool IsFailure(SmsResult? result) =>
        result is SmsResult.Unknown or SmsResult.Rejected { Why: SmsRefusal.ProviderDown or SmsRefusal.AuthFailed };

    /// <summary>False when all places were held for too long: other gateways are quicker.</summary>
    private async Task<bool> TakePlaceAsync()
    {
        if (_places.Wait(0))
        {
            return true;
        }
        using var patience = new CancellationTokenSource(LongestWaitForAPlace, _time);
        try
        {
            await _places.WaitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<SmsResult> CallAsync(SmsSubmission submission, CancellationToken cancellationToken)
    {
        try
        {
            // An adapter that is ended by the token knows best what it had done by then; one that does not listen must not hold the text.
            return await _gateway.SubmitAsync(submission, cancellationToken).WaitAsync(TextTimes.Answer + Grace, _time, CancellationToken.None);
        }
        catch (Exception exception) when (exception is TimeoutException || (exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
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
