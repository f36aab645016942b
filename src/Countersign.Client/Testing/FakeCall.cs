namespace Countersign.Client.Testing;

/// <summary>One call that a <see cref="FakeCountersignClient"/> received.</summary>
/// <remarks>Holds the request whole, for your assertions, and prints it masked, for your test log.</remarks>
public sealed record FakeCall
{
    /// <summary>The method that was called, such as <c>VerifyAsync</c> or <c>Identities.EnrolAsync</c>.</summary>
    public required string Method { get; init; }

    /// <summary>
    /// The flow it was about: for a call that starts one, the one that it started. Null when that call failed, and without a flow.
    /// </summary>
    public string? CorrelationId { get; init; }

    /// <summary>
    /// What the method was given: its request, such as a <see cref="VerifyRequest"/>, or the text in its place, such as a number to look
    /// up. Null for methods that are given a correlation id alone, or nothing.
    /// </summary>
    public object? Request { get; init; }

    /// <summary>The options that the method was given, if any.</summary>
    public RequestOptions? Options { get; init; }

    /// <summary>The method and the flow, the request as it prints itself, and no text in its place: it may be a number.</summary>
    public override string ToString() =>
        $"{nameof(FakeCall)} {{ Method = {Method}, CorrelationId = {CorrelationId}, "
        + $"Request = {(Request is string text ? Mask.Presence(text) : Request)}, Options = {Options} }}";
}
