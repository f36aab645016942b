using Microsoft.Extensions.Logging;

namespace Countersign.Providers.Tests.Fakes;

/// <summary>A log whose lines can be waited for.</summary>
internal sealed class SignalledEvents : ILogger
{
    private readonly Lock _gate = new();
    private readonly List<int> _seen = [];
    private readonly List<(int Id, int Count, TaskCompletionSource Seen)> _waiting = [];

    public int Count(int id)
    {
        lock (_gate)
        {
            return _seen.Count(seen => seen == id);
        }
    }

    /// <summary>Ends when the event has been logged so often.</summary>
    public Task SeenAsync(int id, int count = 1)
    {
        lock (_gate)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((id, count, seen));
            Signal();
            return seen.Task;
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _seen.Add(eventId.Id);
            Signal();
        }
    }

    private void Signal()
    {
        foreach (var (_, _, seen) in _waiting.Where(one => Count(one.Id) >= one.Count))
        {
            seen.TrySetResult();
        }
    }
}
