namespace Countersign.Core.Texts;

/// <summary>Hands texts to one provider. Adapters translate every failure of theirs; none throws for what the world may do.</summary>
public interface ISmsGateway
{
    /// <summary>Its name in the configuration.</summary>
    GatewayName Name { get; }

    /// <summary>
    /// True when a receipt will say that the operator has taken the text. After "accepted" such a gateway's silence means that the text is
    /// stuck in it; another's silence means nothing.
    /// </summary>
    bool ReportsHandover { get; }

    /// <summary>
    /// What its texts come from where no route says otherwise; null when the provider chooses. Whoever said STOP to it is sent nothing.
    /// </summary>
    string? Sender => null;

    /// <summary>Hands a text over, once. The caller ends it by the token when its time is over.</summary>
    Task<SmsResult> SubmitAsync(SmsSubmission submission, CancellationToken cancellationToken);
}

/// <summary>One try to hand a text over.</summary>
/// <param name="Attempt">Which try of this text it is, from 1: with the text's id it tells providers and receipts apart.</param>
/// <param name="Sender">Alphanumeric name, number or short code from which the text is to come; null for the gateway's own.</param>
/// <param name="Validity">How long the text is of use, from now: the provider is told.</param>
/// <param name="ReceiptToken">Names text, try and gateway and proves that this server made it: for addresses that receipts are sent
/// to.</param>
public sealed record SmsSubmission(OutgoingText Text, int Attempt, string? Sender, TimeSpan Validity, Secret ReceiptToken)
{
    public override string ToString() => $"{Text.Id} #{Attempt}";
}

/// <summary>A closed set of answers.</summary>
public abstract record SmsResult
{
    private SmsResult() { }

    /// <summary>The gateway has taken the text. Whether it arrives, a receipt will say.</summary>
    /// <param name="Receipt">What is known of its fate at once; null when receipts come later or never.</param>
    public sealed record Accepted(ReceiptState? Receipt = null) : SmsResult;

    /// <summary>The gateway has not taken the text, and will not send it.</summary>
    /// <param name="RetryAfter">When the gateway said when it will take texts again.</param>
    public sealed record Rejected(SmsRefusal Why, TimeSpan? RetryAfter = null) : SmsResult;

    /// <summary>
    /// The request was on its way and no answer came: the text may have been taken. It must not be handed to this gateway again.
    /// </summary>
    public sealed record Unknown : SmsResult;
}

/// <summary>Why a gateway does not take a text. Stored numbers are for ever.</summary>
public enum SmsRefusal
{
    Other = 0,

    /// <summary>No such number, or none that can receive texts.</summary>
    InvalidDestination = 1,

    /// <summary>The provider blocks the number or its country.</summary>
    BlockedDestination = 2,

    /// <summary>The person said STOP.</summary>
    OptedOut = 3,

    SenderNotAllowed = 4,

    ContentRejected = 5,

    Throttled = 6,

    /// <summary>Our credentials are wrong: somebody must act.</summary>
    AuthFailed = 7,

    /// <summary>Nothing left to pay with: somebody must act.</summary>
    InsufficientCredit = 8,

    /// <summary>It could not be reached, or said that it cannot at the moment.</summary>
    ProviderDown = 9,

    /// <summary>Too little of the text's life is left.</summary>
    Expired = 10,

    /// <summary>The file that it writes texts to could not be written: somebody must act.</summary>
    NotWritten = 11,
}

/// <summary>What a receipt says. Stored numbers are for ever.</summary>
public enum ReceiptState
{
    /// <summary>The provider has it. Nothing more than the answer to the submission said.</summary>
    Accepted = 0,

    /// <summary>The operator has it.</summary>
    Enroute = 1,

    Delivered = 2,

    Undelivered = 3,

    /// <summary>Its life ended on the way.</summary>
    Expired = 4,

    /// <summary>The operator does not take it.</summary>
    Rejected = 5,

    /// <summary>The provider does not know.</summary>
    Unknown = 6,
}
