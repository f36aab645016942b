using Countersign.Core.Limits;

namespace Countersign.Core.Money;

/// <summary>A cap that a text would pass.</summary>
/// <param name="Amount">What was spent in the window.</param>
/// <param name="Cost">What the text would have cost.</param>
/// <param name="Cap">What may be spent in the window.</param>
/// <param name="Until">The end of the window.</param>
public sealed record CapReached(
    SpendingOwner Owner, CapWindow Window, decimal Amount, decimal Cost, decimal Cap, string Currency, DateTimeOffset Until)
    : Reached(CapRule.Of(Owner, Window))
{
    public override DateTimeOffset? End => Until;

    /// <summary>As flows keep it.</summary>
    public CapEvidence ToEvidence() => new(Rule, Amount, Cost, Cap, Currency, Window == CapWindow.Day ? "day" : "month", Until);

    public override FlowEvent ToFact(DateTimeOffset now) => new(now, FlowEventCode.CapReached) { Cap = ToEvidence() };

    public override bool IsToldBy(FlowEvent fact, DateTimeOffset now) => fact.Cap is { } told && told.Rule == Rule && told.Until > now;

    public override string ToString() => $"{Amount} of {Cap}";
}

/// <summary>There is a cap, and no price of a text's gateway: nobody knows whether it would pass the cap, so it is not sent.</summary>
public sealed record CapUnpriced(GatewayName Gateway) : Reached(CapRule.Unpriced)
{
    /// <summary>Somebody has to set a price.</summary>
    public override DateTimeOffset? End => null;

    public override FlowEvent ToFact(DateTimeOffset now) => new(now, FlowEventCode.CapUnpriced) { Gateway = Gateway };

    public override bool IsToldBy(FlowEvent fact, DateTimeOffset now) =>
        fact.Code == FlowEventCode.CapUnpriced && fact.Gateway == Gateway;

    public override string ToString() => $"no price of {Gateway}";
}

/// <summary>The names of caps: told to callers, stored and counted, so they are for ever. docs/limits.md has a line for each.</summary>
public static class CapRule
{
    public const string OfProjectInDay = "cap.project.day";
    public const string OfProjectInMonth = "cap.project.month";
    public const string OfServerInDay = "cap.server.day";
    public const string OfServerInMonth = "cap.server.month";

    /// <summary>There is a cap, and no price that tells what is left of it.</summary>
    public const string Unpriced = "cap.unpriced";

    public static IReadOnlyList<string> All { get; } = [OfProjectInDay, OfProjectInMonth, OfServerInDay, OfServerInMonth, Unpriced];

    public static string Of(SpendingOwner owner, CapWindow window) => (owner.Project, window) switch
    {
        (null, CapWindow.Day) => OfServerInDay,
        (null, _) => OfServerInMonth,
        (_, CapWindow.Day) => OfProjectInDay,
        _ => OfProjectInMonth,
    };
}
