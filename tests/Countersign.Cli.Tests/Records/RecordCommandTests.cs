using System.Text;
using Countersign.Cli.Records;
using Countersign.Cli.Tests.Fixtures;
using Countersign.Core.IdentityMatching.Records;

namespace Countersign.Cli.Tests.Records;

public sealed class RecordCommandTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-records-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_is_imported_and_again_changes_nothing()
    {
        var file = Write(
            "phone;Given Name;family-name\r\n+12025550142;Lori;Montgomery\r\n+12025550143;\"Pe\r\nter\";Smith\r\n", withMark: true);

        var first = await server.RunAsync("records", "import", file, "--source", "again");
        var second = await server.RunAsync("records", "import", file, "--source", "again", "--json");

        // A line break is a control character, within quotation marks or not.
        Assert.Equal(2, first.Code);
        Assert.Contains("line 3: given_name has a control character", first.Error, StringComparison.Ordinal);
        Assert.Contains("Imported. 2 records: 1 added, 0 changed, 0 unchanged, 0 repeated, 1 bad.", first.Output, StringComparison.Ordinal);
        Assert.Equal((0, 1), ((int)second.Json["totals"]!["added"]!, (int)second.Json["totals"]!["unchanged"]!));
    }

    [Fact]
    public async Task One_bad_line_in_the_middle_is_named_and_the_others_are_taken()
    {
        var report = Path.Combine(_folder.FullName, "report.txt");
        var file = Write(Many(5000, bad: 2500));

        var run = await server.RunAsync("records", "import", file, "--source", "middle", "--report", report);

        Assert.Equal(RecordCommands.SomeBad, run.Code);
        Assert.Equal("line 2501: birthdate must be a date, YYYY-MM-DD\n",
            await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken));
        Assert.Contains("5,000 records: 4,999 added", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_all_or_nothing_one_bad_line_takes_all_back()
    {
        var run = await server.RunAsync("records", "import", Write(Many(5000, bad: 4500)), "--source", "nothing", "--all-or-nothing");
        var sources = await server.RunAsync("records", "sources", "--json");
        var again = await server.RunAsync("records", "import", Write(Many(5000, bad: 0)), "--source", "nothing", "--all-or-nothing");

        Assert.Equal(RecordCommands.RolledBack, run.Code);
        Assert.Contains("Rolled back, nothing was taken", run.Output, StringComparison.Ordinal);
        var source = sources.Json["sources"]!.AsArray().Single(one => (string?)one!["name"] == "nothing")!;
        Assert.Equal(0, (int)source["records"]!);
        Assert.Equal(0, again.Code);
        Assert.Contains("5,000 added", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing_and_lines_of_JSON_are_known_by_their_brace()
    {
        var file = Write("""{"phone":"07400 123456","given_name":"Lori","family_name":"Montgomery"}""" + "\n");

        var dry = await server.RunAsync("records", "import", file, "--source", "json", "--country", "gb", "--dry-run");
        var wet = await server.RunAsync("records", "import", file, "--source", "json", "--country", "gb");
        var removed = await server.RunAsync("records", "remove", "--source", "json");

        Assert.Contains("Dry run, nothing was changed. 1 records: 1 added", dry.Output, StringComparison.Ordinal);
        Assert.Contains("Imported. 1 records: 1 added", wet.Output, StringComparison.Ordinal);
        Assert.Equal("1 records removed.\n", removed.Output);
    }

    [Theory]
    [InlineData("phone,given_name\n", "The file has no column family_name")]
    [InlineData("phone,given_name,family_name,shoe_size\n", "The column shoe_size is no field of a record")]
    [InlineData("+12025550142,Lori,Montgomery\n", "The column no. 1 is no field of a record")]
    [InlineData("phone,Jose\u0301,family_name\n", "The column no. 2 is no field of a record")]
    [InlineData("", "The file is empty")]
    [InlineData("p\0h\0", "The file is not UTF-8")]
    public async Task A_file_that_cannot_be_imported_is_told_before_anything_is_sent(string text, string sentence)
    {
        var run = await server.RunAsync("records", "import", Write(text), "--source", "never");

        Assert.Equal(1, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_may_be_named_otherwise()
    {
        var file = Write("Mobile,Vorname,Nachname,Schuh\n+12025550142,Lori,Montgomery,37\n");

        var run = await server.RunAsync(
            "records", "import", file, "--source", "named", "--map", "phone=Mobile", "--map", "given_name=vorname", "--map",
            "family_name=Nachname", "--ignore-unknown");

        Assert.Equal(0, run.Code);
    }

    [Fact]
    public async Task A_source_is_seen_by_whom_it_is_assigned_to()
    {
        var file = Write("phone,given_name,family_name\n+12025550142,Lori,Montgomery\n");
        await server.RunAsync("records", "import", file, "--source", "owned");
        var first = await server.RunAsync("records", "sources");

        var nobody = await server.RunAsync("records", "assign", "--source", "owned", "--nobody");
        var listed = await server.RunAsync("records", "sources");
        var unsaid = await server.RunAsync("records", "assign", "--source", "owned");
        var ghost = await server.RunAsync("records", "assign", "--source", "owned", "--project", "ghost");
        var refused = await server.RunAsync("records", "import", file, "--source", "owned", "--project", "ghost");

        Assert.DoesNotContain("no project", first.Output, StringComparison.Ordinal);
        Assert.Equal("The records of owned are seen by no project.\n", nobody.Output);
        Assert.Contains("no project", listed.Output, StringComparison.Ordinal);
        Assert.Contains("--project", unsaid.Error, StringComparison.Ordinal);
        Assert.Contains("'ghost'", ghost.Error, StringComparison.Ordinal);
        Assert.Contains("'ghost'", refused.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1, 1), (unsaid.Code, ghost.Code, refused.Code));
    }

    [Fact]
    public async Task Pieces_together_are_the_file_and_each_begins_where_the_one_before_ended()
    {
        var text = new StringBuilder("phone,given_name,family_name\n");
        for (var i = 0; i < 30_000; i++)
        {
            text.Append(
                i % 7 == 0 ? "1,\"a\nb\",c\n" : "1,a,\"quite a long family name, with a comma, to make pieces end at their bytes\"\n");
        }
        var bytes = Encoding.UTF8.GetBytes(text.ToString());

        using var pieces = await FilePieces.OpenAsync(new MemoryStream(bytes), isJsonLines: null, TestContext.Current.CancellationToken);
        var all = new MemoryStream();
        var line = 2L;
        while (await pieces.ReadAsync(TestContext.Current.CancellationToken) is { Piece.Length: > 0 } next)
        {
            Assert.Equal(line, next.FirstLine);
            Assert.InRange(next.Piece.Length, 1, ImportLines.MaxBytes);
            line += next.Piece.AsSpan().Count((byte)'\n');
            all.Write(next.Piece);
        }

        Assert.Equal(bytes["phone,given_name,family_name\n".Length..], all.ToArray());
    }

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData(16 * 1024 + 1)]
    [InlineData(ImportLines.MaxBytes - 100)]
    public async Task A_line_has_room_up_to_the_longest_piece(int bytes)
    {
        var header = "phone,given_name,family_name\n";
        var line = $"1,a,{new string('b', bytes - 5)}\n";

        using var pieces = await FilePieces.OpenAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(header + line + "1,a,c\n")), isJsonLines: null, TestContext.Current.CancellationToken);
        var first = await pieces.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(line + "1,a,c\n", Encoding.UTF8.GetString(first.Piece));
        Assert.Empty((await pieces.ReadAsync(TestContext.Current.CancellationToken)).Piece);
    }

    [Fact]
    public async Task A_line_that_is_longer_than_a_piece_is_named()
    {
        using var pieces = await FilePieces.OpenAsync(
            new MemoryStream(Encoding.UTF8.GetBytes($"phone,given_name,family_name\n1,a,{new string('b', ImportLines.MaxBytes)}\n")),
            isJsonLines: null, TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => pieces.ReadAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("Line 2 is longer than ", failure.Message, StringComparison.Ordinal);
    }

    private string Write(string text, bool withMark = false)
    {
        var path = Path.Combine(_folder.FullName, $"{_folder.GetFiles().Length}.csv");
        File.WriteAllText(path, text, new UTF8Encoding(withMark));
        return path;
    }

    private static string Many(int records, int bad)
    {
        var text = new StringBuilder("phone,given_name,family_name,birthdate\n");
        for (var i = 1; i <= records; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"+1202{i:0000000},Lori,Montgomery,{(i == bad ? "06.05.1980" : "1980-05-06")}\n");
        }
        return text.ToString();
    }
}
