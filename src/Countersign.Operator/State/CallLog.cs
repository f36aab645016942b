namespace Countersign.Operator.State;

/// <summary>One call somebody made.</summary>
/// <param name="Sequence">Counts from 1 and is not set back.</param>
/// <param name="Note">Why it was answered so: an error code, or what was recognised.</param>
/// <param name="Number">Masked.</param>
internal sealed record LoggedCall(
    long Sequence, DateTimeOffset At, string Method, string Path, int Status, string Address, string? Client, string? Number, string? Note);

/// <summary>The last calls, for tests and for whoever wonders why a phone was not recognised.</summary>
internal sealed class CallLog
{
    private const int Kept = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<LoggedCall> _calls = [];
    private long _sequence;

    public IReadOnlyList<LoggedCall> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    public void Add(LoggedCall call)
    {
        lock (_gate)
        {
            _calls.Enqueue(call with { Sequence = ++_sequence });
            if (_calls.Count > Kept)
            {
                _calls.Dequeue();
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _calls.Clear();
        }
    }
}
