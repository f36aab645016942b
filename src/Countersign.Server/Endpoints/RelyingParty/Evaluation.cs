namespace Countersign.Server.Endpoints.RelyingParty;

/// <param name="Result">"pass" or "fail".</param>
/// <param name="FailureReasons">Code to text; only with "fail".</param>
internal sealed record Evaluation(string Result, IReadOnlyDictionary<string, string>? FailureReasons = null)
{
    public static Evaluation Pass { get; } = new("pass");

    public static Evaluation Fail(params IEnumerable<Reason> reasons) =>
        new("fail", reasons.ToDictionary(reason => reason.Code, reason => reason.Text, StringComparer.Ordinal));
}

/// <summary>Why something failed. Codes up to 9899 are the published ones; those of 9900 and above are this server's own.</summary>
internal sealed record Reason(string Code, string Text)
{
    public static Reason NotFound { get; } = new("9003", "identity not found");
    public static Reason Ssn { get; } = new("9012", "SSN mismatch");
    public static Reason BirthDate { get; } = new("9013", "birth date mismatch");
    public static Reason Name { get; } = new("9014", "name mismatch");
    public static Reason Address { get; } = new("9015", "address mismatch");
    public static Reason PossessionIncomplete { get; } = new("9100", "possession check incomplete");
    public static Reason SimSwapped { get; } = new("9135", "SIM changed within the last 24 hours");
    public static Reason VeryShortTenure { get; } = new("9161", "very short tenure");
    public static Reason ShortTenure { get; } = new("9162", "short tenure");
    public static Reason Recycled { get; } = new("9163", "number recycled");
    public static Reason SourceDown { get; } = new("9900", "identity source not available");
    public static Reason Untrusted { get; } = new("9901", "number or record not to be trusted");
    public static Reason SimSwappedInWeek { get; } = new("9902", "SIM changed within the last seven days");
    public static Reason RiskUnknown { get; } = new("9903", "risk signals not available");
    public static Reason WrongCode { get; } = new("9910", "wrong code");
    public static Reason TimeOver { get; } = new("9911", "time was over");
    public static Reason Declined { get; } = new("9912", "declined by the person");
    public static Reason WrongDigits { get; } = new("9913", "wrong digits");
    public static Reason TextNotDelivered { get; } = new("9914", "text refused or not delivered");
    public static Reason GivenUp { get; } = new("9915", "given up by the page");
    public static Reason BudgetSpent { get; } = new("9916", "a limit or a cap stood in the way");
    public static Reason NoMethodLeft { get; } = new("9917", "the network or a key did not confirm, and no other method was left");
    public static Reason Cancelled { get; } = new("9918", "cancelled by the relying party");
}
