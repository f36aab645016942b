namespace Countersign.Storage;

/// <summary>
/// Makes few of many equal reads at once: those who come while one is under way share the next, which begins when it has ended. Nobody is
/// given what was read before they came, so a shared read is as good as one of their own, and many calls on one flow leave the store to the
/// others.
/// </summary>
internal sealed class SharedReads<TKey, TValue>
    where TKey : notnull
{
    // Only what is being read now.
    private readonly Dictionary<TKey, Round> _underWay = [];

    /// <param name="read">A shared one goes on when the one who asked for it first goes away.</param>
    /// <exception cref="Exception">What the read throws, or the one before it threw: of a store that does not answer, nobody waits for the
    /// second time-out.</exception>
    public Task<TValue> ReadAsync(TKey key, Func<CancellationToken, Task<TValue>> read, CancellationToken cancellationToken)
    {
        Round first;
        lock (_underWay)
        {
            if (_underWay.TryGetValue(key, out var present))
            {
                present.Next ??= Follow(key, present, read);
                return present.Next.Result!.WaitAsync(cancellationToken);
            }
            _underWay[key] = first = new Round();
        }
        return RunAsync(key, first, read, cancellationToken);
    }

    // Called under the lock; the read itself begins outside of it.
    private Round Follow(TKey key, Round present, Func<CancellationToken, Task<TValue>> read)
    {
        var ended = present.Ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var next = new Round();
        next.Result = RunAsync(key, next, ReadThenAsync, CancellationToken.None);
        return next;

        async Task<TValue> ReadThenAsync(CancellationToken cancellationToken)
        {
            await ended.Task;
            return await read(cancellationToken);
        }
    }

    private async Task<TValue> RunAsync(
        TKey key, Round round, Func<CancellationToken, Task<TValue>> read, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            return await read(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            failure = exception;
            throw;
        }
        finally
        {
            End(key, round, failure);
        }
    }

    private void End(TKey key, Round round, Exception? failure)
    {
        lock (_underWay)
        {
            if (round.Next is { } next)
            {
                _underWay[key] = next;
            }
            else
            {
                _underWay.Remove(key);
            }
        }
        if (failure is null)
        {
            round.Ended?.SetResult();
        }
        else
        {
            round.Ended?.SetException(failure);
        }
    }

    /// <summary>One read, from when somebody waits for it to its end. Its members are set under the lock.</summary>
    private sealed class Round
    {
        /// <summary>For those who came while this one was under way; null while nobody has.</summary>
        public Round? Next { get; set; }

        /// <summary>What <see cref="Next"/> waits for; there when that is.</summary>
        public TaskCompletionSource? Ended { get; set; }

        /// <summary>What those who share this one wait for; null for one that is its caller's alone.</summary>
        public Task<TValue>? Result { get; set; }
    }
}
