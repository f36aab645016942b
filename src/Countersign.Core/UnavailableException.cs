namespace Countersign.Core;

/// <summary>
/// What was asked for cannot be done now. The call has changed nothing and may be repeated after <see cref="RetryAfter"/>.
/// </summary>
public sealed class UnavailableException(string message, TimeSpan retryAfter, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The least time to wait before the next try.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
