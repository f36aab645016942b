namespace Countersign.Fuzzing;

/// <summary>
/// Has asynchronous code run on the thread that waits for it: then an input takes the same way each time, what it allocates is counted
/// where it is counted, and no execution waits for another thread to be woken.
/// </summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _due = new();

    /// <summary>For the one thread that plays inputs.</summary>
    private static OneThread Shared { get; } = new();

    /// <summary>Runs to its end what is begun here.</summary>
    public static T Wait<T>(Func<Task<T>> begin)
    {
        var around = Current;
        SetSynchronizationContext(Shared);
        try
        {
            var task = begin();
            Shared.RunUntil(task);
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(around);
        }
    }

    /// <inheritdoc cref="Wait{T}"/>
    public static void Wait(Func<Task> begin) => Wait(async () =>
    {
        await begin();
        return true;
    });

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_due)
        {
            _due.Enqueue((d, state));
            Monitor.Pulse(_due);
        }
    }

    private void RunUntil(Task task)
    {
        if (!task.IsCompleted)
        {
            // Another thread may end it, as where a file is read.
            _ = task.ContinueWith(
                _ => Post(static _ => { }, null), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
        while (!task.IsCompleted)
        {
            var (callback, state) = Take();
            callback(state);
        }
    }

    private (SendOrPostCallback Callback, object? State) Take()
    {
        lock (_due)
        {
            while (_due.Count == 0)
            {
                Monitor.Wait(_due);
            }
            return _due.Dequeue();
        }
    }
}
