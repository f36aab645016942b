namespace Countersign.Core.Money;

/// <summary>Hears what those who pay should know.</summary>
public interface ICapJournal
{
    /// <summary>So much of a cap is spent: told once for each threshold and window, whichever node finds it.</summary>
    /// <param name="percent">One of <see cref="CapAlerts.Thresholds"/>.</param>
    void Passed(SpendingOwner owner, CapWindow window, int percent, decimal spent, decimal cap, string currency);

    /// <summary>An answer to HELP was not handed over because a cap would be passed: it has no flow that could tell.</summary>
    void Refused(CapReached reached);
}
