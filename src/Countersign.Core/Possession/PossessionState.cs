using System.Text.Json.Serialization;

namespace Countersign.Core.Possession;

/// <summary>Where the proof of possession stands. A closed set: the five records below.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Ready), "ready")]
[JsonDerivedType(typeof(Challenged), "challenged")]
[JsonDerivedType(typeof(Succeeded), "succeeded")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(NotApplicable), "not-applicable")]
public abstract record PossessionState
{
    private PossessionState() { }

    /// <summary>Nothing is asked at the moment; the browser is to begin the plan's method.</summary>
    public sealed record Ready(PossessionPlan Plan) : PossessionState;

    /// <summary>A challenge is out and waits for its proof.</summary>
    /// <param name="HasArrived">True when somebody has entered something for it, false when its text was told not delivered, null while
    /// neither is known.</param>
    public sealed record Challenged(
        PossessionPlan Plan, Challenge Challenge, int WrongEntries = 0, int Resends = 0, int NumberChanges = 0, bool? HasArrived = null)
        : PossessionState;

    public sealed record Succeeded(PossessionMethod Method) : PossessionState;

    /// <param name="IsUndelivered">What was waited for until the time was over has never reached the phone.</param>
    public sealed record Failed(
        PossessionFailure Reason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsUndelivered = false)
        : PossessionState;

    /// <summary>The relying party asked for no possession check.</summary>
    public sealed record NotApplicable : PossessionState;
}

/// <summary>What was asked of the phone's holder.</summary>
/// <param name="Proof">Keyed hash of what must come back.</param>
/// <param name="SentAt">When it was last sent.</param>
/// <param name="Deadline">From this moment on no proof is accepted.</param>
/// <param name="Limits">What the flow's method permits in all, resends and number changes included.</param>
/// <param name="Digits">Of a code; null for a link, and in what a version stored that did not keep it.</param>
/// <param name="IsSilent">The browser answers it without anybody seeing it.</param>
public sealed record Challenge(
    SecretHash Proof, DateTimeOffset SentAt, DateTimeOffset Deadline, ChallengeLimits Limits,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Digits = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsSilent = false);

/// <param name="Entries">How many entries may be made; the last wrong one ends the method. At least 1.</param>
/// <param name="Resends">How often the challenge may be sent again.</param>
/// <param name="NumberChanges">How often the person may give another number.</param>
public sealed record ChallengeLimits(int Entries, int Resends = 0, int NumberChanges = 0);

/// <summary>Why possession was not proven. Stored names are for ever.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PossessionFailure>))]
public enum PossessionFailure
{
    /// <summary>The deadline passed.</summary>
    Expired,

    /// <summary>All permitted entries were wrong.</summary>
    WrongProof,

    /// <summary>The method cannot be used here: no mobile network, no gateway that takes the text.</summary>
    Unavailable,

    /// <summary>The person, or the page on their behalf, stopped.</summary>
    GivenUp,

    /// <summary>The phone's holder said that this was not them.</summary>
    Declined,

    /// <summary>No more may be tried for the line, or sent to it, at the moment.</summary>
    BudgetSpent,

    /// <summary>The relying party cancelled the flow.</summary>
    Cancelled,
}
