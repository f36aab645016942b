using System.Diagnostics;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>The command that anybody can run plays its attacks, and none comes through.</summary>
public abstract class AttackCommandTests(ConfiguredServer server)
{
    // Nobody else here has numbers of this block.
    private const string First = "+12022900000";

    [Fact]
    public async Task Nothing_is_open_in_Live_as_init_makes_it()
    {
        var report = await AttackCommand.RunInLiveAsync(server, First);

        // All but L15, which a private address leaves untold, and I04, whose person is the sandbox's.
        Assert.Equal((47, ""), (AttackCommand.Defended(report), AttackCommand.NotPlayed(report)));
    }
}

public sealed class AttackCommandOnSqlite(AttackedSqlite server) : AttackCommandTests(server), IClassFixture<AttackedSqlite>;

[Trait("tier", "long")]
public sealed class AttackCommandOnPostgres(AttackedPostgres server) : AttackCommandTests(server), IClassFixture<AttackedPostgres>;

public sealed class LimitedSandboxTests
{
    [Fact]
    public async Task Nothing_is_open_in_a_sandbox_with_limits()
    {
        await using var sandbox = await LimitedSandbox.StartAsync();

        var report = await AttackCommand.RunAsync(sandbox.Address, sandbox.Clients);

        // All but F03, D04 and O05, which are about Live.
        Assert.Equal((46, "F03 D04 O05"), (AttackCommand.Defended(report), AttackCommand.NotPlayed(report)));
    }
}

/// <summary><c>countersign attack</c>, as a tester runs it.</summary>
internal static class AttackCommand
{
    /// <summary>With all that it can be given.</summary>
    /// <param name="first">The first of a hundred numbers that nobody else has.</param>
    /// <returns>The report, of a run that ended well.</returns>
    public static async Task<JsonObject> RunInLiveAsync(ConfiguredServer server, string first) =>
        Good(await ReportInLiveAsync(server, first));

    public static async Task<Attacked> ReportInLiveAsync(ConfiguredServer server, string first)
    {
        using var folder = new TemporaryFolder();
        // As docs/attacks.md names it: what the project is called stands on the link's page.
        var shop = await server.ProjectAsync(new JsonObject { ["name"] = "Attacks" });
        var (bank, club) = (await server.ProjectAsync(), await server.ProjectAsync());
        string[] persons = [$"{server.NextNumber()},Lori,Montgomery", $"{server.NextNumber()},Zoe,Winter"];
        await server.ImportAsync(shop.Project, server.NextName("people"), [.. persons.Select(person => $"{person},,,,,,,,")]);
        await File.WriteAllLinesAsync(folder.File("persons.csv"), persons, TestContext.Current.CancellationToken);
        return await ReportAsync(
            server.Address, [(shop.Id, shop.Secret), (bank.Id, bank.Secret), (club.Id, club.Secret)],
            "--send-texts-to", first, "--outbox", server.Outbox, "--target-url", ConfiguredServer.Target,
            "--persons", folder.File("persons.csv"));
    }

    /// <returns>The report, of a run that ended well.</returns>
    public static async Task<JsonObject> RunAsync(Uri target, (string Id, string Secret)[] clients) =>
        Good(await ReportAsync(target, clients));

    public static async Task<Attacked> ReportAsync(Uri target, (string Id, string Secret)[] clients, params string[] options)
    {
        var start = new ProcessStartInfo(Repository.Command, ["attack", target.GetLeftPart(UriPartial.Authority), "--json", .. options])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, client) in ((string[])["CLIENT", "OTHER_CLIENT", "THIRD_CLIENT"]).Zip(clients))
        {
            (start.Environment[$"COUNTERSIGN_{name}_ID"], start.Environment[$"COUNTERSIGN_{name}_SECRET"]) = client;
        }
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Attacked(process.ExitCode, output.Length == 0 ? null : JsonNode.Parse(output)!.AsObject(), await error);
    }

    private static JsonObject Good(Attacked run)
    {
        Assert.True(run.Code == 0, run.Report is null ? run.Error : string.Join('\n', Broken(run.Report)));
        return run.Report!;
    }

    public static int Defended(JsonObject report) => (int)report["verdicts"]!["defended"]!;

    /// <summary>Ids that are neither defended nor say who plays them, or where the limit is stated.</summary>
    public static string NotPlayed(JsonObject report) => string.Join(' ', report["attacks"]!.AsArray()
        .Where(attack => (string?)attack!["verdict"] != "defended" && attack["next"] is null).Select(attack => (string?)attack!["id"]));

    public static string Open(JsonObject report) => OfVerdict(report, "open");

    public static string CouldNotBePlayed(JsonObject report) => OfVerdict(report, "not played");

    private static string OfVerdict(JsonObject report, string verdict) => string.Join(' ', report["attacks"]!.AsArray()
        .Where(attack => (string?)attack!["verdict"] == verdict).Select(attack => (string?)attack!["id"]));

    /// <summary>What came through, or could not be played, with why.</summary>
    public static IEnumerable<string> Broken(JsonObject report) => report["attacks"]!.AsArray()
        .Where(attack => (string?)attack!["verdict"] is "open" or "not played")
        .Select(attack => $"{attack!["id"]} {attack["verdict"]}: {attack["evidence"]}");
}

/// <summary>How a run ended.</summary>
/// <param name="Report">Null when nothing could be played; the error says why.</param>
internal sealed record Attacked(int Code, JsonObject? Report, string Error);
