using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>A unify flow that has begun.</summary>
public sealed record UnifyResponse
{
    /// <summary>What the browser needs to run the flow. Hand it to your front end and keep it nowhere.</summary>
    /// <value>Good for one flow, for 15 minutes; null when the server sent none.</value>
    public string? AuthToken { get; init => field = WireText.OrNull(value); }

    /// <summary>The flow's id. Keep it in your server-side session: the result is asked for with it.</summary>
    /// <value>A lower-case UUID, good for 15 minutes. An id, never a credential.</value>
    public required string CorrelationId { get; init; }

    /// <summary><see cref="UnifyOutcome.Pending"/>: the flow has only begun.</summary>
    [JsonPropertyName("success")]
    public required UnifyOutcome Outcome { get; init; }

    /// <summary>Everything but the auth token.</summary>
    public override string ToString() =>
        $"{nameof(UnifyResponse)} {{ CorrelationId = {CorrelationId}, Outcome = {Outcome}, AuthToken = {Mask.Presence(AuthToken)} }}";
}
