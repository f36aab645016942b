namespace Countersign.Client.Testing;

/// <summary>One call that a <see cref="FakeCountersignClient"/> received.</summary>
/// <remarks>Holds the request whole, for your assertions, and prints it masked, for your test log.</remarks>
public sealed record FakeCall
{
    /// <summary>The method that was called, such as <c>VerifyAsync</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The flow it was about: for <c>VerifyAsync</c> the one that it started. Null when that call failed.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What <c>VerifyAsync</c> was given; null for the other methods.</summary>
    public VerifyRequest? Request { get; init; }

    /// <summary>The options that <c>VerifyAsync</c> was given, if any.</summary>
    public RequestOptions? Options { get; init; }
}
