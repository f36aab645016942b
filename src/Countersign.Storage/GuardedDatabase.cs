using System.Data.Common;
using Countersign.Core.Flows;

namespace Countersign.Storage;

/// <summary>
/// Bounds what callers feel of a database that is away, hangs or cannot work: each statement has a time, writes that wait have a number,
/// and while the database does not answer calls are refused at once. All of that is a <see cref="StoreUnavailableException"/>.
/// </summary>
/// <remarks>
/// Reads and writes are judged apart: behind a lock, or on a full disk, one of them still works. Time is the machine's, whatever the
/// server's clock is moved to.
/// </remarks>
/// <param name="subscriptions">Those who wait on this node: of a write that was given up nobody else would tell them.</param>
internal sealed class GuardedDatabase(
    IDatabase inner, TimeSpan callTimeout, TimeProvider time, Subscriptions subscriptions, ILogger<GuardedDatabase> logger) : IDatabase
{
    /// <summary>
    /// How many writes may wait or be under way. What takes longer than its caller waits is of no use: this is more than a fast disk
    /// commits within <see cref="StorageOptions.CallTimeout"/> and little memory.
    /// </summary>
    public const int MaxWrites = 8192;

    /// <summary>How long a write that was stored shows that the next one would be.</summary>
    public static readonly TimeSpan ProofLasts = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Circuit _reads = new(time);
    private readonly Circuit _writes = new(time);
    private int _writing;
    private long? _writtenAt;

    public string OutcomesOfNoDay => inner.OutcomesOfNoDay;

    public void Migrate() => inner.Migrate();

    /// <remarks>
    /// Passes the guard by: whoever asks has a time limit of their own and wants to know how things are now. Nothing is written when
    /// something has just been.
    /// </remarks>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        if (IsProven())
        {
            await inner.TouchAsync(cancellationToken);
            return;
        }
        await inner.PingAsync(cancellationToken);
        Prove(isWritten: true);
    }

    public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) => GuardAsync(
        _reads,
        "reads",
        () => inner.ReadAsync(statement, read, cancellationToken),
        statement.TakesLong ? Statement.LongTimeout : callTimeout,
        cancellationToken);

    // A write that has begun is finished whether its caller waits or not, so the caller's token does not end the wait.
    public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
        ? Task.FromCanceled<WriteResult[]>(cancellationToken)
        : GuardAsync(_writes, "writes", () => CountedAsync(statements), callTimeout, CancellationToken.None);

    public Task<bool> ScrubAsync(string table, CancellationToken cancellationToken) => inner.ScrubAsync(table, cancellationToken);

    public Task<bool> MakeOutcomeDaysAsync(DateTimeOffset first, DateTimeOffset last, CancellationToken cancellationToken) =>
        inner.MakeOutcomeDaysAsync(first, last, cancellationToken);

    public Task<long?> DropOutcomeDayAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        inner.DropOutcomeDayAsync(before, cancellationToken);

    // The container disposes of the database itself.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<WriteResult[]> CountedAsync(Statement[] statements)
    {
        // Counted until it is over, not until its caller has given it up.
        var writing = Interlocked.Increment(ref _writing);
        var begun = time.GetTimestamp();
        try
        {
            if (writing > MaxWrites)
            {
                throw new StoreUnavailableException($"More than {MaxWrites} writes wait for the store.");
            }
            var outcomes = await inner.WriteAsync(statements, CancellationToken.None);
            Prove(isWritten: true);
            // About as long as its caller waits: they may have been told that it failed, and it is stored.
            if (time.GetElapsedTime(begun) >= callTimeout / 2)
            {
                subscriptions.Refresh();
            }
            return outcomes;
        }
        catch (Exception failure) when (Failures.UnavailabilityIn(failure) is not null)
        {
            Prove(isWritten: false);
            // A connection that breaks at the commit does not say whether that took place.
            subscriptions.Refresh();
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _writing);
        }
    }

    private async Task<T> GuardAsync<T>(
        Circuit circuit, string what, Func<Task<T>> call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (circuit.TryEnter(mayTry: timeout <= callTimeout) is not { } passage)
        {
            throw new StoreUnavailableException("The store does not answer; the call was not tried.");
        }

        try
        {
            var result = await call().WaitAsync(timeout, time, cancellationToken);
            Record(circuit.Answered(), what);
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Callers whose own timeout is shorter than ours would never let us see that nothing is answered any more.
            if (timeout <= callTimeout && time.GetElapsedTime(passage.BegunAt) >= timeout / 2)
            {
                Fail(circuit, passage, what);
            }
            else
            {
                circuit.Left(passage);
            }
            throw;
        }
        catch (StoreUnavailableException)
        {
            // The store was not asked.
            circuit.Left(passage);
            throw;
        }
        catch (Exception failure) when (Failures.UnavailabilityIn(failure) is { } unavailability)
        {
            if (unavailability == Unavailability.Unable)
            {
                Record(circuit.Answered(), what);
                throw new StoreUnavailableException("The store cannot do its work.", failure);
            }
            Fail(circuit, passage, what);
            throw new StoreUnavailableException("The store does not answer.", failure);
        }
        catch
        {
            // It has answered; what it said is another matter.
            Record(circuit.Answered(), what);
            throw;
        }
    }

    private bool IsProven()
    {
        lock (_gate)
        {
            return _writtenAt is { } at && time.GetElapsedTime(at) < ProofLasts;
        }
    }

    private void Prove(bool isWritten)
    {
        lock (_gate)
        {
            _writtenAt = isWritten ? time.GetTimestamp() : null;
        }
    }

    private void Fail(Circuit circuit, Circuit.Passage passage, string what)
    {
        if (circuit.Failed(passage))
        {
            Log.StoreAway(logger, what, Circuit.Rest);
        }
    }

    private void Record(bool isBack, string what)
    {
        if (isBack)
        {
            Log.StoreBack(logger, what);
        }
    }
}
