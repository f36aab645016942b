using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests.Server;

/// <summary><c>countersign flow export ID --scenario</c> and <c>scenario run</c>: a flow becomes a test.</summary>
public sealed class ScenarioCommandTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_flow_is_exported_and_played()
    {
        var flow = await server.BeginFlowAsync("2001004011");
        var exported = await server.RunAsync("flow", "export", flow, "--scenario");
        await File.WriteAllTextAsync(_file, exported.Output, TestContext.Current.CancellationToken);
        var played = await server.RunAsync("scenario", "run", _file);

        Assert.Equal((0, 0), (exported.Code, played.Code));
        Assert.Contains("\n    {\"at\":0,\"do\":\"start\"},\n", exported.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("2001004011", exported.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(flow, exported.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ +0\.000  possession\.proven \(method mobile-auth, reason without-browser\)$", played.Output);
        Assert.EndsWith($"{_file}: the same.\n", played.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_to_something_else_ends_with_1_and_says_what()
    {
        var exported = await server.RunAsync("flow", "export", await server.BeginFlowAsync("2001004011"), "--scenario");
        await File.WriteAllTextAsync(
            _file, exported.Output.Replace("\"answer\":\"matched\"", "\"answer\":\"differs\"", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var played = await server.RunAsync("scenario", "run", _file, _file);
        var json = await server.RunAsync("scenario", "run", _file, "--json");

        Assert.Equal((1, 1), (played.Code, json.Code));
        Assert.Contains(
            "timeline[1]: identity.matched at 0 s was expected, identity.differs at 0 s came", played.Output, StringComparison.Ordinal);
        Assert.Equal(2, played.Output.Split("not the same.").Length - 1);
        Assert.False((bool)json.Json["isSame"]!);
    }

    [Fact]
    public async Task What_is_no_scenario_is_told()
    {
        await File.WriteAllTextAsync(_file, "{\"version\":1,\n\"flow\":}", TestContext.Current.CancellationToken);

        var broken = await server.RunAsync("scenario", "run", _file);
        await File.WriteAllTextAsync(_file, new string(' ', 300 * 1024), TestContext.Current.CancellationToken);
        var tooLong = await server.RunAsync("scenario", "run", _file);
        await File.WriteAllTextAsync(_file, """{"version":1,"steps":["\ud800"]}""", TestContext.Current.CancellationToken);
        var half = await server.RunAsync("scenario", "run", _file);
        var missing = await server.RunAsync("scenario", "run", "there-is-none.json");
        var alone = await server.RunAsync("flow", "export", "--scenario");
        var running = await server.RunAsync("flow", "export", await server.BeginFlowAsync("2001009002"), "--scenario");

        Assert.Contains("is no JSON: line 2", broken.Error, StringComparison.Ordinal);
        Assert.EndsWith("is no scenario: it has more than 256 KiB.\n", tooLong.Error, StringComparison.Ordinal);
        Assert.Contains("cannot be read in one way", half.Error, StringComparison.Ordinal);
        Assert.Contains("there-is-none.json cannot be read", missing.Error, StringComparison.Ordinal);
        Assert.Contains("A flow's id and --scenario go together", alone.Error, StringComparison.Ordinal);
        Assert.Contains("no scenario can be made of this flow: the flow still runs", running.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1, 1, 1, 1, 1), (broken.Code, tooLong.Code, half.Code, missing.Code, alone.Code, running.Code));
    }
}
