using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Countersign.Providers.Http;

/// <summary>
/// One provider behind its guards: a limit to a call's time, one to the calls that may hang in it at once, and a breaker that leaves it
/// alone when it fails too often, so that people are not kept waiting for nothing.
/// </summary>
internal sealed class ProviderBreaker<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TAnswer> : IDisposable
{
    private readonly ProviderGuards<TAnswer> _guards;
    private readonly TimeProvider _time;
    private readonly ConcurrencyLimiter? _places;
    private readonly ResiliencePipeline<TAnswer> _limits;
    private readonly ResiliencePipeline<TAnswer> _all;
    private readonly CircuitBreakerStateProvider _state = new();
    private long _openUntil;
    private int _failures = -1;

    public ProviderBreaker(ProviderGuards<TAnswer> guards, TimeProvider time)
    {
        (_guards, _time) = (guards, time);
        var limits = new ResiliencePipelineBuilder<TAnswer> { TimeProvider = time }.AddTimeout(guards.Timeout);
        if (guards.MaxCalls is { } places)
        {
            _places = new(
                new() { PermitLimit = places, QueueLimit = int.MaxValue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
            limits.AddRateLimiter(new RateLimiterStrategyOptions
            {
                RateLimiter = arguments => TakePlaceAsync(_places, arguments.Context.CancellationToken),
            });
        }
        _limits = limits.Build();
        _all = new ResiliencePipelineBuilder<TAnswer> { TimeProvider = time }.AddPipeline(_limits).AddCircuitBreaker(NewBreaker()).Build();
    }

    /// <summary>Whether nothing is asked now. After the rest the next call tells whether it works again.</summary>
    public bool IsOpen => _time.GetUtcNow().UtcTicks < Volatile.Read(ref _openUntil);

    /// <summary>Whether a call is on its way that tells it: until then no other is let through.</summary>
    public bool IsProbed => _state.CircuitState is CircuitState.HalfOpen or CircuitState.Isolated;

    /// <summary>How many calls in a row have failed, about; null before the first.</summary>
    public int? Failures => Volatile.Read(ref _failures) is >= 0 and var failures ? failures : null;

    /// <summary>
    /// Calls, whoever waits for it: of a call that ended with its caller nobody would know what the provider did, and it would count as
    /// answered.
    /// </summary>
    /// <param name="call">Ends when its token says so.</param>
    /// <param name="evenWhenOpen">Calls a provider that is left alone, too; what comes of it does not count.</param>
    /// <exception cref="BrokenCircuitException">It is left alone, or another call tells right now whether it works again.</exception>
    /// <exception cref="RateLimiterRejectedException">All places were held for too long.</exception>
    /// <exception cref="TimeoutRejectedException">The time ended, and the call with it.</exception>
    public async Task<TAnswer> CallAsync(Func<CancellationToken, Task<TAnswer>> call, bool evenWhenOpen = false)
    {
        var pipeline = evenWhenOpen && (IsOpen || IsProbed) ? _limits : _all;
        return await pipeline.ExecuteAsync(async token => await call(token), CancellationToken.None);
    }

    public void Dispose() => _places?.Dispose();

    private CircuitBreakerStrategyOptions<TAnswer> NewBreaker() => new()
    {
        FailureRatio = 0.5,
        MinimumThroughput = 20,
        SamplingDuration = TimeSpan.FromSeconds(30),
        BreakDuration = ProviderGuards.Rest,
        ShouldHandle = arguments => ValueTask.FromResult(Noted(_guards.IsFailure(arguments.Outcome))),
        StateProvider = _state,
        OnOpened = _ =>
        {
            Volatile.Write(ref _openUntil, (_time.GetUtcNow() + ProviderGuards.Rest).UtcTicks);
            _guards.Opened();
            return ValueTask.CompletedTask;
        },
        OnClosed = _ =>
        {
            _guards.Closed();
            return ValueTask.CompletedTask;
        },
    };

    private bool Noted(bool isFailure)
    {
        // For who looks: of calls that end at once one may be missed.
        Volatile.Write(ref _failures, isFailure ? Math.Max(Volatile.Read(ref _failures), 0) + 1 : 0);
        return isFailure;
    }

    /// <summary>Waits for a place, but not for long: others are quicker.</summary>
    private async ValueTask<RateLimitLease> TakePlaceAsync(ConcurrencyLimiter places, CancellationToken cancellationToken)
    {
        if (places.AttemptAcquire() is { IsAcquired: true } free)
        {
            return free;
        }
        using var timeout = new CancellationTokenSource(_guards.MaxWait, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await places.AcquireAsync(permitCount: 1, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RateLimiterRejectedException();
        }
    }
}

/// <summary>What is the same for all providers.</summary>
internal static class ProviderGuards
{
    /// <summary>How long a provider that fails too often is left alone.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);
}

/// <summary>How one provider is guarded.</summary>
internal sealed class ProviderGuards<TAnswer>
{
    /// <summary>Of a call, its wait for a place included.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Whether an answer speaks of the provider's health; a refusal does not.</summary>
    public required Func<Outcome<TAnswer>, bool> IsFailure { get; init; }

    /// <summary>It is left alone from now on.</summary>
    public required Action Opened { get; init; }

    /// <summary>It works again.</summary>
    public required Action Closed { get; init; }

    /// <summary>Calls that may hang in it at once; null for no limit.</summary>
    public int? MaxCalls { get; init; }

    /// <summary>How long a call waits for a place.</summary>
    public TimeSpan MaxWait { get; init; }
}
