using Countersign.Cli.Tests.Fixtures;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Keys;
using Countersign.Core.Texts;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Cli.Tests.Erasure;

/// <summary><c>countersign erase</c>, its proof, and <c>countersign person export</c>.</summary>
public sealed class ErasureCommandTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private const string Number = "+12025550142";

    private static readonly Dictionary<string, string> _nothing = [];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-erase-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_number_is_erased_and_who_has_the_proof_can_show_it_without_the_server()
    {
        await StopAsync();
        await server.RunAsync("flow", "find", "--number", Number);
        var (file, keys) = (PathOf("proof.json"), PathOf("jwks.json"));

        var erased = await server.RunAsync("erase", "--number", Number, "--yes", "--out", file);
        await SaveKeysAsync(keys);
        var verified = await VerifyAsync(file, keys, "--number", Number);
        var json = await VerifyAsync(file, keys, "--json");
        var other = await VerifyAsync(file, keys, "--number", "+12025550143");
        var receipt = await CommandLine.RunAsync(_nothing, "receipt", "verify", PathOf("alone.txt", ProofIn(file)), "--jwks", keys);
        var changed = await VerifyAsync(PathOf("changed.json", (await File.ReadAllTextAsync(
            file, TestContext.Current.CancellationToken)).Replace("\"rows\": 1", "\"rows\": 7", StringComparison.Ordinal)), keys);
        var forged = await VerifyAsync(PathOf("forged.txt", ProofIn(file)[..^4] + "AAAA"), keys);

        Assert.True(erased.Code == 0, $"{erased}");
        Assert.Contains($"The proof is in {file}.", erased.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("5550142", erased.Output, StringComparison.Ordinal);
        Assert.True(verified.Code == 0, $"{verified}");
        Assert.Contains("stops", verified.Output, StringComparison.Ordinal);
        Assert.Contains("1 row,", verified.Output, StringComparison.Ordinal);
        Assert.Contains(", copies lead there until ", verified.Output, StringComparison.Ordinal);
        Assert.All(
            (string[])[erased.Output, verified.Output],
            told => Assert.Matches("stops.*1.* until 2[^,]+, those from before 2[^,]+ as long as they are kept", told));
        Assert.EndsWith("The proof is good, and so is what opens it.\n", verified.Output, StringComparison.Ordinal);
        Assert.Equal(("number", Number), ((string?)json.Json["claims"]!["of"], (string?)json.Json["opened"]!["phoneNumber"]));
        Assert.Equal((3, 2, 2, 3), (other.Code, receipt.Code, forged.Code, changed.Code));
        Assert.StartsWith("erased, which stands beside the proof, was changed", changed.Error, StringComparison.Ordinal);
        Assert.Contains("typ is not cs-receipt+sd-jwt", receipt.Error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task What_stands_under_a_key_that_is_gone_is_counted_and_removed_by_its_number()
    {
        await StopAsync();
        await server.Services.GetRequiredService<ILineKeys>().DestroyAsync(
            PhoneNumber.Parse(Number), TestContext.Current.CancellationToken);

        var counted = await server.RunAsync("keys", "drop-lost", "--json");
        var told = await server.RunAsync("keys", "drop-lost");
        var rows = $"{counted.Json["rows"]}";
        var other = await server.RunAsync("keys", "drop-lost", "--rows", "4711");
        var removed = await server.RunAsync("keys", "drop-lost", "--rows", rows);
        var left = await server.RunAsync("keys", "drop-lost");

        Assert.Matches("stops +1", told.Output);
        Assert.Contains($"countersign keys drop-lost --rows {rows}", told.Error, StringComparison.Ordinal);
        Assert.Equal(1, other.Code);
        Assert.Contains($"there are {rows} such rows and not 4711", other.Error, StringComparison.Ordinal);
        Assert.StartsWith("Removed", removed.Output.TrimStart(), StringComparison.Ordinal);
        Assert.Contains("There are no such rows.", left.Output + left.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_verifies_after_an_erasure_and_names_nobody()
    {
        await server.RunAsync("budget", "show", "--number", Number);
        await LinkAsync();

        await server.RunAsync("erase", "--number", Number, "--yes");
        await LinkAsync();

        var verified = await server.RunAsync("audit", "verify");
        var found = await server.RunAsync("audit", "list", "--number", Number, "--act", "showBudget");
        var done = await server.RunAsync("audit", "list", "--act", "eraseData", "--limit", "1");
        Assert.True(verified.Code == 0, $"{verified}");
        Assert.StartsWith("Nothing of the kind was done", found.Output, StringComparison.Ordinal);
        Assert.Contains("erasure:", done.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_erased_before_it_is_said_what_and_that_it_is_meant()
    {
        await StopAsync();
        var there = PathOf("there.json", "{}");

        var nothing = await server.RunAsync("erase", "--yes");
        var two = await server.RunAsync("erase", "--number", Number, "--project", "shop", "--yes");
        var unsure = await server.RunAsync("erase", "--number", Number);
        var overwritten = await server.RunAsync("erase", "--number", Number, "--yes", "--out", there);
        var misspelt = await server.RunAsync("erase", "--numbr", Number, "--yes");
        var unknown = await server.RunAsync("erase", "--project", "ghost", "--yes");

        Assert.All((Run[])[nothing, two, unsure, overwritten, misspelt, unknown], run => Assert.Equal(1, run.Code));
        Assert.Equal(nothing.Error, two.Error);
        Assert.StartsWith("Say what is to be erased: one of --number -, --flow and --project.", nothing.Error, StringComparison.Ordinal);
        Assert.Contains("Add --yes", unsure.Error, StringComparison.Ordinal);
        Assert.Contains("exists already", overwritten.Error, StringComparison.Ordinal);
        Assert.StartsWith("--numbr is no option of countersign erase.", misspelt.Error, StringComparison.Ordinal);
        Assert.Equal("Refused: there is no project 'ghost'.\n", unknown.Error);
        Assert.True(await Stops.IsSuppressedAsync(PhoneNumber.Parse(Number), "12345", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_person_gets_all_that_is_held_of_their_number()
    {
        await StopAsync();
        var file = PathOf("person.json");

        var written = await server.RunAsync("person", "export", "--number", Number, "--out", file);
        var printed = await server.RunAsync("person", "export", "--number", "+1 (202) 555-0142");

        Assert.True(written.Code == 0, $"{written}");
        Assert.Contains("It is personal: hand it over, and remove it.", written.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("5550142", written.Output, StringComparison.Ordinal);
        Assert.Contains("\"sender\": \"12345\"", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal(Number, (string?)printed.Json["phoneNumber"]);
    }

    private ISuppressionList Stops => server.Services.GetRequiredService<ISuppressionList>();

    private Task StopAsync() => Stops.SuppressAsync(
        PhoneNumber.Parse(Number), "12345", DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);

    private Task LinkAsync() => server.Services.GetRequiredService<AuditChainer>().RoundAsync(TestContext.Current.CancellationToken);

    private static Task<Run> VerifyAsync(string file, string keys, params string[] more) =>
        CommandLine.RunAsync(_nothing, ["erase", "verify", file, "--jwks", keys, .. more]);

    private static string ProofIn(string file) =>
        (string)System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(file))!["proof"]!;

    private async Task SaveKeysAsync(string file)
    {
        using var client = new HttpClient();
        await File.WriteAllTextAsync(
            file, await client.GetStringAsync($"{server.Origin}/.well-known/jwks.json", TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);
    }

    private string PathOf(string name, string? content = null)
    {
        var path = Path.Combine(_folder.FullName, name);
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }
        return path;
    }
}
