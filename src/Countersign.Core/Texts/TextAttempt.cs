using System.Text.Json.Serialization;
using Countersign.Core.Money;
using static Countersign.Core.Texts.AttemptState;

namespace Countersign.Core.Texts;

/// <summary>One try to hand a text to a gateway. Stored names are for ever; no personal data in it.</summary>
/// <param name="Gateway">The gateway's name in the configuration.</param>
/// <param name="BegunAt">When it was noted that the text is about to be handed over.</param>
/// <param name="AwaitsHandover">The gateway will say when the operator has the text; see <see cref="ISmsGateway.ReportsHandover"/>.</param>
/// <param name="ChangedAt">When its state was last learnt.</param>
/// <param name="Why">Why the gateway, or the operator behind it, did not take the text.</param>
/// <param name="AgainAt">From when on the same gateway may be asked again; null when it must not.</param>
/// <param name="NetworkError">The operator's own word for why.</param>
/// <param name="Cost">What was counted for it and may have been billed; null where nothing was, or it was given back.</param>
public sealed record TextAttempt(
    GatewayName Gateway, DateTimeOffset BegunAt, bool AwaitsHandover, AttemptState State, DateTimeOffset ChangedAt,
    SmsRefusal? Why = null, DateTimeOffset? AgainAt = null, string? NetworkError = null, AttemptCost? Cost = null)
{
    /// <summary>Nothing more can become of it.</summary>
    [JsonIgnore]
    public bool IsOver => State is Refused or Delivered or Undelivered or Expired;

    /// <summary>What is learnt of the attempt. The first final word stands.</summary>
    public TextAttempt After(TextEvent happened, DateTimeOffset now) => (State, happened) switch
    {
        (Submitting or NoAnswer, TextEvent.Taken)         => this with { State = Accepted, ChangedAt = now },
        (Submitting or NoAnswer, TextEvent.TurnedDown e)  =>
            this with { State = Refused, ChangedAt = now, Why = e.Why, AgainAt = e.AgainAt, Cost = null },
        (Submitting, TextEvent.Unanswered)                => this with { State = NoAnswer, ChangedAt = now },
        (_, TextEvent.Received e) when !IsOver            => AfterReceipt(e, now),
        _                                                 => this,
    };

    /// <summary>Two final words that differ.</summary>
    public bool IsContradictedBy(TextEvent happened) => happened switch
    {
        TextEvent.Received { State: ReceiptState.Delivered or ReceiptState.Undelivered or ReceiptState.Expired
            or ReceiptState.Rejected } e =>
            IsOver && State != StateOf(e.State),
        TextEvent.TurnedDown => State is not (Submitting or NoAnswer or Refused),
        TextEvent.Taken => State is Refused,
        _ => false,
    };

    private TextAttempt AfterReceipt(TextEvent.Received receipt, DateTimeOffset now) => StateOf(receipt.State) switch
    {
        null                                                     => this,
        Accepted when State is not (Submitting or NoAnswer)      => this,
        Enroute when State is Enroute                            => this,
        Refused                                                  =>
            this with { State = Refused, ChangedAt = now, Why = SmsRefusal.Other, NetworkError = receipt.NetworkError },
        { } state                                                =>
            this with { State = state, ChangedAt = now, NetworkError = receipt.NetworkError },
    };

    private static AttemptState? StateOf(ReceiptState receipt) => receipt switch
    {
        ReceiptState.Accepted => Accepted,
        ReceiptState.Enroute => Enroute,
        ReceiptState.Delivered => Delivered,
        ReceiptState.Undelivered => Undelivered,
        ReceiptState.Expired => Expired,
        ReceiptState.Rejected => Refused,
        _ => null,
    };
}

/// <summary>What was counted for an attempt, and for whom. Stored names are for ever.</summary>
/// <param name="Amount">In the currency of the prices.</param>
/// <param name="Project">Null where it was counted for no project.</param>
/// <param name="IsOfServer">It was counted for the whole server, too.</param>
public sealed record AttemptCost(decimal Amount, ProjectId? Project, bool IsOfServer)
{
    public static AttemptCost Of(SpendingCharge charge) => new(
        charge.Amount,
        charge.Owners.FirstOrDefault(one => one.Owner.Project is not null)?.Owner.Project,
        charge.Owners.Any(one => one.Owner.Project is null));

    /// <summary>What was counted when the attempt began, to give it back.</summary>
    public SpendingCharge ToCharge(DateTimeOffset begunAt)
    {
        var owners = new List<CappedOwner>(2);
        if (IsOfServer)
        {
            owners.Add(new CappedOwner(SpendingOwner.Server, Caps: null));
        }
        if (Project is { } project)
        {
            owners.Add(new CappedOwner(SpendingOwner.Of(project), Caps: null));
        }
        return new SpendingCharge(Amount, begunAt, owners);
    }
}

/// <summary>Where an attempt stands. Stored names are for ever.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttemptState>))]
public enum AttemptState
{
    /// <summary>The gateway is being called.</summary>
    Submitting,

    /// <summary>No answer came: the gateway may have the text.</summary>
    NoAnswer,

    /// <summary>The gateway or the operator did not take the text.</summary>
    Refused,

    /// <summary>The gateway has taken it.</summary>
    Accepted,

    /// <summary>The operator has taken it.</summary>
    Enroute,

    Delivered,
    Undelivered,

    /// <summary>Its life ended on the way.</summary>
    Expired,
}
