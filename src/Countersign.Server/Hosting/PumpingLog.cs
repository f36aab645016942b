using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Server.Timeline;

namespace Countersign.Server.Hosting;

/// <summary>Writes what looks like pumping to the log: which rule has found it, of what, and why; not whose.</summary>
internal sealed class PumpingLog(ILogger<PumpingGuard> logger) : IPumpingJournal
{
    public void Found(AbuseEntry entry)
    {
        var evidence = entry.Reached.ToEvidence(isShadow: entry.Mode == LimitMode.Shadow);
        var at = ReachedLimit.Of(evidence);
        Log.PumpingFound(
            logger, entry.Mode, entry.Key.Target, FlowSentences.Of(evidence), at.Rule, at.Count, at.Max, at.Window, at.Until);
    }
}
