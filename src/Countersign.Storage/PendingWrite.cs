namespace Countersign.Storage;

/// <summary>A write on its way to the disk, and the promise to its caller.</summary>
/// <param name="timeout">How long it may wait to be begun. Later its caller has been told that it failed, so it must not happen any
/// more.</param>
internal sealed class PendingWrite(Statement[] statements, TimeSpan timeout, TimeProvider time)
{
    // Continuations run elsewhere: whoever commits has the next group to commit.
    private readonly TaskCompletionSource<WriteResult[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _queuedAt = time.GetTimestamp();

    public Statement[] Statements { get; } = statements;

    public WriteResult[] Outcomes { get; set; } = [];

    public Task<WriteResult[]> Task => _done.Task;

    /// <summary>
    /// False, and failed, when it has waited too long. To be asked last of all, when nothing is left to wait for but its own statements.
    /// </summary>
    public bool TryBegin()
    {
        if (time.GetElapsedTime(_queuedAt) < timeout)
        {
            return true;
        }
        Fail(new TimeoutException("A write has waited too long behind others and was not begun."));
        return false;
    }

    /// <summary>Does nothing if the write has failed.</summary>
    public void Acknowledge() => _done.TrySetResult(Outcomes);

    public void Fail(Exception e) => _done.TrySetException(e);
}
