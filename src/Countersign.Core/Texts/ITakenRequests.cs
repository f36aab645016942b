namespace Countersign.Core.Texts;

/// <summary>
/// Signed requests of providers that were acted upon, so that one that was listened to is of no use a second time: a STOP, say, when the person has
/// said START since.
/// </summary>
public interface ITakenRequests
{
    /// <summary>
    /// How long one is remembered. Signatures with a time are good for five minutes before and after it; of those without, a day is what nobody
    /// needs more of.
    /// </summary>
    static TimeSpan Memory { get; } = TimeSpan.FromDays(1);

    /// <param name="signedContent">What the provider signed.</param>
    Task<bool> WasTakenAsync(Secret signedContent, CancellationToken cancellationToken);

    /// <summary>To be called when the request was acted upon: one that failed is sent again, and shall count then.</summary>
    Task NoteAsync(Secret signedContent, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets those that were taken before.</summary>
    /// <returns>How many, at most <paramref name="limit"/>.</returns>
    Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
