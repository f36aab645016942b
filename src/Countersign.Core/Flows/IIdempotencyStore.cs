namespace Countersign.Core.Flows;

/// <summary>
/// Remembers the answers of calls that carried an idempotency key. Nothing is kept of a call that has not been answered: an answer is
/// stored together with what it tells of, in one transaction (<see cref="IFlowStore.AddAsync(Flow, KeyedAnswer, CancellationToken)"/>).
/// </summary>
public interface IIdempotencyStore
{
    /// <summary>How long an answer is remembered.</summary>
    static TimeSpan Memory { get; } = TimeSpan.FromHours(24);

    /// <summary>
    /// What is remembered of the call's key; null when nothing is, or when it is older than <see cref="KeyedCall.ForgottenBefore"/>.
    /// </summary>
    Task<Remembered?> FindAsync(KeyedCall call, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps an answer that tells of nothing else that has to be stored. Returns null, or what another call with the key was answered
    /// first.
    /// </summary>
    Task<Remembered?> KeepAsync(KeyedAnswer answer, CancellationToken cancellationToken);

    Task<int> RemoveAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken);
}

/// <summary>A call that carries an idempotency key.</summary>
/// <param name="Key">Hash of client, path and key.</param>
/// <param name="Body">Hash of the body's bytes.</param>
/// <param name="ForgottenBefore">A key that was answered before this moment is as good as new.</param>
public sealed record KeyedCall(SecretHash Key, SecretHash Body, DateTimeOffset At, DateTimeOffset ForgottenBefore)
{
    /// <summary>A key that was reserved before this moment and not answered is as good as new: its call has ended.</summary>
    public DateTimeOffset AbandonedBefore() => At - TimeSpan.FromSeconds(60);
}

/// <summary>The answer that a call with an idempotency key is about to get. It is stored encrypted.</summary>
public sealed record KeyedAnswer(KeyedCall Call, byte[] Body)
{
    // Answers hold credentials of browsers and data of persons.
    public override string ToString() => "***";
}

/// <summary>What is known of an idempotency key: a closed set.</summary>
public abstract record Remembered
{
    private Remembered() { }

    /// <summary>The same call was answered before; here is the answer.</summary>
    public sealed record Answered(byte[] Answer) : Remembered
    {
        public override string ToString() => "***";
    }

    /// <summary>A server of a former version, which reserves keys, is about to answer a call with this key.</summary>
    public sealed record Running : Remembered;

    /// <summary>The key was used with another body.</summary>
    public sealed record OtherBody : Remembered;
}
