namespace Countersign.Core.Texts;

/// <summary>
/// Signed requests of providers that were acted upon, so that one that was listened to is of no use a second time: a STOP, say, when the
/// person has said START since.
/// </summary>
public interface ITakenRequests
{
    /// <summary>
    /// How long one is remembered whose signature has no time. Twilio's are genuine for as long as the secret is used: a year and a bit, in
    /// which a secret should have been replaced.
    /// </summary>
    static TimeSpan Memory { get; } = TimeSpan.FromDays(400);

    /// <summary>
    /// How long one is remembered whose signature has a time, which is good for five minutes before and after it. Not longer than the
    /// secret of its day: what such a request says is a number and a word, which may be tried (<see cref="Keys.DayKeys"/>).
    /// </summary>
    static TimeSpan BriefMemory { get; } = TimeSpan.FromHours(1);

    Task<bool> WasTakenAsync(GatewayName gateway, SignedContent content, CancellationToken cancellationToken);

    /// <summary>To be called when the request was acted upon: one that failed is sent again, and shall count then.</summary>
    Task RecordAsync(GatewayName gateway, SignedContent content, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets those that are remembered no longer.</summary>
    /// <returns>How many, at most <paramref name="limit"/>.</returns>
    Task<int> RemoveAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}

/// <param name="Content">What a provider signed, the same whenever the same request comes.</param>
/// <param name="HasTime">
/// Whether the time is signed, and the request forged some minutes later. Where it is not, what is signed has an id of chance in it.
/// </param>
public sealed record SignedContent(Secret Content, bool HasTime)
{
    public override string ToString() => nameof(SignedContent);
}
