using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <summary>Members of requests about identity records.</summary>
internal static class RecordMembers
{
    private const int MaxColumns = 200;

    private const int MaxProjects = 100;

    private static readonly TextShape<SourceName> _source = Shape.Id<SourceName>() with { Pattern = "^[a-z0-9._-]{1,64}$" };

    public static Member<SourceName> Source { get; } = Member.Required("source", _source, "Who gives the records.");

    public static Member<SourceName?> SourceToErase { get; } = Member.OptionalValue(Source, _source, "A source.");

    public static Member<ImportFormat?> Format { get; } = Member.OptionalValue(
        "format", Shape.Word(("csv", ImportFormat.Csv), ("jsonl", ImportFormat.JsonLines)),
        "`jsonl` is one JSON object a line.").AsRequired();

    public static ListMember<string> Columns { get; } = new(
        "columns",
        "For csv, required: the field of each column, in the order of the file; empty for a column that is passed over. The fields are "
            + string.Join(", ", RecordFields.All.Select(field => $"`{field}`")) + "; " + string.Join(", ", RecordFields.Required)
            + " must be among them.",
        Shape.Text(text => text.Length == 0 || RecordFields.IndexOf(text) >= 0
            ? null
            : $"is no field of a record; the fields are {string.Join(", ", RecordFields.All)}, and \"\" passes a column over"),
        "A field, or nothing.", MaxColumns);

    public static Member<char> Delimiter { get; } = Member.Standard(
        "delimiter", Shape.Word([(",", ','), (";", ';'), ("\t", '\t')], "must be a comma, a semicolon or a tab"), ',',
        "For csv: what stands between columns. Default: a comma.");

    public static Member<string?> Country { get; } = Member.Optional(
        "country",
        Shape.Text(text => text.Length == 2 && text.All(char.IsAsciiLetterUpper) ? null : "must be two capital letters (ISO 3166-1)") with
        {
            Pattern = "^[A-Z]{2}$",
        },
        "The country (ISO 3166-1 alpha-2) of numbers without a country code. Without it such numbers are refused.");

    public static Member<bool> DryRun { get; } = Member.Flag("dryRun", "Say what would happen and change nothing.");

    public static Member<bool> AllOrNothing { get; } = Member.Flag(
        "allOrNothing", "Nothing counts before the commit, and there is no commit with a bad line.");

    public static ListMember<ProjectId> Projects { get; } = new(
        "projects",
        "The projects that the records are for. A new source is seen by them; one that is there must be already. Left out, the server's "
            + "only project; required where there are several.",
        KeyMembers.ProjectShape, "A project's id.", MaxProjects);

    public static ListMember<ProjectId> ProjectsThatSee { get; } = new(
        "projects", "Required: the projects that are to see the source, and no others. Empty: nobody.", KeyMembers.ProjectShape,
        "A project's id.", MaxProjects);

    public static Member<int> FirstLine { get; } = Member.Standard(
        "firstLine", Shape.Number(1, int.MaxValue), 1, "The line of the file that comes first: 2 after a header. Default: 1.");

    /// <summary>In the query of a piece.</summary>
    public static Member<long> FirstLineOfPiece { get; } = Member.Required(
        FirstLine, new LineShape(), "The line of the file on which the piece begins.");

    /// <summary>A line of a file, however long it is.</summary>
    private sealed record LineShape : Shape<long>
    {
        private const string Rule = "must be a whole number from 1";

        public override JsonObject Describe(string description) => Schema.Number(description, min: 1);

        public override (long Value, string? Problem) Read(JsonElement element) =>
            element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var line) && line >= 1 ? (line, null) : (0, Rule);

        public override (long Value, string? Problem) Parse(string text) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var line) && line >= 1 ? (line, null) : (0, Rule);
    }
}
