namespace Countersign.Core.Flows;

/// <summary>Remembers the answers of calls that carried an idempotency key.</summary>
public interface IIdempotencyStore
{
    /// <summary>
    /// Reserves the key for a call with this body. Exactly one of many parallel callers gets <see cref="Reservation.Granted"/>; a key whose
    /// call was granted before <paramref name="abandonedBefore"/> and never finished is granted again, and one that is older than
    /// <paramref name="forgottenBefore"/> is as good as new.
    /// </summary>
    /// <param name="key">Hash of client, path and key.</param>
    /// <param name="body">Hash of the body's bytes.</param>
    Task<Reservation> ReserveAsync(
        SecretHash key, SecretHash body, DateTimeOffset now, DateTimeOffset abandonedBefore, DateTimeOffset forgottenBefore, CancellationToken cancellationToken);

    /// <summary>Keeps the answer, encrypted.</summary>
    Task CompleteAsync(SecretHash key, byte[] answer, CancellationToken cancellationToken);

    /// <summary>Gives the key back: the call was refused, so the next one with it is a new one.</summary>
    Task ReleaseAsync(SecretHash key, CancellationToken cancellationToken);

    Task<int> RemoveAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken);
}

/// <summary>A closed set of answers.</summary>
public abstract record Reservation
{
    private Reservation() { }

    public sealed record Granted : Reservation;

    /// <summary>The same call was answered before; here is the answer.</summary>
    public sealed record Answered(byte[] Answer) : Reservation;

    /// <summary>The same call is still running.</summary>
    public sealed record Running : Reservation;

    /// <summary>The key was used with another body.</summary>
    public sealed record OtherBody : Reservation;
}
