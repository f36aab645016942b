using Countersign.Core.Limits;

namespace Countersign.Core.Money;

/// <summary>Hears what those who pay should know.</summary>
public interface ICapJournal
{
    /// <summary>So much of a cap is spent: told once for each threshold and window, whichever node finds it.</summary>
    /// <param name="percent">One of <see cref="CapAlerts.Thresholds"/>.</param>
    /// <param name="until">The end of the window.</param>
    void Passed(
        SpendingOwner owner, CapWindow window, int percent, decimal spent, decimal cap, string currency, DateTimeOffset until);

    /// <summary>An answer to HELP was not handed over because of a cap: it has no flow that could tell.</summary>
    void Refused(Reached reached);
}
