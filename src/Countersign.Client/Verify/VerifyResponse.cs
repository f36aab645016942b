using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>A verification that has begun, or, with <see cref="FlowType.None"/>, has ended at once.</summary>
public sealed record VerifyResponse
{
    /// <summary>What the browser needs to run the possession check. Hand it to your front end and keep it nowhere.</summary>
    /// <value>Good for one flow, for 15 minutes; null when there is no possession check.</value>
    public string? AuthToken { get; init => field = WireText.OrNull(value); }

    /// <summary>The flow's id. Keep it in your server-side session: the result is asked for with it.</summary>
    /// <value>A lower-case UUID, good for 15 minutes. An id, never a credential.</value>
    public required string CorrelationId { get; init; }

    /// <summary>The whole: <see cref="VerificationOutcome.Pending"/> until the possession check has ended.</summary>
    [JsonPropertyName("success")]
    public required VerificationOutcome Outcome { get; init; }

    /// <summary>The possession half of the outcome.</summary>
    public PossessionResult PossessionResult { get; init; }

    /// <summary>The name half of the outcome.</summary>
    public VerifyResult VerifyResult { get; init; }

    /// <summary>Findings by category; empty when the server sent none, never null.</summary>
    public IReadOnlyDictionary<string, CategoryEvaluation> Evaluation { get; init => field = value ?? CategoryEvaluation.None; }
        = CategoryEvaluation.None;

    /// <summary>Everything but the auth token.</summary>
    public override string ToString() =>
        $"{nameof(VerifyResponse)} {{ CorrelationId = {CorrelationId}, Outcome = {Outcome}, PossessionResult = {PossessionResult}, "
        + $"VerifyResult = {VerifyResult}, AuthToken = {Mask.Presence(AuthToken)} }}";
}
