using System.Text.Json.Serialization;

namespace Countersign.Core.IdentityMatching.Records;

/// <summary>How a file is to be read. Stored names are for ever.</summary>
/// <param name="Source">Who gives the records.</param>
/// <param name="Columns">For CSV: the field of each column, empty for one that is passed over.</param>
/// <param name="Delimiter">For CSV: comma, semicolon or tab.</param>
/// <param name="Country">ISO 3166-1 alpha-2 of numbers without country code; null refuses those.</param>
/// <param name="IsDryRun">Says what would happen and changes nothing.</param>
/// <param name="IsAllOrNothing">Its records count from the commit on, and there is no commit with a bad line.</param>
/// <param name="Projects">For whom it is; null for one that was begun before sources belonged to projects.</param>
public sealed record ImportPlan(
    SourceName Source, ImportFormat Format, IReadOnlyList<string> Columns, char Delimiter = ',', string? Country = null,
    bool IsDryRun = false, bool IsAllOrNothing = false, IReadOnlyList<ProjectId>? Projects = null)
{
    public override string ToString() => Format.ToString();
}

[JsonConverter(typeof(JsonStringEnumConverter<ImportFormat>))]
public enum ImportFormat
{
    Csv,
    JsonLines,
}

/// <summary>An import as it stands.</summary>
/// <param name="NextLine">The line of the file that is to come next.</param>
public sealed record RecordImport(
    long Id, ImportPlan Plan, ImportState State, long NextLine, ImportCounts Counts, DateTimeOffset BegunAt, DateTimeOffset TouchedAt)
{
    /// <summary>One that has not been heard of for so long is given up.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    /// <summary>What its rows are kept under until they count: its id where it takes all or nothing, else 0 for "at once".</summary>
    public long Stage => Plan.IsAllOrNothing ? Id : 0;

    public override string ToString() => $"{Id}: {State}";
}

/// <summary>Stored numbers are for ever.</summary>
public enum ImportState
{
    /// <summary>Takes lines.</summary>
    Open = 1,

    /// <summary>Its records count; they are being moved to where the others are.</summary>
    Settling = 2,

    Done = 3,

    /// <summary>Given up; records that never counted are being removed.</summary>
    Aborting = 4,

    Aborted = 5,
}

/// <summary>What became of lines. A line that holds the same record as an earlier one of the file is repeated.</summary>
public sealed record ImportCounts(long Added = 0, long Changed = 0, long Unchanged = 0, long Repeated = 0, long Rejected = 0)
{
    /// <summary>All lines with a record, good or bad.</summary>
    public long Records => Added + Changed + Unchanged + Repeated + Rejected;
}

/// <summary>What is wrong with a line. Repeats nothing of what stands in it.</summary>
/// <param name="Field">Null when the line as a whole is wrong.</param>
public sealed record LineProblem(long Line, string? Field, string Problem)
{
    public override string ToString() => $"line {Line}";
}
