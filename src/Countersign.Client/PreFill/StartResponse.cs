namespace Countersign.Client;

/// <summary>A pre-fill flow that has begun.</summary>
public sealed record StartResponse
{
    /// <summary>What the browser needs to run the possession check. Hand it to your front end and keep it nowhere.</summary>
    /// <value>Good for one flow, for 15 minutes.</value>
    public required string AuthToken { get; init; }

    /// <summary>The flow's id. Keep it in your server-side session: the further steps are taken with it.</summary>
    /// <value>A lower-case UUID, good for 15 minutes. An id, never a credential.</value>
    public required string CorrelationId { get; init; }

    /// <summary>How to go on: <see cref="NextStep.Validate"/>, once the browser is done.</summary>
    public NextStep Next { get; init; }

    /// <summary>Everything but the auth token.</summary>
    public override string ToString() =>
        $"{nameof(StartResponse)} {{ CorrelationId = {CorrelationId}, Next = {Next}, AuthToken = {Mask.Presence(AuthToken)} }}";
}
