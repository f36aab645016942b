namespace Countersign.Core.Texts;

/// <summary>Reads what a gateway's provider sends to this server: receipts for texts, and texts of persons (STOP, HELP).</summary>
public interface IGatewayCallbacks
{
    /// <summary>The gateway's name in the configuration.</summary>
    GatewayName Name { get; }

    /// <summary>
    /// Reads a request of the provider. It must check the provider's signature, where there is one, before it believes anything.
    /// </summary>
    CallbackReading Read(GatewayCallback callback);
}

/// <summary>A request as it came. Prints nothing: it holds numbers and texts.</summary>
/// <param name="Kind">By the address it came to.</param>
/// <param name="Token">From the address: the <see cref="SmsSubmission.ReceiptToken"/> that was given out; null when the address has
/// none.</param>
/// <param name="Url">The address as the provider was given it, query included: some signatures are over it.</param>
/// <param name="Headers">Names in any case.</param>
public sealed record GatewayCallback(
    CallbackKind Kind, string Method, string? Token, Uri Url, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    public override string ToString() => Kind.ToString();
}

public enum CallbackKind
{
    Receipt,
    Inbound,
}

/// <summary>A closed set of readings.</summary>
public abstract record CallbackReading
{
    private CallbackReading() { }

    /// <param name="Token">The receipt token of the submission it is for.</param>
    /// <param name="NetworkError">The operator's own word for why, at most 64 visible ASCII characters; null without.</param>
    public sealed record Receipt(Secret Token, ReceiptState State, string? NetworkError = null) : CallbackReading
    {
        // Providers put what they like into an error, numbers too.
        public override string ToString() => $"{nameof(Receipt)} {State}";
    }

    /// <summary>A person has written.</summary>
    /// <param name="From">Whose number the provider has written; the likelier, where it may be read in two ways.</param>
    /// <param name="To">
    /// The sender id or number they wrote to, as the provider has it; null when it does not say. What can be no sender counts as not said.
    /// </param>
    /// <param name="SignedContent">Null when the provider signs nothing.</param>
    /// <param name="OrFrom">The other number that may be meant; null when there is none.</param>
    public sealed record Inbound(PhoneNumber From, string? To, Secret Text, SignedContent? SignedContent = null, PhoneNumber? OrFrom = null)
        : CallbackReading
    {
        public override string ToString() => nameof(Inbound);
    }

    /// <summary>Genuine and of no interest here.</summary>
    public sealed record Nothing : CallbackReading;

    /// <summary>Not signed by the provider, or not as it should be.</summary>
    public sealed record Forged : CallbackReading;

    /// <summary>Not what this provider sends.</summary>
    /// <param name="Why">For the log, without anything of the request in it; null when there is no more to say.</param>
    public sealed record Unreadable(string? Why = null) : CallbackReading
    {
        public override string ToString() => nameof(Unreadable);
    }
}
