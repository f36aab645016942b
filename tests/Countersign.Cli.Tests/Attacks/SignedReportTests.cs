using System.Text.Json.Nodes;
using Countersign.Cli.Attacks;
using Countersign.Cli.Tests.Fixtures;
using Countersign.Testing;

namespace Countersign.Cli.Tests.Attacks;

/// <summary>A report that is handed over shows whether it is the one that was made.</summary>
public sealed class SignedReportTests : IDisposable
{
    private static readonly DateTimeOffset _at = new(2026, 11, 30, 20, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private static JsonObject Report => new()
    {
        ["target"] = "https://id.example.com", ["mode"] = "live", ["at"] = "2026-11-30T20:00:00Z", ["by"] = "countersign 0.1.0",
        ["keysAndDocuments"] = new JsonObject { ["sha256"] = "ab12" }, ["calls"] = 10, ["seconds"] = 2,
        ["verdicts"] = new JsonObject { ["defended"] = 1, ["open"] = 1 },
        ["leftOut"] = new JsonArray("S02"),
        ["attacks"] = new JsonArray(
            new JsonObject
            {
                ["id"] = "S01", ["tried"] = "Guessing", ["promise"] = "Codes <b>hold</b>.", ["verdict"] = "defended",
                ["evidence"] = "10 & no more", ["clauses"] = new JsonArray("NIST SP 800-63B-4 3.2.2"),
            },
            new JsonObject
            {
                ["id"] = "L14", ["promise"] = "No frames.", ["verdict"] = "open", ["evidence"] = "none", ["next"] = "Send it.",
                ["clauses"] = new JsonArray(),
            }),
    };

    [Fact]
    public async Task It_is_read_as_it_was_signed_and_names_its_key()
    {
        var (file, keyId) = Write("report.json");

        var run = await VerifyAsync(file, "--json", "--signed-by", keyId);
        var told = await VerifyAsync(file);

        Assert.Equal((0, keyId), (run.Code, (string?)run.Json["key"]));
        Assert.True(JsonNode.DeepEquals(Report["attacks"], run.Json["report"]!["attacks"]));
        Assert.Equal(0, told.Code);
        Assert.Contains("compare the key with the one that you were told", told.Output, StringComparison.Ordinal);
        Assert.Contains(keyId, told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_character_of_it_can_be_another()
    {
        var (file, _) = Write("report.json");
        var signed = (string)JsonNode.Parse(await ReadAsync(file))!["report"]!;

        // Each seventh is enough, and all of them take long.
        for (var n = 0; n < signed.Length; n += 7)
        {
            var changed = $"{signed[..n]}{(signed[n] == 'A' ? 'B' : 'A')}{signed[(n + 1)..]}";
            Assert.Null(SignedReport.Read(changed).Report);
        }
        await File.WriteAllTextAsync(_folder.File("changed"), signed.Replace('Q', 'R'), TestContext.Current.CancellationToken);
        var run = await VerifyAsync(_folder.File("changed"));
        Assert.Equal(2, run.Code);
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public async Task A_report_that_was_signed_anew_is_another_keys()
    {
        var (_, told) = Write("report.json");
        var (anew, _) = Write("anew.json");

        var run = await VerifyAsync(anew, "--signed-by", told);

        Assert.Equal(3, run.Code);
        Assert.Contains("another key", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{\"report\": 1}")]
    [InlineData("{\"report\": \"a\", \"report\": \"b\"}")]
    public async Task What_is_no_report_is_not_checked(string content)
    {
        await File.WriteAllTextAsync(_folder.File("other"), content, TestContext.Current.CancellationToken);

        var run = await VerifyAsync(_folder.File("other"));

        Assert.NotEqual(0, run.Code);
        Assert.NotEmpty(run.Error);
        Assert.Equal(1, (await VerifyAsync(_folder.File("nothing"))).Code);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"verdicts\":1,\"leftOut\":[],\"attacks\":[]}")]
    [InlineData("{\"verdicts\":{},\"leftOut\":[],\"attacks\":[1]}")]
    [InlineData("{\"verdicts\":{\"open\":0},\"leftOut\":[],\"attacks\":[{\"id\":\"S01\",\"verdict\":\"open\"}]}")]
    [InlineData("{\"verdicts\":{\"open\":1},\"leftOut\":[],\"attacks\":[{\"id\":\"S1\",\"verdict\":\"open\"}]}")]
    [InlineData("{\"verdicts\":{},\"leftOut\":[],\"attacks\":[{\"id\":\"S01\",\"verdict\":\"safe\"}]}")]
    [InlineData("{\"verdicts\":{},\"leftOut\":[],\"attacks\":[],\"target\":\"\\u001b[2K0 open\"}")]
    [InlineData("{\"verdicts\":{},\"leftOut\":[],\"attacks\":[],\"mode\":[\"\\u202elive\"]}")]
    public async Task What_is_signed_and_no_report_is_refused(string claims)
    {
        var (signed, _) = SignedReport.Sign(JsonNode.Parse(claims)!.AsObject(), _at);
        await File.WriteAllTextAsync(_folder.File("other"), signed.ToJsonString(), TestContext.Current.CancellationToken);

        var run = await VerifyAsync(_folder.File("other"));

        Assert.Equal(2, run.Code);
        Assert.Contains("has not the members of a report", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_is_no_report_nor_is_a_report_a_receipt()
    {
        var (file, _) = Write("report.json");
        var signed = (string)JsonNode.Parse(await ReadAsync(file))!["report"]!;
        await File.WriteAllTextAsync(_folder.File("as-receipt"), signed, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("keys"), "{\"keys\":[]}", TestContext.Current.CancellationToken);

        var run = await CommandLine.RunAsync(
            new Dictionary<string, string>(), "receipt", "verify", _folder.File("as-receipt"), "--jwks", _folder.File("keys"));

        Assert.Equal(2, run.Code);
        Assert.Contains("Its typ is not cs-receipt+sd-jwt", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_needs_nothing_else_and_shows_what_was_signed_as_text()
    {
        var (file, keyId) = Write("report.json");

        var run = await VerifyAsync(file, "--report", _folder.File("page.html"));

        var page = await ReadAsync(_folder.File("page.html"));
        Assert.Equal(0, run.Code);
        Assert.Equal(ReportPage.Of(Report, keyId).ReplaceLineEndings(), page.TrimEnd().ReplaceLineEndings());
        Assert.DoesNotContain("<b>hold", page, StringComparison.Ordinal);
        Assert.Contains("Codes &lt;b&gt;hold&lt;/b&gt;.", page, StringComparison.Ordinal);
        Assert.Contains("(1 left out by --only)", page, StringComparison.Ordinal);
        Assert.All((string[])["<script", "src=", "href="], part => Assert.DoesNotContain(part, page, StringComparison.Ordinal));
        Assert.True(page.IndexOf("L14", StringComparison.Ordinal) < page.IndexOf("S01", StringComparison.Ordinal), "What is open comes "
            + "first.");
        Assert.Equal(1, (await VerifyAsync(file, "--report", _folder.File("page.html"))).Code);
    }

    [Fact]
    public async Task What_could_not_be_played_is_told_to_whoever_gets_it()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        await CommandLine.RunAsync(
            new Dictionary<string, string> { ["COUNTERSIGN_CLIENT_ID"] = "shop", ["COUNTERSIGN_CLIENT_SECRET"] = "secret" },
            "attack", server.Origin, "--only", "S01", "--max-calls", "15", "--signed", _folder.File("run.json"));

        var run = await VerifyAsync(_folder.File("run.json"), "--report", _folder.File("run.html"));

        var page = await ReadAsync(_folder.File("run.html"));
        Assert.All((string[])["1 not played", "15 calls"], text =>
        {
            Assert.Contains(text, run.Output, StringComparison.Ordinal);
            Assert.Contains(text, page, StringComparison.Ordinal);
        });
        Assert.Matches("Could not be played +S01", run.Output);
        Assert.Contains("<h2>Could not be played", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_writes_both_and_never_over_a_file_that_is_there()
    {
        await using var server = await WeakServer.StartAsync(_folder.File("texts.jsonl"));
        Task<Run> AttackAsync(string name) => CommandLine.RunAsync(
            new Dictionary<string, string> { ["COUNTERSIGN_CLIENT_ID"] = "shop", ["COUNTERSIGN_CLIENT_SECRET"] = "secret" },
            "attack", server.Origin, "--only", "O04", "--only", "T04", "--signed", _folder.File($"{name}.json"),
            "--report", _folder.File($"{name}.html"));

        var run = await AttackAsync("run");
        var again = await AttackAsync("run");

        Assert.Equal((AttackReport.SomethingOpen, 1), (run.Code, again.Code));
        Assert.Contains("exists already", again.Error, StringComparison.Ordinal);
        Assert.Contains("O04 The admin API: other people's keys", run.Output, StringComparison.Ordinal);
        Assert.Contains("69 left out by --only", run.Output, StringComparison.Ordinal);
        Assert.Contains("COUNTERSIGN_OTHER_CLIENT_ID", run.Output, StringComparison.Ordinal);
        var verified = await VerifyAsync(_folder.File("run.json"), "--json");
        Assert.Equal(0, verified.Code);
        Assert.Contains((string)verified.Json["key"]!, run.Error, StringComparison.Ordinal);
        Assert.Contains((string)verified.Json["key"]!, await ReadAsync(_folder.File("run.html")), StringComparison.Ordinal);
        Assert.Equal("countersign-attack", (string?)verified.Json["report"]!["aud"]);
    }

    public void Dispose() => _folder.Dispose();

    private (string File, string KeyId) Write(string name)
    {
        var (signed, keyId) = SignedReport.Sign(Report, _at);
        File.WriteAllText(_folder.File(name), signed.ToJsonString());
        return (_folder.File(name), keyId);
    }

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);

    private static Task<Run> VerifyAsync(string file, params string[] options) =>
        CommandLine.RunAsync(new Dictionary<string, string>(), ["attack", "verify", file, .. options]);
}
