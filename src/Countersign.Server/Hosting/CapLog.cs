using Countersign.Core;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Server.Timeline;

namespace Countersign.Server.Hosting;

/// <summary>Writes to the log what those who pay for texts should know.</summary>
internal sealed class CapLog(ILogger<Caps> logger) : ICapJournal
{
    public void Passed(
        SpendingOwner owner, CapWindow window, int percent, decimal spent, decimal cap, string currency, DateTimeOffset until)
    {
        // What another text would cost is no part of what is told.
        var evidence = new CapReached(owner, window, spent, Cost: 0, cap, currency, until).ToEvidence();
        var (at, limit) = (ReachedLimit.Of(evidence), $"{evidence.Rule} of {owner}, {FlowSentences.SpentOf(evidence)}");
        if (percent < CapAlerts.Thresholds[^1])
        {
            Log.CapPassed(logger, percent, limit, owner.Project, at.Rule, at.Count, at.Max, at.Currency, at.Window, at.Until);
        }
        else
        {
            Log.CapSpent(logger, limit, owner.Project, at.Rule, at.Count, at.Max, at.Currency, at.Window, at.Until);
        }
    }

    public void Refused(Reached reached)
    {
        var fact = reached.ToFact(DateTimeOffset.MinValue);
        if (ReachedLimit.Of(fact) is { } at)
        {
            Log.TextOverCap(logger, FlowSentences.Of(fact), at.Rule, at.Count, at.Max, at.Currency, at.Window, at.Until);
        }
    }
}
