namespace Countersign.Providers.Http;

/// <summary>Waiting for what goes on when who waits for it goes away.</summary>
internal static class Waiting
{
    /// <summary>
    /// Waits as long as the caller does. The task goes on to its own end; a failure that nobody waits for any more is nobody's, and not
    /// reported as unobserved.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public static Task<T> WaitApartAsync<T>(this Task<T> running, CancellationToken cancellationToken)
    {
        _ = running.ContinueWith(
            static ended => ended.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return running.WaitAsync(cancellationToken);
    }
}
