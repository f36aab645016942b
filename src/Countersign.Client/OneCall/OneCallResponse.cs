using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>How a one-call verification ended.</summary>
public sealed record OneCallResponse
{
    /// <summary>
    /// <see cref="VerificationOutcome.True"/> from <see cref="AssuranceLevel.Two"/> where names are compared, from
    /// <see cref="AssuranceLevel.One"/> elsewhere. Final.
    /// </summary>
    [JsonPropertyName("success")]
    public required VerificationOutcome Outcome { get; init; }

    /// <summary>The call's id, for your records: it has no flow and nothing can be asked with it.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>The number as you gave it.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>Your id for this customer, as you gave it; null when you gave none.</summary>
    public string? ClientCustomerId { get; init; }

    /// <summary>Your id for this person, as you gave it; null when you gave none.</summary>
    public string? ClientHumanId { get; init; }

    /// <summary>Your id for this verification, as you gave it; null when you gave none.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The identity; null when there is none.</summary>
    /// <value>A UUID.</value>
    public string? ProveId { get; init; }

    /// <summary>The server's name for the number, which tells nobody the number; null when it sent none.</summary>
    public string? ProvePhoneAlias { get; init; }

    /// <summary>Whether the identity is enrolled in your project; null when the server does not say.</summary>
    public bool? IsEnrolled { get; init; }

    /// <summary>The person, as far as the type tells, and how sure it is; null when nobody was found.</summary>
    public OneCallIdentity? Identity { get; init; }

    /// <summary>Others who go by the same number; empty when there are none, never null.</summary>
    public IReadOnlyList<OneCallIdentity> AdditionalIdentities { get; init => field = value ?? []; } = [];

    /// <summary>Businesses, for <see cref="VerificationType.PreFillForBusiness"/>; empty when there are none, never null.</summary>
    public IReadOnlyList<Business> Businesses { get; init => field = value ?? []; } = [];

    /// <summary>Findings by category; empty when the server sent none, never null.</summary>
    public IReadOnlyDictionary<string, CategoryEvaluation> Evaluation { get; init => field = value ?? CategoryEvaluation.None; }
        = CategoryEvaluation.None;

    /// <summary>The id, the outcome, how sure it is, and the masked number.</summary>
    public override string ToString() =>
        $"{nameof(OneCallResponse)} {{ CorrelationId = {CorrelationId}, Outcome = {Outcome}, AssuranceLevel = {Identity?.AssuranceLevel}, "
        + $"PhoneNumber = {Mask.Phone(PhoneNumber)} }}";
}
