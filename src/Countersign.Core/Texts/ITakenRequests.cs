namespace Countersign.Core.Texts;

/// <summary>
/// Signed requests of providers that were acted upon, so that one that was listened to is of no use a second time: a STOP, say, when the
/// person has said START since.
/// </summary>
public interface ITakenRequests
{
    /// <summary>
    /// How long one is remembered. Signatures with a time are good for five minutes before and after it. Twilio signs no time, so its
    /// requests are genuine for as long as the secret is used: a year and a bit, in which a secret should have been replaced. A row is a
    /// hash and a time.
    /// </summary>
    static TimeSpan Memory { get; } = TimeSpan.FromDays(400);

    /// <param name="signedContent">The gateway's name, and what its provider signed.</param>
    Task<bool> WasTakenAsync(Secret signedContent, CancellationToken cancellationToken);

    /// <summary>To be called when the request was acted upon: one that failed is sent again, and shall count then.</summary>
    Task RecordAsync(Secret signedContent, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets those that were taken before.</summary>
    /// <returns>How many, at most <paramref name="limit"/>.</returns>
    Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
