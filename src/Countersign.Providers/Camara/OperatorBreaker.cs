using Polly;
using Polly.CircuitBreaker;

namespace Countersign.Providers.Camara;

/// <summary>Leaves an operator alone that keeps failing: people get their code at once instead of waiting for nothing.</summary>
internal sealed class OperatorBreaker
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private long _closedFrom;

    public OperatorBreaker(string name, TimeProvider time, ILogger logger)
    {
        _time = time;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = Pause,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is OperatorFailure { IsOutage: true }),
                OnOpened = _ =>
                {
                    Volatile.Write(ref _closedFrom, (time.GetUtcNow() + Pause).UtcTicks);
                    Log.BreakerOpened(logger, name, Pause.TotalSeconds);
                    return default;
                },
                OnClosed = _ =>
                {
                    Log.BreakerClosed(logger, name);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Whether nothing is asked now. After the pause the next call is the probe.</summary>
    public bool IsOpen => _time.GetUtcNow().UtcTicks < Volatile.Read(ref _closedFrom);

    /// <exception cref="OperatorFailure">The call's own, or that no call is made at present.</exception>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(async token => await call(token), cancellationToken);
        }
        catch (BrokenCircuitException exception)
        {
            throw new OperatorFailure(Reasons.Failing, exception);
        }
    }
}
