namespace Countersign.Core.Audit;

/// <summary>How long the audit is kept, and how often it is signed (<c>Countersign:Audit</c>).</summary>
public sealed class AuditOptions
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "Audit";

    /// <summary>How long an entry is kept.</summary>
    /// <value>400 days by default; 30 days to 100 years.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>How long entries may wait for a signed checkpoint.</summary>
    /// <value>Ten minutes by default; a second to a day.</value>
    public TimeSpan CheckpointAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>After how many entries there is a checkpoint at the latest.</summary>
    /// <value>1000 by default; 1 to 100,000.</value>
    public int CheckpointEvery { get; set; } = 1000;

    public override string ToString() => nameof(AuditOptions);
}
