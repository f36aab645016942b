using System.Text.Json.Serialization;
using Countersign.Core.Administration;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <param name="State">open, settling, done, aborting or aborted.</param>
internal sealed record ImportResponse(
    long Id, string Source, string State, bool DryRun, bool AllOrNothing, long NextLine, ImportTotals Totals, DateTimeOffset BegunAt)
{
    public static ImportResponse Of(RecordImport import) => new(
        import.Id, import.Plan.Source.ToString(), import.State.ToString().ToLowerInvariant(), import.Plan.IsDryRun,
        import.Plan.IsAllOrNothing, import.NextLine, ImportTotals.Of(import.Counts), import.BegunAt);

    public override string ToString() => $"import {Id}";
}

internal sealed record ImportTotals(long Records, long Added, long Changed, long Unchanged, long Repeated, long Bad)
{
    public static ImportTotals Of(ImportCounts counts) =>
        new(counts.Records, counts.Added, counts.Changed, counts.Unchanged, counts.Repeated, counts.Rejected);
}

/// <param name="Problems">Every bad line of the piece.</param>
internal sealed record LinesResponse(long NextLine, ImportTotals Totals, IReadOnlyList<ProblemView> Problems)
{
    public static LinesResponse Of(PieceOutcome.Taken taken) => new(
        taken.NextLine, ImportTotals.Of(taken.Counts),
        [.. taken.Problems.Select(problem => new ProblemView(problem.Line, problem.Field, problem.Problem))]);
}

internal sealed record ProblemView(long Line, string? Field, string Problem)
{
    public override string ToString() => $"line {Line}";
}

internal sealed record SourcesResponse(IReadOnlyList<SourceView> Sources);

/// <param name="AllProjects">Every project sees it: nobody has chosen since sources belong to projects.</param>
internal sealed record SourceView(
    string Name, long Records, DateTimeOffset? LastImportAt, bool AllProjects, IReadOnlyList<string> Projects)
{
    /// <summary>A source, with those of its projects that the key may know of.</summary>
    public static SourceView Of(RecordSource source, AdminRights rights) => new(
        source.Name.ToString(), source.Records, source.LastImportAt, source.Visibility.IsForAll,
        [.. source.Visibility.Projects.Where(rights.Includes).Select(id => id.ToString())]);

    public override string ToString() => $"{Records} records";
}

internal sealed record AssignResponse(string Name, IReadOnlyList<string> Projects)
{
    public override string ToString() => $"{Projects.Count} projects";
}

internal sealed record RemoveResponse(int Removed, bool IsDone);

[JsonSerializable(typeof(ImportResponse))]
[JsonSerializable(typeof(LinesResponse))]
[JsonSerializable(typeof(SourcesResponse))]
[JsonSerializable(typeof(AssignResponse))]
[JsonSerializable(typeof(RemoveResponse))]
internal sealed partial class RecordsJson : JsonSerializerContext
{
    public static RecordsJson Answers { get; } = new(HttpJson.NewOptions());
}
