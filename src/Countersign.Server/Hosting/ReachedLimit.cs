using System.Globalization;
using System.Xml;
using Countersign.Core;
using Countersign.Core.Money;
using Countersign.Server.Contract;

namespace Countersign.Server.Hosting;

/// <summary>Which limit or cap is reached, why and until when, as the fields of a log line.</summary>
/// <param name="Rule">Its name; docs/limits.md has a line for each.</param>
/// <param name="Count">What was counted, or spent, in the window; guesses are parts of what a day permits. Null, as what follows, where
/// nothing is counted: there is no price.</param>
/// <param name="Max">What is permitted.</param>
/// <param name="Currency">ISO 4217; null where no money is counted.</param>
/// <param name="Window">An ISO 8601 duration: <c>PT1H</c>, <c>P1D</c>, <c>P1M</c>.</param>
/// <param name="Until">When it is possible again, as in ISO 8601: a field that is a time is written by the customs of the format.</param>
/// <param name="IsShadow">Nothing is refused for it.</param>
internal readonly record struct ReachedLimit(
    string Rule, decimal? Count, decimal? Max, string? Currency, string? Window, string? Until, bool IsShadow)
{
    /// <returns>Null when the fact tells of no limit.</returns>
    public static ReachedLimit? Of(FlowEvent happened) => happened switch
    {
        { Limit: { } limit } => Of(limit),
        { Cap: { } cap } => Of(cap),
        { Code: FlowEventCode.CapUnpriced } => new(CapRule.Unpriced, null, null, null, null, null, IsShadow: false),
        _ => null,
    };

    public static ReachedLimit Of(LimitEvidence limit) => new(
        limit.Rule, limit.Count, limit.Max, Currency: null, XmlConvert.ToString(TimeSpan.FromSeconds(limit.Seconds)),
        WireTime.Format(limit.Until), limit.IsShadow);

    public static ReachedLimit Of(CapEvidence cap) => new(
        cap.Rule, cap.Spent, cap.Cap, cap.Currency, cap.Window == "day" ? "P1D" : "P1M", WireTime.Format(cap.Until), IsShadow: false);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count} of {Max}");
}
