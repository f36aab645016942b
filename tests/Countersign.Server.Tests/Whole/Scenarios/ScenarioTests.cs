using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Scenarios;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole.Scenarios;

/// <summary>Flows that were played through a server as its users do, and the project's own files.</summary>
public sealed class ScenarioTests
{
    private static string Folder =>
        Path.Combine(Repository.Root, "tests", "Countersign.Server.Tests", "Whole", "Scenarios", "Files");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Order()];

    [Theory, MemberData(nameof(Files))]
    public async Task A_scenario_of_the_project_comes_to_what_it_says(string file)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, file), TestContext.Current.CancellationToken);
        var scenario = ScenarioFile.Read(bytes, out var problem);
        Assert.Null(problem);
        using var stage = new ScenarioStage();

        var played = await stage.PlayAsync(scenario!, TestContext.Current.CancellationToken);

        Assert.Equal("", string.Join("\n", played.Differences));
    }

    [Fact]
    public async Task A_flow_of_a_server_is_exported_without_a_person_and_played_the_same()
    {
        await using var server = await TestServer.StartAsync();
        var flows = await PlayedThroughAsync(server);
        await server.AdvanceAsync(TimeSpan.FromMinutes(16));

        foreach (var (id, numbers) in flows)
        {
            var exported = await server.AdminAsync(HttpMethod.Get, $"/admin/flows/{id}/scenario");
            Assert.Equal(200, exported.Status);
            var file = exported.Json!.ToJsonString();
            var played = await server.AdminAsync(HttpMethod.Post, "/admin/scenarios/run", file);

            Assert.Equal("", string.Join("\n", played.Json!["differences"]!.AsArray().Select(one => (string)one!)));
            Assert.True((bool)played.Json!["isSame"]!);
            var known = await server.Services.GetRequiredService<FlowFinder>().FindAsync(
                CorrelationId.Parse(id), TestContext.Current.CancellationToken);
            Assert.Equal(
                known!.Facts.Select(fact => fact.Code), played.Json["came"]!["timeline"]!.AsArray().Select(fact => (string?)fact!["code"]));
            Assert.Equal(known.Ending!.End, (string?)played.Json["came"]!["end"]);
            Assert.All(
                (string[])[numbers, id, "Lori", "Montgomery", "Kittiwake", "customer-0815", "1234", "2026-"],
                personal => Assert.DoesNotContain(personal, file, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task A_flow_that_runs_has_no_scenario_and_Live_plays_none()
    {
        await using var sandbox = await TestServer.StartAsync();
        await using var live = await TestServer.StartAsync(settings: TestServer.Live);
        var flow = await sandbox.BeginAsync("mobile", "2001009002");
        var file = await File.ReadAllTextAsync(Directory.GetFiles(Folder)[0], TestContext.Current.CancellationToken);

        var running = await sandbox.AdminAsync(HttpMethod.Get, $"/admin/flows/{flow.Id}/scenario");
        var unknown = await sandbox.AdminAsync(HttpMethod.Get, "/admin/flows/019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a/scenario");
        var refused = await live.AdminAsync(HttpMethod.Post, "/admin/scenarios/run", file);
        var bad = await sandbox.AdminAsync(
            HttpMethod.Post, "/admin/scenarios/run", file.Replace("\"start\"", "\"stop\"", StringComparison.Ordinal));

        Assert.Equal("409 8410 no scenario can be made of this flow: the flow still runs", running.Fault);
        Assert.Equal(404, unknown.Status);
        Assert.StartsWith("409 8410 this server is in Live", refused.Fault, StringComparison.Ordinal);
        Assert.StartsWith("400 8001 steps[0].do must be ", bad.Fault, StringComparison.Ordinal);
    }

    /// <summary>Each with its number.</summary>
    private static async Task<List<(string Id, string Number)>> PlayedThroughAsync(TestServer server)
    {
        var more = new JsonObject
        {
            ["allowOTPRetry"] = true, ["clientCustomerId"] = "customer-0815", ["smsMessage"] = "Kittiwake ####", ["firstName"] = "Lori",
            ["lastName"] = "Montgomery",
        };
        var wrong = await server.BeginAsync("mobile", "2001009002", more);
        var page = await server.AskForTextAsync(wrong);
        await page.Enter("9999");
        await page.Post("mobile/otp/start");
        await page.Enter("1234");
        var undelivered = await server.BeginAsync("mobile", "2001009004");
        await server.AskForTextAsync(undelivered);
        var refused = await server.BeginAsync("mobile", "2001009005");
        await server.AskForTextAsync(refused);
        var network = await server.BeginAsync("mobile", "2001009001");
        await server.Browser(network.AuthToken!).Post("mobile/instant/start");
        var link = await server.BeginAsync("desktop", "2001009008");
        await server.Browser(link.AuthToken!).Post("mobile/instantlink/start");
        await server.ConfirmLinkAsync((await server.LastMessageAsync("2001009008")).Link!);
        var none = await server.BeginAsync("none", "2001009007", new JsonObject { ["firstName"] = "Lori", ["lastName"] = "Montgomery" });
        var quick = await server.BeginAsync("mobile", "2001004011");
        var preFill = await server.ReadyToCompleteAsync("2001009102");
        await server.CompleteAsync(preFill);
        var unify = await server.BeginUnifyAsync("mobile", "2001004014");
        await server.ProveByCodeAsync(unify);
        var own = await server.BeginUnifyAsync("none", "2001009302");
        await server.PostAsync(
            "/v3/unify-bind", new JsonObject { ["correlationId"] = own.Id, ["phoneNumber"] = "2001009302" }.ToJsonString());
        var cancelled = await server.BeginAsync("mobile", "2001009003");
        await server.AskForTextAsync(cancelled);
        await server.PostAsync($"/flows/{cancelled.Id}/cancel", "{}");
        return
        [
            (wrong.Id, "2001009002"), (undelivered.Id, "2001009004"), (refused.Id, "2001009005"), (network.Id, "2001009001"),
            (link.Id, "2001009008"), (none.Id, "2001009007"), (quick.Id, "2001004011"), (preFill, "2001009102"), (unify.Id, "2001004014"),
            (own.Id, "2001009302"), (cancelled.Id, "2001009003"),
        ];
    }
}
