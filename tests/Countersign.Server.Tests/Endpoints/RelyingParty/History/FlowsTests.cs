using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.History;

/// <summary>A relying party asks for its own flows, while they run and afterwards.</summary>
public sealed class FlowsTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Number = "2001009002";

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Flows_are_listed_newest_first_before_they_end_and_when_their_life_is_over()
    {
        await using var server = await fixture.StartAsync();
        var ended = await server.BeginAsync("none", Number, new() { ["clientRequestId"] = "order-1", ["clientCustomerId"] = "c-1" });
        var running = await server.BeginAsync("mobile", Number);

        var before = await ListAsync(server);
        await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        var unwritten = await ListAsync(server);
        await CleanAsync(server);
        var written = await ListAsync(server);

        Assert.Equal([running.Id, ended.Id], Ids(before));
        Assert.Equal(["running", "ended"], before.Json!["flows"]!.AsArray().Select(flow => (string)flow!["state"]!));
        Assert.Equal(unwritten.Body, written.Body);
        Assert.Equal([FlowEnd.RanOutReady, FlowEnd.Matched], written.Json!["flows"]!.AsArray().Select(flow => (string)flow!["end"]!));
        Assert.Equal("order-1", (string?)written.Json!["flows"]![1]!["clientRequestId"]);
        Assert.Equal(
            ("c-1", null),
            ((string?)before.Json!["flows"]![1]!["clientCustomerId"], (string?)written.Json!["flows"]![1]!["clientCustomerId"]));
        before.Json["flows"]![1]!.AsObject().Remove("clientCustomerId");
        Assert.True(JsonNode.DeepEquals(before.Json["flows"]![1], written.Json["flows"]![1]));
    }

    [Fact]
    public async Task Pages_follow_each_other_also_where_flows_become_outcomes_meanwhile()
    {
        await using var server = await fixture.StartAsync();
        var all = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            all.Insert(0, (await server.BeginAsync("mobile", Number)).Id);
        }

        var pages = new List<Reply> { await ListAsync(server, "?limit=3") };
        await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        pages.Add(await ListAsync(server, $"?limit=3&cursor={pages[^1].Text("next")}"));
        await CleanAsync(server);
        pages.Add(await ListAsync(server, $"?limit=3&cursor={pages[^1].Text("next")}"));

        Assert.Equal(all, pages.SelectMany(Ids));
        Assert.Equal([3, 3, 1], pages.Select(page => Ids(page).Count));
        Assert.Null(pages[^1].TextOrNull("next"));
    }

    [Fact]
    public async Task A_list_is_narrowed_by_time_end_reason_product_and_state()
    {
        await using var server = await fixture.StartAsync();
        var matched = await server.BeginAsync("none", Number);
        var blocked = await server.BeginAsync("mobile", "2001009005");
        var page = server.Browser(blocked.AuthToken!);
        await page.Post("mobile/instant/error", """{"message":"x"}""");
        await page.SendAsync("mobile/otp/start");
        var unify = await server.BeginUnifyAsync("mobile", "2002000156");

        Assert.Equal([blocked.Id], Ids(await ListAsync(server, $"?reason={FlowReason.BlockedDestination}")));
        Assert.Equal([matched.Id], Ids(await ListAsync(server, $"?end={FlowEnd.Matched}")));
        Assert.Equal([blocked.Id], Ids(await ListAsync(server, $"?end={FlowEnd.Unavailable}&state=ended&product=verified-users")));
        Assert.Equal([unify.Id], Ids(await ListAsync(server, "?product=unify")));
        Assert.Equal([unify.Id], Ids(await ListAsync(server, "?state=running")));
        Assert.Empty(Ids(await ListAsync(server, "?to=2020-01-01")));
        Assert.Equal(3, Ids(await ListAsync(server, "?from=2020-01-01T00:00:00Z")).Count);
        await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        await CleanAsync(server);
        Assert.Equal([blocked.Id], Ids(await ListAsync(server, $"?reason={FlowReason.BlockedDestination}")));
        Assert.Equal([unify.Id], Ids(await ListAsync(server, $"?end={FlowEnd.RanOutReady}")));
        Assert.Empty(Ids(await ListAsync(server, "?state=running")));
    }

    [Theory]
    [InlineData("?stat=ended", "field 'stat' is invalid: this call has no such member; did you mean 'state'?")]
    [InlineData("?limit=0", "field 'limit' is invalid: must be a whole number from 1 to 200")]
    [InlineData("?limit=201", "field 'limit' is invalid: must be a whole number from 1 to 200")]
    [InlineData("?cursor=abc", "field 'cursor' is invalid: must be the 'next' of an earlier page, as it was answered")]
    [InlineData("?from=2026-02-01&to=2026-01-01", "field 'to' is invalid: must be later than 'from'")]
    [InlineData("?from=yesterday", "field 'from' is invalid: must be a date (2027-01-31), or a moment in UTC (2027-01-31T12:00:00Z)")]
    [InlineData("?end=gone", "field 'end' is invalid: must be a code of docs/flow-events.md, such as possession.expired")]
    [InlineData("?state=ended&state=running", "field 'state' is invalid: given twice")]
    public async Task What_is_wrong_with_a_filter_is_told_as_a_problem(string query, string message)
    {
        var reply = await Server.CallAsync(HttpMethod.Get, "/flows" + query);

        Assert.Equal(("application/problem+json", $"400 8001 {message}"), (reply.Header("Content-Type"), reply.Fault));
        Assert.Equal(
            ("about:blank", "Bad Request", 400, message),
            (reply.Text("type"), reply.Text("title"), (int)reply.Json!["status"]!, reply.Text("detail")));
    }

    [Fact]
    public async Task Every_refusal_below_flows_is_a_problem()
    {
        using var unknown = new HttpRequestMessage(HttpMethod.Get, "/flows");
        using var bad = new HttpRequestMessage(HttpMethod.Get, "/flows/x/y");
        bad.Headers.TryAddWithoutValidation("Authorization", "Bearer x");

        Reply[] replies =
        [
            await Server.SendAsync(unknown), await Server.SendAsync(bad), await Server.CallAsync(HttpMethod.Delete, "/flows"),
            await Server.CallAsync(HttpMethod.Get, "/flows/x/y"), await Server.CallAsync(HttpMethod.Get, "/flows/x"),
            await Server.CallAsync(HttpMethod.Get, $"/flows/{Guid.NewGuid()}"), await Server.PostAsync("/flows/search", "[]"),
        ];

        Assert.Equal(
            ["401 8002", "401 8002", "405 8001", "404 8011", "400 8001", "404 8011", "400 8001"],
            replies.Select(reply => $"{reply.Status} {reply.Code}"));
        Assert.All(replies, reply =>
        {
            Assert.Equal("application/problem+json", reply.Header("Content-Type"));
            Assert.Equal((reply.Status, reply.Message), ((int)reply.Json!["status"]!, reply.Text("detail")));
        });
        Assert.Equal("Bearer", replies[0].Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task Flows_of_another_project_are_not_there()
    {
        var others = await Server.AddProjectAsync("bank");
        var flow = await Server.BeginAsync("mobile", Number, new() { ["clientRequestId"] = "mine alone" });

        var shown = await Server.CallAsync(HttpMethod.Get, $"/flows/{flow.Id}", others);
        var cancelled = await Server.CallAsync(HttpMethod.Post, $"/flows/{flow.Id}/cancel", others);
        var unknown = await Server.CallAsync(HttpMethod.Get, $"/flows/{Guid.NewGuid()}", others);
        var listed = await Server.CallAsync(HttpMethod.Get, "/flows", others);
        var found = await Server.PostAsync("/flows/search", """{"clientRequestId":"mine alone"}""", others);

        Assert.Equal((404, unknown.Body), (shown.Status, shown.Body));
        Assert.Equal((404, unknown.Body), (cancelled.Status, cancelled.Body));
        Assert.Equal(("""{"flows":[]}""", """{"flows":[]}"""), (listed.Body, found.Body));
        Assert.Equal("running", (await Server.CallAsync(HttpMethod.Get, $"/flows/{flow.Id}")).Text("state"));
    }

    [Fact]
    public async Task A_flow_is_found_by_ids_of_ones_own_and_by_its_number_which_no_answer_and_no_log_repeats()
    {
        await using var server = await fixture.StartAsync();
        var ids = new JsonObject { ["clientRequestId"] = "order 1/ü", ["clientCustomerId"] = "c-1" };
        var flow = await server.BeginAsync("mobile", "2002000155", ids);
        await server.BeginAsync("mobile", Number);

        foreach (var body in (string[])["""{"clientRequestId":"order 1/ü"}""", """{"clientCustomerId":"c-1","state":"running"}""",
            """{"phoneNumber":"+1 (200) 200-0155","limit":5}"""])
        {
            var found = await server.PostAsync("/flows/search", body);
            Assert.Equal([flow.Id], Ids(found));
            Assert.DoesNotContain("2002000155", found.Body, StringComparison.Ordinal);
        }
        Assert.Empty(Ids(await server.PostAsync("/flows/search", """{"clientRequestId":"order 1/ü","state":"ended"}""")));
        await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        await CleanAsync(server);
        foreach (var body in (string[])["""{"clientRequestId":"order 1/ü"}""", """{"clientCustomerId":"c-1"}""",
            """{"phoneNumber":"2002000155"}"""])
        {
            Assert.Equal([flow.Id], Ids(await server.PostAsync("/flows/search", body)));
        }
        Assert.DoesNotContain(server.Logs.All, line => line.ToString().Contains("2002000155", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Logs.All, line => line.ToString().Contains("order 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}",
        "field 'clientRequestId' is invalid: one of clientRequestId, clientCustomerId, phoneNumber must be given, and no other")]
    [InlineData("""{"clientRequestId":"a","phoneNumber":"+12025550142"}""",
        "field 'clientRequestId' is invalid: one of clientRequestId, clientCustomerId, phoneNumber must be given, and no other")]
    [InlineData("""{"phoneNumber":"12"}""", "field 'phoneNumber' is invalid: must be a number with its country code")]
    [InlineData("""{"clientRequestId":"a","number":"1"}""",
        "field 'number' is invalid: this call has no such member; it has: clientRequestId, clientCustomerId, phoneNumber, from, to, end, "
        + "reason, product, state, limit, cursor")]
    [InlineData("""{"clientRequestId":"a","limit":"3"}""", "field 'limit' is invalid: must be a whole number from 1 to 200")]
    public async Task What_is_wrong_with_a_search_is_named(string body, string message) =>
        Assert.Equal($"400 8001 {message}", (await Server.PostAsync("/flows/search", body)).Fault);

    [Fact]
    public async Task A_flow_is_shown_with_what_happened_to_it_and_its_texts_and_without_what_the_operator_does_for_it()
    {
        var flow = await Server.BeginAsync("mobile", "2001009005");
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/error", """{"message":"x"}""");
        await page.SendAsync("mobile/otp/start");

        var shown = await Server.CallAsync(HttpMethod.Get, $"/flows/{flow.Id}");

        Assert.Equal(
            ("ended", "failed", "otp", FlowEnd.Unavailable),
            (shown.Text("state"), shown.Text("possessionResult"), shown.Text("method"), shown.Text("end")));
        Assert.Equal([FlowReason.BlockedDestination], shown.Json!["reasons"]!.AsArray().Select(reason => (string)reason!));
        Assert.Equal("person", (string)shown.Json!["explanation"]!["by"]!);
        Assert.Equal("otp refused 1", string.Join(' ', shown.Json!["texts"]!.AsArray().Select(text =>
            $"{text!["kind"]} {text["state"]} {text["segments"]}")));
        Assert.Contains("possession.failed", shown.Json!["timeline"]!.AsArray().Select(line => (string)line!["code"]!));
        Assert.All(
            (string[])["\"gateway\"", "attempt", "cost", "sandbox", "200100"],
            word => Assert.DoesNotContain(word, shown.Body, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("de-AT, en;q=0.5", "de", "Es ist nichts zu tun.")]
    [InlineData("es", "es", "No hay nada que hacer.")]
    [InlineData("it, fr;q=0.9", "fr", "Il n’y a rien à faire.")]
    [InlineData("ja", "en", "There is nothing to do.")]
    public async Task The_end_is_told_in_the_language_that_is_liked_best(string accepted, string language, string next)
    {
        var flow = await Server.BeginAsync("none", Number);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/flows/{flow.Id}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {await Server.GetTokenAsync()}");
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);

        var shown = await Server.SendAsync(request);

        Assert.Equal((language, language), (shown.Header("Content-Language"), (string)shown.Json!["explanation"]!["language"]!));
        Assert.Equal(("Accept-Language", next), (shown.Header("Vary"), (string)shown.Json["explanation"]!["next"]!));
    }

    [Fact]
    public async Task Calls_that_had_no_flow_are_told_of_too()
    {
        await using var server = await fixture.StartAsync();
        var refused = await server.VerifyAsync(TestServer.VerifyBody("mobile", "2025550199", new() { ["clientRequestId"] = "refused" }));
        await server.Services.GetRequiredService<CallHistory>().FlushAsync(TestContext.Current.CancellationToken);

        var found = await server.PostAsync("/flows/search", """{"clientRequestId":"refused"}""");

        Assert.Equal(400, refused.Status);
        var told = Assert.Single(found.Json!["flows"]!.AsArray())!;
        Assert.Equal(
            (FlowEnd.RefusedUnknownTestUser, "ended", "not_applicable"),
            ((string)told["end"]!, (string)told["state"]!, (string)told["possessionResult"]!));
    }

    [Fact]
    public async Task Without_a_history_flows_are_told_of_while_they_live()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:History:Mode"] = "Off" });
        var flow = await server.BeginAsync("none", Number);

        Assert.Equal([flow.Id], Ids(await ListAsync(server)));
        await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        Assert.Empty(Ids(await ListAsync(server)));
        Assert.Equal(404, (await server.CallAsync(HttpMethod.Get, $"/flows/{flow.Id}")).Status);
    }

    private static async Task<Reply> ListAsync(TestServer server, string query = "")
    {
        var listed = await server.CallAsync(HttpMethod.Get, "/flows" + query);
        Assert.True(listed.Status == 200, listed.ToString());
        return listed;
    }

    private static List<string> Ids(Reply reply)
    {
        Assert.True(reply.Status == 200, reply.ToString());
        return [.. reply.Json!["flows"]!.AsArray().Select(flow => (string)flow!["correlationId"]!)];
    }

    private static async Task CleanAsync(TestServer server) => await server.Services.GetRequiredService<FlowUpkeep>().TryCleanAsync(
        async (_, remove) => await remove(256), server.Services.GetRequiredService<TimeProvider>().GetUtcNow(), default);
}
