using Countersign.Core;
using Countersign.Core.History;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.History;

/// <summary>A relying party ends a flow that it wants nothing of any more.</summary>
public sealed class CancelTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Number = "2001009002";
    private const string Cancelled =
        """{"authentication":{"result":"fail","failureReasons":{"9100":"possession check incomplete","""
        + "\"9918\":\"cancelled by the relying party\"}}}";

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_cancelled_flow_has_an_end_of_its_own_and_its_code_opens_nothing()
    {
        var flow = await Server.BeginAsync("mobile", Number);
        var page = await Server.AskForTextAsync(flow);
        var code = (await Server.LastMessageAsync(Number)).Code!;

        var cancelled = await CancelAsync(flow.Id);
        var entered = await page.Enter(code);
        var status = await Server.StatusAsync(flow.Id);

        Assert.Equal((200, "ended", FlowEnd.Cancelled), (cancelled.Status, cancelled.Text("state"), cancelled.Text("end")));
        Assert.Equal("""{"next":"done","error":{"code":10004,"message":"the check was cancelled"}}""", entered.ToJsonString());
        Assert.Equal("false failed failed", status.Outcome);
        Assert.Equal(Cancelled, status.Json!["evaluation"]!.ToJsonString());
        Assert.Contains("cancelled by the relying party", cancelled.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waiting_desktop_is_told_and_the_link_confirms_nothing()
    {
        var flow = await Server.BeginAsync("desktop", Number);
        var page = Server.Browser(flow.AuthToken!);
        await using var socket = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");
        var link = (await Server.LastMessageAsync(Number)).Link!;

        await CancelAsync(flow.Id);

        Assert.Equal("""{"next":"done","error":{"code":10004,"message":"the check was cancelled"}}""", await socket.ReceiveAsync());
        await Server.ConfirmLinkAsync(link);
        Assert.Equal("false failed failed", (await Server.StatusAsync(flow.Id)).Outcome);
    }

    [Fact]
    public async Task Repeated_it_is_answered_as_the_first_time()
    {
        var flow = await Server.BeginAsync("mobile", Number);

        var (first, second) = (await CancelAsync(flow.Id), await CancelAsync(flow.Id));

        Assert.Equal((200, first.Body), (second.Status, second.Body));
    }

    [Fact]
    public async Task Of_many_at_once_all_are_answered_alike_and_it_is_told_once()
    {
        var flow = await Server.BeginAsync("mobile", Number);

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CancelAsync(flow.Id)));

        Assert.Single(replies.Select(reply => reply.ToString()).Distinct());
        Assert.Single(replies[0].Json!["timeline"]!.AsArray(), line => (string)line!["code"]! == FlowEventCode.FlowCancelled);
    }

    [Fact]
    public async Task A_flow_that_has_ended_is_refused_with_its_end()
    {
        var matched = await Server.BeginAsync("none", Number);
        var declined = await Server.BeginAsync("mobile", Number);
        await Server.Browser(declined.AuthToken!).Post("mobile/instant/error", """{"message":"x"}""");
        var page = await Server.AskForTextAsync(declined);
        await page.Enter("0000");

        var (first, second) = (await CancelAsync(matched.Id), await CancelAsync(declined.Id));

        Assert.Equal("409 8411 the flow has ended and cannot be cancelled any more", first.Fault);
        Assert.Equal((FlowEnd.Matched, FlowEnd.WrongEntries), (first.Text("end"), second.TextOrNull("end")));
        Assert.Equal("application/problem+json", first.Header("Content-Type"));
    }

    [Fact]
    public async Task A_pre_fill_whose_person_is_proven_is_cancelled_before_anything_of_them_is_told()
    {
        var id = await Server.ReadyAsync(PreFillSteps.Milo);

        var cancelled = await CancelAsync(id);
        var validated = await PostAsync("/v3/validate", id);
        var challenged = await Server.PostAsync("/v3/challenge", $$"""{"correlationId":"{{id}}","dob":"1981-01-01"}""");

        Assert.Equal((FlowEnd.Cancelled, "success"), (cancelled.TextOrNull("end"), cancelled.Text("possessionResult")));
        Assert.False((bool)validated.Json!["success"]!);
        Assert.Contains("9918", validated.Body, StringComparison.Ordinal);
        Assert.Equal("403 8003 step not allowed", challenged.Fault);
    }

    [Fact]
    public async Task A_unify_that_awaits_the_relying_partys_own_check_is_cancelled()
    {
        var flow = await Server.BeginUnifyAsync("none", "2002000156");

        var cancelled = await CancelAsync(flow.Id);
        var status = await PostAsync("/v3/unify-status", flow.Id);

        Assert.Equal(FlowEnd.Cancelled, cancelled.TextOrNull("end"));
        Assert.Equal("false", status.Text("success"));
        Assert.Equal(Cancelled, status.Json!["evaluation"]!.ToJsonString());
    }

    private Task<Reply> CancelAsync(string id) => Server.CallAsync(HttpMethod.Post, $"/flows/{id}/cancel");

    private Task<Reply> PostAsync(string path, string id) => Server.PostAsync(path, $$"""{"correlationId":"{{id}}"}""");
}
