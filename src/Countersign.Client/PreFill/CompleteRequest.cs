namespace Countersign.Client;

/// <summary>The person as they confirmed or corrected themselves, to be compared.</summary>
/// <remarks>Values are sent exactly as given; the server judges them and names each bad field in its error message.</remarks>
public sealed record CompleteRequest
{
    /// <summary><see cref="StartResponse.CorrelationId"/>, out of your session, never from a browser.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>The person, with both names or with a number.</summary>
    public required Individual Individual { get; init; }

    /// <summary>The id alone.</summary>
    public override string ToString() => $"{nameof(CompleteRequest)} {{ CorrelationId = {CorrelationId} }}";
}
