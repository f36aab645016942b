using System.Text.Json.Nodes;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <summary>What the admin API's endpoints promise about identity records.</summary>
internal static class RecordOperations
{
    private const string Tag = "records";

    public static Operation Begin { get; } = new()
    {
        Id = "beginImport",
        Tag = Tag,
        Summary = "Begin an import",
        Description =
            "Says what is going to come. The file follows in pieces, then a commit. A source has one import at a time; one that has not "
            + "been "
            + "heard of for an hour is given up. A key that is limited to projects gives records to sources that nobody sees but these.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                "BeginImportRequest", "A file that is going to come.", IsClosed: true,
                RecordMembers.Source,
                RecordMembers.Format,
                RecordMembers.Columns,
                RecordMembers.Delimiter,
                RecordMembers.Country,
                RecordMembers.DryRun,
                RecordMembers.AllOrNothing,
                RecordMembers.Projects,
                RecordMembers.FirstLine),
            Members.Object(
                (RecordMembers.Source, "crm"), (RecordMembers.Format, "csv"),
                (RecordMembers.Columns, Schema.List(["phone", "given_name", "family_name", "birthdate"])), (RecordMembers.FirstLine, 2)),
            MediaTypes: [Members.Json]),
        Success = new Reply(StatusCodes.Status200OK, "The import is open.", ImportSchema, ImportExample()),
        Refusals = [Fault.Malformed(""), Fault.NotAuthorized, Fault.NotPermitted, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Take { get; } = new()
    {
        Id = "takeLines",
        Tag = Tag,
        Summary = "Send a piece of the file",
        Description =
            "The body is a piece of the file as it stands there, of whole records, without the header: UTF-8, at most "
            + $"{ImportLines.MaxBytes} bytes and {ImportLines.MaxRecords} records, of any media type. Pieces come one after the other; "
            + "one that is sent again is written and counted once and answered as before. "
            + "The answer names every bad line of the piece and repeats nothing of it.",
        Credentials = Document.AdminKey,
        Parameters = [Id, Parameter.InQuery(RecordMembers.FirstLineOfPiece, 2)],
        Success = new Reply(
            StatusCodes.Status200OK, "The piece is taken: its good lines are written.",
            new ObjectSchema(
                nameof(LinesResponse), "What became of a piece.", IsClosed: true,
                new Member("nextLine", Schema.Number("The line that is to come next."), IsRequired: true),
                new Member("totals", Totals("Of this piece."), IsRequired: true),
                new Member("problems", Schema.List("Every bad line.", Schema.Closed(
                    "Something wrong with a line.",
                    new Member("line", Schema.Number("The line of the file on which its record begins."), IsRequired: true),
                    new Member("field", Schema.Text("The field; absent when it is the line as a whole.")),
                    new Member("problem", Schema.Text("What is wrong."), IsRequired: true))), IsRequired: true)),
            Members.Object(
                ("nextLine", 5), ("totals", TotalsExample(3)),
                ("problems",
                    new JsonArray(Members.Object(("line", 3), ("field", "birthdate"), ("problem", "must be a date, YYYY-MM-DD")))))),
        Refusals = [Fault.Malformed(""), Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Show { get; } = new()
    {
        Id = "showImport",
        Tag = Tag,
        Summary = "Read how an import stands",
        Description = "Its state and what has become of its lines so far.",
        Credentials = Document.AdminKey,
        Parameters = [Id],
        Success = new Reply(StatusCodes.Status200OK, "The import.", ImportSchema, ImportExample(records: 3)),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Commit { get; } = new()
    {
        Id = "commitImport",
        Tag = Tag,
        Summary = "Commit an import",
        Description =
            "Ends it. Records of one that takes all or nothing count from this moment on, all of them; while they are put in place "
            + "(`settling`) "
            + "their source takes no other import.",
        Credentials = Document.AdminKey,
        Parameters = [Id],
        Success = new Reply(StatusCodes.Status200OK, "The import has ended.", ImportSchema, ImportExample("done", records: 3)),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Abort { get; } = new()
    {
        Id = "abortImport",
        Tag = Tag,
        Summary = "Abort an import",
        Description = "Gives it up. Of one that takes all or nothing nothing stays; of any other, what it has brought.",
        Credentials = Document.AdminKey,
        Parameters = [Id],
        Success = new Reply(StatusCodes.Status200OK, "The import is given up.", ImportSchema, ImportExample("aborted", records: 3)),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Sources { get; } = new()
    {
        Id = "listSources",
        Tag = Tag,
        Summary = "List the sources of records",
        Description =
            "Who has given records, how many of them are kept, and who sees them. A key that is limited to projects is told the sources "
            + "that one of these sees.",
        Credentials = Document.AdminKey,
        Success = new Reply(
            StatusCodes.Status200OK, "The sources.",
            new ObjectSchema(
                nameof(SourcesResponse), "Sources of records.", IsClosed: true,
                new Member("sources", Schema.List("In the order of their names.", Schema.Closed(
                    "A source.",
                    new Member("name", Schema.Text("Its name."), IsRequired: true),
                    new Member("records", Schema.Number("How many records of it count."), IsRequired: true),
                    new Member("lastImportAt", Schema.Time("When its last import ended; absent when that is forgotten.")),
                    new Member(
                        "allProjects",
                        Schema.Flag("Every project sees it: it was there before sources belonged to projects, and nobody has assigned it."),
                        IsRequired: true),
                    new Member(
                        "projects", Schema.List("The projects that see it; with none, and not all, nobody does.", Schema.Text("Its id.")),
                        IsRequired: true))),
                    IsRequired: true)),
            Members.Object(("sources", new JsonArray(Members.Object(
                ("name", "crm"), ("records", 1_000_000), ("lastImportAt", "2026-11-23T10:00:00+00:00"), ("allProjects", false),
                ("projects", new JsonArray("shop"))))))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    public static Operation Assign { get; } = new()
    {
        Id = "assignSource",
        Tag = Tag,
        Summary = "Say which projects see a source",
        Description =
            "The projects that are named see the source's records from now on, and no others do. A project that does not see a record is "
            + "answered as if there were none.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                nameof(AssignRequest), "Who is to see what.", IsClosed: true, RecordMembers.Source, RecordMembers.ProjectsThatSee),
            Members.Object((RecordMembers.Source, "crm"), (RecordMembers.ProjectsThatSee, new JsonArray("shop"))),
            MediaTypes: [Members.Json]),
        Success = new Reply(
            StatusCodes.Status200OK, "It is so.",
            new ObjectSchema(
                nameof(AssignResponse), "Who sees a source.", IsClosed: true,
                new Member("name", Schema.Text("The source's name."), IsRequired: true),
                new Member("projects", Schema.List("The projects that see it; with none, nobody does.", Schema.Text("Its id.")),
                    IsRequired: true)),
            Members.Object(("name", "crm"), ("projects", new JsonArray("shop")))),
        Refusals = [Fault.Malformed(""), Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Remove { get; } = new()
    {
        Id = "removeRecords",
        Tag = Tag,
        Summary = "Erase a number or a source",
        Description =
            "Removes every record of a number, or every record of a source. A large source takes several calls: ask again until `isDone`.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                nameof(RemoveRequest), "What is to be erased: one of the two.", IsClosed: true,
                RecordMembers.SourceToErase,
                LookUp.PhoneNumber),
            Members.Object((LookUp.PhoneNumber, "+12025550142")),
            MediaTypes: [Members.Json]),
        Success = new Reply(
            StatusCodes.Status200OK, "What was found is gone.",
            new ObjectSchema(
                nameof(RemoveResponse), "What was removed.", IsClosed: true,
                new Member("removed", Schema.Number("How many records."), IsRequired: true),
                new Member("isDone", Schema.Flag("False when there are more."), IsRequired: true)),
            Members.Object(("removed", 2), ("isDone", true))),
        Refusals = [Fault.Malformed(""), Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.TooManyRequests],
    };

    private static Parameter Id => new("id", "path", Schema.Number("The import's id.", min: 1), 1, IsRequired: true);

    private static ObjectSchema ImportSchema => new(
        nameof(ImportResponse), "An import.", IsClosed: true,
        new Member("id", Schema.Number("Its id."), IsRequired: true),
        RecordMembers.Source.Answered("Who gives the records.", isRequired: true),
        new Member("state", Schema.Word("How it stands.", "open", "settling", "done", "aborting", "aborted"), IsRequired: true),
        new Member(RecordMembers.DryRun, Schema.Flag("Nothing is changed."), IsRequired: true),
        new Member(RecordMembers.AllOrNothing, Schema.Flag("Nothing counts before the commit."), IsRequired: true),
        new Member("nextLine", Schema.Number("The line of the file that is to come next."), IsRequired: true),
        new Member("totals", Totals("Of all lines so far."), IsRequired: true),
        new Member("begunAt", Schema.Time("When it began."), IsRequired: true));

    private static JsonObject Totals(string description) => Schema.Closed(
        description,
        new Member("records", Schema.Number("Lines that hold a record, good or bad."), IsRequired: true),
        new Member("added", Schema.Number("New records."), IsRequired: true),
        new Member("changed", Schema.Number("Records that were there with other data."), IsRequired: true),
        new Member("unchanged", Schema.Number("Records that were there as they are."), IsRequired: true),
        new Member("repeated", Schema.Number("Lines with a record that stands on an earlier line too."), IsRequired: true),
        new Member("bad", Schema.Number("Lines that were not taken."), IsRequired: true));

    // The first bad record is one of them.
    private static JsonObject TotalsExample(int records)
    {
        var bad = Math.Min(records, 1);
        return Members.Object(
            ("records", records), ("added", records - bad), ("changed", 0), ("unchanged", 0), ("repeated", 0), ("bad", bad));
    }

    private static JsonObject ImportExample(string state = "open", int records = 0) => Members.Object(
        ("id", 1), (RecordMembers.Source, "crm"), ("state", state), (RecordMembers.DryRun, false), (RecordMembers.AllOrNothing, false),
            ("nextLine", 2 + records), ("totals", TotalsExample(records)),
        ("begunAt", "2026-11-23T10:00:00+00:00"));
}
