namespace Countersign.Client;

/// <summary>What may differ from call to call, for calls that begin something.</summary>
public sealed record RequestOptions
{
    /// <summary>
    /// The key by which the server recognises a repeated call: within 24 hours the same key and the same request get the same answer,
    /// and the same key with another request is refused.
    /// </summary>
    /// <value>
    /// 1 to 255 visible ASCII characters. Null by default: each call then gets a random key of its own, which covers this client's own
    /// retries. Give one that you keep, such as an order's id, to cover your retries as well.
    /// </value>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whether a call without an <see cref="IdempotencyKey"/> gets a random one.</summary>
    /// <value>True by default. When false such a call is sent once and never repeated.</value>
    public bool GeneratesIdempotencyKey { get; init; } = true;

    /// <summary>Whether a key is set; the key itself may be one of your ids and is not printed.</summary>
    public override string ToString() =>
        $"{nameof(RequestOptions)} {{ IdempotencyKey = {Mask.Presence(IdempotencyKey)}, "
        + $"GeneratesIdempotencyKey = {GeneratesIdempotencyKey} }}";
}
