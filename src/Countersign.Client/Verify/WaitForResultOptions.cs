namespace Countersign.Client;

/// <summary>
/// How long and how often <see cref="ICountersignClient.WaitForResultAsync"/> and <see cref="IUnifyOperations.WaitForResultAsync"/> ask.
/// </summary>
public sealed record WaitForResultOptions
{
    /// <summary>How long to wait in all.</summary>
    /// <value>More than zero. 15 minutes by default, which is the life of a flow: waiting longer cannot help.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The pause after the first answer; each further one is half as long again, up to <see cref="MaxInterval"/>.</summary>
    /// <value>More than zero. One second by default.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two questions.</summary>
    /// <value>At least <see cref="Interval"/>. Five seconds by default.</value>
    public TimeSpan MaxInterval { get; init; } = TimeSpan.FromSeconds(5);

    internal static void ThrowIfInvalid(WaitForResultOptions options)
    {
        if (options.Timeout <= TimeSpan.Zero)
        {
            throw new ArgumentException($"{nameof(Timeout)} must be more than zero.", nameof(options));
        }

        if (options.Interval <= TimeSpan.Zero || options.MaxInterval < options.Interval)
        {
            throw new ArgumentException($"{nameof(Interval)} must be more than zero, and {nameof(MaxInterval)} no less.", nameof(options));
        }
    }
}
