using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>How the verifications of a batch ended.</summary>
public sealed record OneCallBatchResponse
{
    /// <summary>The batch's id, for your records.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>Your id for this batch, as you gave it; null when you gave none.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>A result for each item, in the order of the request.</summary>
    [JsonRequired]
    public IReadOnlyList<OneCallBatchResult> Results { get; init => field = value ?? []; } = [];

    /// <summary>The id and how many results there are.</summary>
    public override string ToString() =>
        $"{nameof(OneCallBatchResponse)} {{ CorrelationId = {CorrelationId}, Results = {Results.Count} }}";
}

/// <summary>How one verification of a batch ended.</summary>
public sealed record OneCallBatchResult
{
    /// <summary>As <see cref="OneCallResponse.Outcome"/>; false also for an item that has an <see cref="Error"/>.</summary>
    [JsonPropertyName("success")]
    public required VerificationOutcome Outcome { get; init; }

    /// <summary>The number as you gave it.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>Your id for this customer, as you gave it; null when you gave none.</summary>
    public string? ClientCustomerId { get; init => field = WireText.OrNull(value); }

    /// <summary>How sure it is that person and number belong together.</summary>
    public AssuranceLevel AssuranceLevel { get; init; }

    /// <summary>Your id for this person, as you gave it; null when you gave none.</summary>
    public string? ClientHumanId { get; init; }

    /// <summary>The identity; null when there is none.</summary>
    /// <value>A UUID.</value>
    public string? ProveId { get; init; }

    /// <summary>The server's name for the number, which tells nobody the number; null when it sent none.</summary>
    public string? ProvePhoneAlias { get; init; }

    /// <summary>The person, as far as the type tells; null when nobody was found.</summary>
    public OneCallIdentity? Identity { get; init; }

    /// <summary>Others who go by the same number; empty when there are none, never null.</summary>
    public IReadOnlyList<OneCallIdentity> AdditionalIdentities { get; init => field = value ?? []; } = [];

    /// <summary>Findings by category; empty when the server sent none, never null.</summary>
    public IReadOnlyDictionary<string, CategoryEvaluation> Evaluation { get; init => field = value ?? CategoryEvaluation.None; }
        = CategoryEvaluation.None;

    /// <summary>What is wrong with the item, as its own call would have said; null when nothing is.</summary>
    public string? Error { get; init => field = WireText.OrNull(value); }

    /// <summary>The outcome, how sure it is, the masked number, and whether there is an error.</summary>
    public override string ToString() =>
        $"{nameof(OneCallBatchResult)} {{ Outcome = {Outcome}, AssuranceLevel = {AssuranceLevel}, "
        + $"PhoneNumber = {Mask.Phone(PhoneNumber)}, Error = {Mask.Presence(Error)} }}";
}
