using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Admin;

/// <summary>GET /admin/flows/{correlationId}: while a flow lives, and afterwards for as long as its outcome is kept.</summary>
public sealed class ShowFlowTests : IAsyncLifetime
{
    private const string Number = "2001009002";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_flow_has_an_end_once_nothing_more_can_come_of_it()
    {
        var flow = await _server.BeginAsync("mobile", Number);

        var running = await ShowAsync(flow.Id);
        await ProveAsync(flow);
        var decided = await ShowAsync(flow.Id);

        Assert.Equal((null, null), (running.TextOrNull("end"), running.TextOrNull("endedAt")));
        Assert.Equal((FlowEnd.Matched, "success"), (decided.TextOrNull("end"), decided.TextOrNull("verifyResult")));
        Assert.NotNull(decided.TextOrNull("endedAt"));
    }

    [Fact]
    public async Task A_flow_that_is_over_is_shown_as_it_ended_before_its_row_is_removed_and_after()
    {
        var flow = await _server.BeginAsync("mobile", Number);
        await ProveAsync(flow);
        var living = await ShowAsync(flow.Id);

        await _server.AdvanceAsync(TimeSpan.FromMinutes(16));
        var unwritten = await ShowAsync(flow.Id);
        await CleanAsync();
        var written = await ShowAsync(flow.Id);

        Assert.Equal((0, 1), (await _server.CountAsync("flows"), await _server.CountAsync("outcomes")));
        Assert.Equal(unwritten.Body, written.Body);
        string[] members = ["projectId", "product", "possessionResult", "verifyResult", "end", "endedAt", "timeline", "texts"];
        foreach (var member in members)
        {
            Assert.True(JsonNode.DeepEquals(living.Json![member], written.Json![member]), member);
        }
        Assert.Equal("otp", written.Text("method"));
    }

    [Theory]
    [InlineData("mobile", "pending", "pending", FlowEnd.RanOutReady)]
    [InlineData("none", "not_applicable", "success", FlowEnd.Matched)]
    public async Task What_a_flow_was_is_said_in_the_words_of_one_that_lives(string type, string possession, string verify, string end)
    {
        var flow = await _server.BeginAsync(type, Number);

        await _server.AdvanceAsync(TimeSpan.FromMinutes(16));
        var shown = await ShowAsync(flow.Id);

        Assert.Equal(
            (possession, verify, end), (shown.Text("possessionResult"), shown.TextOrNull("verifyResult"), shown.TextOrNull("end")));
    }

    [Fact]
    public async Task A_flow_that_failed_says_why()
    {
        var flow = await _server.BeginAsync("mobile", "2001009005");
        var page = _server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/error", """{"message":"x"}""");
        await page.SendAsync("mobile/otp/start");

        await _server.AdvanceAsync(TimeSpan.FromMinutes(16));
        await CleanAsync();
        var shown = await ShowAsync(flow.Id);

        Assert.Equal(
            ("failed", "failed", FlowEnd.Unavailable, FlowReason.BlockedDestination),
            (shown.Text("possessionResult"), shown.Text("verifyResult"), shown.Text("end"), shown.Text("reason")));
    }

    [Fact]
    public async Task An_outcome_of_another_project_is_not_there_for_a_key_that_keeps_to_its_own()
    {
        var flow = await _server.BeginAsync("mobile", Number);
        await _server.AddProjectAsync("bank");
        var made = await _server.AdminAsync(HttpMethod.Post, "/admin/keys", """{"name":"desk","scopes":["support"],"projects":["bank"]}""");
        await _server.AdvanceAsync(TimeSpan.FromMinutes(16));
        await CleanAsync();

        var shown = await _server.AdminAsync(HttpMethod.Get, $"/admin/flows/{flow.Id}", key: made.Text("key"));

        Assert.Equal(404, shown.Status);
    }

    [Fact]
    public async Task After_its_time_nothing_of_it_is_known()
    {
        var flow = await _server.BeginAsync("mobile", Number);
        await _server.AdvanceAsync(TimeSpan.FromMinutes(16));
        await CleanAsync();

        await _server.AdvanceAsync(TimeSpan.FromDays(30));
        var shown = await _server.AdminAsync(HttpMethod.Get, $"/admin/flows/{flow.Id}");

        Assert.Equal(404, shown.Status);
        Assert.Contains("nothing of it is kept any more", shown.Body, StringComparison.Ordinal);
    }

    private async Task<Reply> ShowAsync(string id)
    {
        var shown = await _server.AdminAsync(HttpMethod.Get, $"/admin/flows/{id}");
        Assert.Equal(200, shown.Status);
        return shown;
    }

    private async Task ProveAsync(Begun flow)
    {
        var page = await _server.AskForTextAsync(flow);
        await page.Enter((await _server.LastMessageAsync(Number)).Code!);
    }

    private async Task CleanAsync() => await _server.Services.GetRequiredService<FlowUpkeep>().TryCleanAsync(
        async (_, remove) => await remove(256), _server.Services.GetRequiredService<TimeProvider>().GetUtcNow(), default);
}
