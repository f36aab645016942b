using Countersign.Cli.Tests.Fixtures;
using Countersign.Core.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Cli.Tests.Audit;

public sealed class AuditCommandTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private static readonly Dictionary<string, string> _nothing = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-audit-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_done_is_listed_and_a_number_is_asked_for_and_not_shown()
    {
        await server.RunAsync("project", "create", "shop");
        await server.RunAsync("project", "set", "shop", "--start-shape", "identity");
        await server.RunAsync("budget", "show", "--number", "+12025550142");
        await LinkAsync();

        var projects = await server.RunAsync("audit", "list", "--project", "shop", "--act", "changeProject");
        var person = await server.RunAsync("audit", "list", "--number", "+12025550142", "--actor", "admin-key:test");
        var page = await server.RunAsync("audit", "list", "--limit", "1");
        var nothing = await server.RunAsync("audit", "list", "--actor", "admin-key:test", "--act", "rotateClient");
        var nobody = await server.RunAsync("audit", "list", "--actor", "admin-key:nobody");

        Assert.Contains("startShape: prefill -> identity", projects.Output, StringComparison.Ordinal);
        Assert.Contains("project:shop", projects.Output, StringComparison.Ordinal);
        Assert.Contains("showBudget", person.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("5550142", person.Output, StringComparison.Ordinal);
        Assert.Contains("There are more: --before ", page.Output, StringComparison.Ordinal);
        Assert.StartsWith("Nothing of the kind was done", nothing.Output, StringComparison.Ordinal);
        Assert.Equal(1, nobody.Code);
        Assert.Contains("field 'actor' is invalid: names no admin-key that there is", nobody.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_is_verified_at_the_server_and_from_a_file_without_it()
    {
        await server.RunAsync("budget", "show", "--number", "+12025550143");
        await LinkAsync();
        var (file, checkpoints) = (PathOf("audit.jsonl"), PathOf("checkpoints.jsonl"));

        var verified = await server.RunAsync("audit", "verify");
        var exported = await server.RunAsync("audit", "export", "--out", file);
        await server.RunAsync("audit", "export", "--checkpoints-only", "--out", checkpoints);
        var again = await server.RunAsync("audit", "export", "--out", file);
        var offline = await CommandLine.RunAsync(_nothing, "audit", "verify", "--file", file, "--json");
        var held = await CommandLine.RunAsync(_nothing, "audit", "verify", "--file", file, "--against", checkpoints);
        var known = await CommandLine.RunAsync(_nothing, "audit", "verify", "--file", file, "--signed-by", (string)offline.Json["key"]!);
        var other = await CommandLine.RunAsync(_nothing, "audit", "verify", "--file", file, "--signed-by", new string('0', 32));

        Assert.True(verified.Code == 0, $"{verified}");
        Assert.EndsWith("The chain holds.\n", verified.Output, StringComparison.Ordinal);
        Assert.Equal(1, again.Code);
        Assert.Contains("exists already; it is not overwritten", again.Error, StringComparison.Ordinal);
        Assert.Contains(" written.", exported.Output, StringComparison.Ordinal);
        Assert.Equal((0, true), (offline.Code, (bool)offline.Json["holds"]!));
        Assert.True((long)offline.Json["signedUpTo"]! > 0);
        Assert.Equal((0, 0, 1), (held.Code, known.Code, other.Code));
        Assert.StartsWith("The chain is not signed with the audit key 0000", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_taken_out_of_a_file_or_changed_in_it_is_named()
    {
        for (var i = 0; i < 4; i++)
        {
            await server.RunAsync("budget", "show", "--number", "+12025550144");
        }
        await LinkAsync();
        var (file, cut, changed, kept) = (PathOf("audit.jsonl"), PathOf("cut.jsonl"), PathOf("changed.jsonl"), PathOf("kept.jsonl"));
        await server.RunAsync("audit", "export", "--out", file);
        await server.RunAsync("audit", "export", "--checkpoints-only", "--out", kept);
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        var second = Array.FindIndex(lines, line => line.Contains("\"position\":2,", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(cut, lines.Where((_, i) => i != second), TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(
            changed, lines.Select((line, i) => i == second ? line.Replace("admin-key", "admin-kez", StringComparison.Ordinal) : line),
            TestContext.Current.CancellationToken);
        // Without its end, and without the checkpoints that would tell.
        await File.WriteAllLinesAsync(
            PathOf("short.jsonl"), lines.Where((line, i) => i <= second && !line.Contains("\"checkpoint\"", StringComparison.Ordinal)),
            TestContext.Current.CancellationToken);

        var ofCut = await CommandLine.RunAsync(_nothing, "audit", "verify", "--file", cut);
        var ofChanged = await CommandLine.RunAsync(_nothing, "audit", "verify", "--file", changed);
        var ofShort = await CommandLine.RunAsync(_nothing, "audit", "verify", "--file", PathOf("short.jsonl"), "--against", kept);
        var ofNothing = await CommandLine.RunAsync(_nothing, "audit", "verify", "--file", PathOf("none.jsonl"));
        var ofOther = await CommandLine.RunAsync(_nothing, "audit", "verify", "--file", typeof(AuditCommandTests).Assembly.Location);

        Assert.Equal(1, ofCut.Code);
        Assert.StartsWith("Entry 2 is not there: it was removed.\n", ofCut.Output, StringComparison.Ordinal);
        Assert.Equal(1, ofChanged.Code);
        Assert.StartsWith("Entry 2 is not as it was written.\n", ofChanged.Output, StringComparison.Ordinal);
        Assert.Equal(1, ofShort.Code);
        Assert.Contains(" are not there: they were removed", ofShort.Output, StringComparison.Ordinal);
        Assert.Equal((1, 1), (ofNothing.Code, ofOther.Code));
        Assert.StartsWith("The file ", ofOther.Error, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    // As it happens in the background some seconds later: twice, so that the entry that tells of the checkpoint is there, too.
    private async Task LinkAsync()
    {
        var chainer = server.Services.GetRequiredService<AuditChainer>();
        await chainer.RoundAsync(TestContext.Current.CancellationToken);
        await chainer.RoundAsync(TestContext.Current.CancellationToken);
    }
}
