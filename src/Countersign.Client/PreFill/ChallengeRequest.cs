using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>
/// What the person knows of themselves. One of the two is needed if the start had neither; given here, they replace the start's.
/// </summary>
/// <remarks>Values are sent exactly as given; the server judges them and names each bad field in its error message.</remarks>
public sealed record ChallengeRequest
{
    /// <summary><see cref="StartResponse.CorrelationId"/>, out of your session, never from a browser.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>The person's birth date, whole or in part.</summary>
    [JsonPropertyName("dob")]
    public BirthDate? BirthDate { get; init; }

    /// <summary>The person's social security number: nine digits, or the last four.</summary>
    public NationalId? Ssn { get; init; }

    /// <summary>The id alone.</summary>
    public override string ToString() => $"{nameof(ChallengeRequest)} {{ CorrelationId = {CorrelationId} }}";
}
