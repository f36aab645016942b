namespace Countersign.Client;

/// <summary>Says that you have checked possession of the flow's phone yourself.</summary>
/// <remarks>Values are sent exactly as given; the server judges them and names each bad field in its error message.</remarks>
public sealed record UnifyBindRequest
{
    /// <summary><see cref="UnifyResponse.CorrelationId"/>, out of your session, never from a browser.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>The number whose possession you checked; the flow's own, and no other.</summary>
    public required string PhoneNumber { get; init; }

    /// <summary>Your id for this call.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientRequestId { get; init; }

    /// <summary>The id and the masked number.</summary>
    public override string ToString() =>
        $"{nameof(UnifyBindRequest)} {{ CorrelationId = {CorrelationId}, PhoneNumber = {Mask.Phone(PhoneNumber)} }}";
}
