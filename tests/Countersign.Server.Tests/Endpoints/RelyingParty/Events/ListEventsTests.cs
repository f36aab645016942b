using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.Events;

/// <summary>Who polls sees what has happened in their project: all of it, once, and nothing personal.</summary>
public sealed class ListEventsTests(OnSqlite fixture) : IClassFixture<OnSqlite>, IAsyncLifetime
{
    private const string Number = "2001009002";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await fixture.StartAsync(new Dictionary<string, string?>());

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_flow_is_told_from_its_beginning_to_its_end()
    {
        var flow = await _server.BeginAsync("mobile", Number, new JsonObject
        {
            ["clientRequestId"] = "order-4711", ["clientCustomerId"] = "customer-0815", ["firstName"] = "Bram", ["lastName"] = "Okafor",
        });
        var page = await _server.AskForTextAsync(flow);
        var code = (await _server.LastMessageAsync(Number)).Code!;
        await page.Enter(code);

        var reply = await ListAsync();

        Assert.Equal((200, "application/json", false), (reply.Status, reply.Header("content-type"), (bool)reply.Json!["hasMore"]!));
        var events = EventsOf(reply);
        Assert.Equal(
            ["flow.started", "text.sent", "text.delivered", "possession.succeeded", "flow.finished"],
            events.Select(one => (string)one["type"]!));
        Assert.Equal([1, 2, 3, 4, 5], events.Select(one => (int)one["sequence"]!));
        Assert.All(events, one =>
        {
            var data = one["data"]!;
            Assert.Equal(
                (flow.Id, "order-4711", "verified-users", "mobile"),
                ((string)data["flow"]!, (string)data["clientRequestId"]!, (string)data["product"]!, (string)data["kind"]!));
        });
        Assert.Equal(("otp", "identity.matched"), ((string)events[3]["data"]!["method"]!, (string)events[4]["data"]!["end"]!));
        Assert.Equal((string)events[4]["id"]!, reply.Text("next"));
        Assert.All(
            (string[])[Number, "200100", "Bram", "Okafor", "customer-0815", $"\"{code}\"", flow.AuthToken!],
            personal => Assert.DoesNotContain(personal, reply.Body, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Pages_follow_each_other_and_nothing_is_missed_or_told_twice()
    {
        for (var i = 0; i < 5; i++)
        {
            await _server.BeginAsync("mobile", Number);
        }

        var (seen, next) = (new List<string>(), (string?)null);
        Reply page;
        do
        {
            page = await ListAsync($"?limit=2{(next is null ? "" : $"&after={next}")}");
            seen.AddRange(EventsOf(page).Select(one => (string)one["id"]!));
            next = page.TextOrNull("next");
        }
        while ((bool)page.Json!["hasMore"]!);
        var flow = await _server.BeginAsync("desktop", Number);
        var later = await ListAsync($"?after={next}");

        Assert.Equal((5, 5), (seen.Count, seen.Distinct().Count()));
        Assert.Equal(flow.Id, (string)Assert.Single(EventsOf(later))["data"]!["flow"]!);
        var empty = await ListAsync($"?after={later.Text("next")}");
        Assert.Equal((0, later.Text("next")), (EventsOf(empty).Count, empty.Text("next")));
        Assert.Equal(flow.Id, (string)Assert.Single(EventsOf(await ListAsync($"?flow={flow.Id}")))["data"]!["flow"]!);
    }

    [Fact]
    public async Task A_projects_events_are_told_to_nobody_else()
    {
        var bank = await _server.AddProjectAsync("bank");
        await _server.BeginAsync("mobile", Number);
        var id = (string)EventsOf(await ListAsync())[0]["id"]!;

        var theirs = await _server.CallAsync(HttpMethod.Get, "/events", bank);
        var foreign = await _server.CallAsync(HttpMethod.Get, $"/events?after={id}", bank);

        Assert.Empty(EventsOf(theirs));
        Assert.Null(theirs.TextOrNull("next"));
        Assert.Equal((400, 8001), (foreign.Status, foreign.Code));
        Assert.Equal(foreign.Body, (await _server.CallAsync(HttpMethod.Get, $"/events?after=evt_{new string('0', 32)}", bank)).Body);
    }

    [Theory]
    [InlineData("?limit=0", "field 'limit' is invalid: must be a whole number from 1 to 1000")]
    [InlineData("?after=4", "field 'after' is invalid: must be the id of an event: evt_ and 32 lower-case hex digits")]
    [InlineData("?flow=x&limit=y", "limit")]
    [InlineData("?type=text.sent", "field 'type' is invalid: this call has no such member; it has: after, flow, limit")]
    [InlineData("?limits=1", "field 'limits' is invalid: this call has no such member; did you mean 'limit'?")]
    public async Task A_refusal_is_a_problem_that_names_what_is_wrong(string query, string message)
    {
        var reply = await ListAsync(query);

        Assert.Equal((400, "application/problem+json", 8001), (reply.Status, reply.Header("content-type"), reply.Code));
        Assert.Contains(message, reply.Message, StringComparison.Ordinal);
        Assert.Equal(
            ("about:blank", "Bad Request", 400, reply.Message),
            (reply.Text("type"), reply.Text("title"), (int)reply.Json!["status"]!, reply.Text("detail")));
    }

    [Fact]
    public async Task Strangers_wrong_paths_and_wrong_methods_are_told_as_problems_too()
    {
        var stranger = await Reply.ReadAsync(await _server.Client.GetAsync("/events", TestContext.Current.CancellationToken));
        var path = await _server.CallAsync(HttpMethod.Get, "/events/1");
        var method = await _server.CallAsync(HttpMethod.Post, "/events");

        Assert.Equal((401, 404, 405), (stranger.Status, path.Status, method.Status));
        Assert.Equal((8002, 8011, 8001), (stranger.Code, path.Code, method.Code));
        Assert.All([stranger, path, method], reply => Assert.Equal("application/problem+json", reply.Header("content-type")));
        Assert.Equal("Bearer", stranger.Header("www-authenticate"));
    }

    private Task<Reply> ListAsync(string query = "") => _server.CallAsync(HttpMethod.Get, $"/events{query}");

    private static List<JsonObject> EventsOf(Reply reply) => [.. reply.Json!["events"]!.AsArray().OfType<JsonObject>()];
}
