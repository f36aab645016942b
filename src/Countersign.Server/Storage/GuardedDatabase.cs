using System.Data.Common;
using Countersign.Core.Flows;

namespace Countersign.Server.Storage;

/// <summary>
/// Bounds what callers feel of a database that is away, hangs or cannot work: each statement has a time, writes that wait have a number, and
/// while the database does not answer calls are refused at once. All of that is a <see cref="StoreUnavailableException"/>.
/// </summary>
/// <remarks>
/// Reads and writes are judged apart: behind a lock, or on a full disk, one of them still works. Time is the machine's, whatever the
/// server's clock is moved to.
/// </remarks>
internal sealed class GuardedDatabase(IDatabase inner, TimeSpan patience, TimeProvider time, ILogger<GuardedDatabase> logger) : IDatabase
{
    /// <summary>
    /// How many writes may wait or be under way. What takes longer than its caller waits is of no use: this is more than a fast disk
    /// commits within <see cref="StorageOptions.Patience"/> and little memory.
    /// </summary>
    public const int MostWrites = 8192;

    private readonly Circuit _reads = new(time);
    private readonly Circuit _writes = new(time);
    private int _writing;

    public void Migrate() => inner.Migrate();

    /// <remarks>Passes the guard by: whoever asks has a time limit of their own and wants to know how things are now.</remarks>
    public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

    public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) => GuardAsync(
        _reads, "reads", () => inner.ReadAsync(statement, read, cancellationToken), statement.TakesLong ? Statement.LongPatience : patience, cancellationToken);

    // A write that has begun is finished whether its caller waits or not, so the caller's token does not end the wait.
    public Task<Outcome[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) => GuardAsync(
        _writes, "writes", () => CountedAsync(statements, cancellationToken), patience, CancellationToken.None);

    // The container disposes of the database itself.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<Outcome[]> CountedAsync(Statement[] statements, CancellationToken cancellationToken)
    {
        // Counted until it is over, not until its caller has given it up.
        var writing = Interlocked.Increment(ref _writing);
        try
        {
            return writing > MostWrites
                ? throw new StoreUnavailableException($"More than {MostWrites} writes wait for the store.")
                : await inner.WriteAsync(statements, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _writing);
        }
    }

    private async Task<T> GuardAsync<T>(Circuit circuit, string what, Func<Task<T>> call, TimeSpan most, CancellationToken cancellationToken)
    {
        if (!circuit.TryEnter())
        {
            throw new StoreUnavailableException("The store does not answer; the call was not tried.");
        }

        try
        {
            var result = await call().WaitAsync(most, time, cancellationToken);
            Note(circuit.Answered(), what);
            return result;
        }
        catch (OperationCanceledException)
        {
            circuit.Left();
            throw;
        }
        catch (Exception failure) when (Failures.UnavailabilityIn(failure) is { } unavailability)
        {
            if (unavailability == Unavailability.Unable)
            {
                Note(circuit.Answered(), what);
                throw new StoreUnavailableException("The store cannot do its work.", failure);
            }
            if (circuit.Failed())
            {
                Log.StoreAway(logger, what, Circuit.Rest);
            }
            throw new StoreUnavailableException("The store does not answer.", failure);
        }
        catch
        {
            // It has answered; what it said is another matter.
            Note(circuit.Answered(), what);
            throw;
        }
    }

    private void Note(bool isBack, string what)
    {
        if (isBack)
        {
            Log.StoreBack(logger, what);
        }
    }
}
