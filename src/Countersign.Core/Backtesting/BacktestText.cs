using System.Runtime.InteropServices;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Money;
using Countersign.Core.Texts;

namespace Countersign.Core.Backtesting;

/// <summary>A text that was asked for, as its flow's outcome tells.</summary>
/// <param name="Flow">Whose.</param>
/// <param name="IsFirst">The first of its flow: those sent again do not tell of conversion.</param>
/// <param name="Line">The line, by its pseudonym; the flow's id where the outcome has none.</param>
/// <param name="ProvenAt">When the person proved that they hold the phone; null where they did not.</param>
/// <param name="Cost">In millionths of the currency.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BacktestText(
    CorrelationId Flow, DateTimeOffset AskedAt, bool IsFirst, Guid Line, string Prefix, string? Country, ProjectId Project,
    ClientId? Client, DateTimeOffset? ProvenAt, long Cost)
{
    /// <param name="outcome">With its line.</param>
    public static IEnumerable<BacktestText> Of(Outcome outcome)
    {
        DateTimeOffset? provenAt = outcome.Possession is PossessionVerdict.Proven or PossessionVerdict.NotAccepted
            ? outcome.Facts.LastOrDefault(fact => fact.Code == FlowEventCode.PossessionProven)?.At
            : null;
        var who = new Guid((outcome.Line?.ToBytes() ?? outcome.Id.ToBytes()).AsSpan(0, 16), bigEndian: true);
        // Word of a remembered browser is asked for by nobody.
        return outcome.Texts.Where(text => text.Kind != TextKind.DeviceNotice).OrderBy(text => text.CreatedAt).Select((text, n) =>
            new BacktestText(
                outcome.Id, text.CreatedAt, n == 0, who, outcome.Prefix, outcome.Country, outcome.ProjectId, outcome.Client, provenAt,
                Amounts.ToMillionths(text.Attempts.Sum(attempt => attempt.Cost?.Amount ?? 0))));
    }

    public override string ToString() => Flow.ToString();
}
