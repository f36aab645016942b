using Countersign.Core.Money;

namespace Countersign.Server.Hosting;

/// <summary>Writes to the log what those who pay for texts should know.</summary>
internal sealed class CapLog(ILogger<Caps> logger) : ICapJournal
{
    public void Passed(SpendingOwner owner, CapWindow window, int percent, decimal spent, decimal cap, string currency)
    {
        var (what, of) = (Amounts.InWords(spent), Amounts.InWords(cap));
        if (percent < CapAlerts.Thresholds[^1])
        {
            Log.CapPassed(logger, percent, CapRule.Of(owner, window), owner, what, of, currency);
        }
        else
        {
            Log.CapSpent(logger, CapRule.Of(owner, window), owner, what, of, currency);
        }
    }

    public void Refused(CapReached reached) =>
        Log.TextOverCap(logger, reached.Rule, Amounts.InWords(reached.Amount), Amounts.InWords(reached.Cap), reached.Currency);
}
