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
        using var folder = new TemporaryFolder();
        // As docs/attacks.md names it: what the project is called stands on the link's page.
        var shop = await server.ProjectAsync(new JsonObject { ["name"] = "Attacks" });
        var (bank, club) = (await server.ProjectAsync(), await server.ProjectAsync());
        string[] persons = [$"{server.NextNumber()},Lori,Montgomery", $"{server.NextNumber()},Zoe,Winter"];
        await server.ImportAsync(shop.Project, server.NextName("people"), [.. persons.Select(person => $"{person},,,,,,,,")]);
        await File.WriteAllLinesAsync(folder.File("persons.csv"), persons, TestContext.Current.CancellationToken);

        var report = await AttackCommand.RunAsync(
            server.Address, [(shop.Id, shop.Secret), (bank.Id, bank.Secret), (club.Id, club.Secret)],
            "--send-texts-to", First, "--outbox", server.Outbox, "--target-url", ConfiguredServer.Target,
            "--persons", folder.File("persons.csv"));

        // All but L15, which a private address leaves untold, and I04, whose person is the sandbox's.
        Assert.Equal((47, ""), (AttackCommand.Defended(report), AttackCommand.NotPlayed(report)));
    }
}

[Collection<OnConfiguredSqlite>]
public sealed class AttackCommandOnSqlite(ConfiguredSqlite server) : AttackCommandTests(server);

[Collection<OnConfiguredPostgres>]
[Trait("tier", "long")]
public sealed class AttackCommandOnPostgres(ConfiguredPostgres server) : AttackCommandTests(server);

/// <summary>A sandbox with the limits of Live.</summary>
public sealed class LimitedSandboxTests : IDisposable
{
    private const string AdminKey = "end-to-end-admin-key-0123456789-abcdef";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Nothing_is_open_in_a_sandbox_with_limits()
    {
        var admin = new Uri($"http://127.0.0.1:{Ports.Free()}");
        await using var server = await ServerProcess.StartAsync(
            $"Data Source={_folder.File("countersign.db")}",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Countersign__Admin__Urls"] = admin.GetLeftPart(UriPartial.Authority), ["Countersign__Admin__Keys__ops"] = AdminKey,
                ["Countersign__Sandbox__LinkConfirmation"] = "Match", ["Countersign__Budget__GuessProbability"] = "0.00001",
                ["Countersign__Budget__NamesPerProject"] = "5", ["Countersign__Budget__NamesPerLine"] = "10",
                ["Countersign__TextLimits__PerHour"] = "6", ["Countersign__TextLimits__PerDay"] = "12",
                ["Countersign__RequestsPerSecond"] = "25",
            });
        var report = await AttackCommand.RunAsync(
            server.Http.BaseAddress!,
            [(ServerProcess.ClientId, ServerProcess.ClientSecret), await ClientAsync(admin, "bank"), await ClientAsync(admin, "club")]);

        // All but F03, D04 and O05, which are about Live.
        Assert.Equal((46, "F03 D04 O05"), (AttackCommand.Defended(report), AttackCommand.NotPlayed(report)));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A client of a project of its own, of the same name.</summary>
    private static async Task<(string Id, string Secret)> ClientAsync(Uri admin, string name)
    {
        await AskAsync(admin, "/admin/projects", new JsonObject { ["id"] = name, ["name"] = name });
        return (name, (await AskAsync(admin, $"/admin/projects/{name}/clients", new JsonObject { ["id"] = name })).Text("secret"));
    }

    private static async Task<Reply> AskAsync(Uri admin, string path, JsonObject body)
    {
        using var http = new HttpClient { BaseAddress = admin };
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {AdminKey}");
        using var content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        return await Reply.ReadAsync(await http.PostAsync(path, content, TestContext.Current.CancellationToken));
    }
}

/// <summary><c>countersign attack</c>, as a tester runs it.</summary>
internal static class AttackCommand
{
    /// <returns>The report, of a run that ended well.</returns>
    public static async Task<JsonObject> RunAsync(
        Uri target, (string Id, string Secret)[] clients, params string[] options)
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
        var report = output.Length == 0 ? null : JsonNode.Parse(output)!.AsObject();
        Assert.True(process.ExitCode == 0, report is null ? await error : string.Join('\n', Broken(report)));
        return report!;
    }

    public static int Defended(JsonObject report) => (int)report["verdicts"]!["defended"]!;

    /// <summary>Ids that are neither defended nor say who plays them, or where the limit is stated.</summary>
    public static string NotPlayed(JsonObject report) => string.Join(' ', report["attacks"]!.AsArray()
        .Where(attack => (string?)attack!["verdict"] != "defended" && attack["next"] is null).Select(attack => (string?)attack!["id"]));

    private static IEnumerable<string> Broken(JsonObject report) => report["attacks"]!.AsArray()
        .Where(attack => (string?)attack!["verdict"] is "open" or "not played")
        .Select(attack => $"{attack!["id"]} {attack["verdict"]}: {attack["evidence"]}");
}
