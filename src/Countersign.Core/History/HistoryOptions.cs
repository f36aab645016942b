namespace Countersign.Core.History;

/// <summary>What is kept of flows when their life is over (<c>Countersign:History</c>).</summary>
public sealed class HistoryOptions
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "History";

    /// <summary>Whether an outcome is kept of each flow.</summary>
    /// <value>On by default. Off keeps none of flows that end from now on; what was kept before stays for its time.</value>
    public HistoryMode Mode { get; set; } = HistoryMode.On;

    /// <summary>How long an outcome is kept after its flow's end.</summary>
    /// <value>30 days by default; one day to ten years. In days alone: <c>90</c> or <c>90.00:00:00</c>.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}

public enum HistoryMode
{
    Off,
    On,
}
