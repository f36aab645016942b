using Countersign.Core.Projects;

namespace Countersign.Storage;

/// <summary>Where the store is, and how it behaves.</summary>
public sealed class StorageOptions
{
    /// <summary>Connection string of the store: <c>Data Source=…</c> is SQLite, <c>Host=…</c> is PostgreSQL.</summary>
    /// <value>countersign.db in the current folder by default.</value>
    public string Connection { get; init; } = "Data Source=countersign.db";

    /// <summary>How long flows live: where the search for expired ones begins. What is removed is decided by each flow's own end.</summary>
    /// <value>15 minutes by default (API guide: a flow lives 15 minutes).</value>
    public TimeSpan FlowLife { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often, on PostgreSQL, everyone who waits looks again although no notification came.</summary>
    /// <value>Five seconds by default; zero is never.</value>
    public TimeSpan FallbackPoll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What projects keep that were there before a default became stricter.</summary>
    /// <value>Nothing by default.</value>
    public StricterDefaults Stricter { get; init; } = StricterDefaults.None;

    /// <summary>How long a caller waits for a statement. The same for connections to PostgreSQL, unless the connection string says otherwise.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);
}
