using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Core.Events;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>What happens in a project is sent to where the project wants it.</summary>
public abstract class WebhookTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Number = "2001009002";
    private const string Project = "sandbox";

    private TestServer _server = null!;
    private ProviderDouble _receiver = null!;

    private string Hook => $"{_receiver.Address}hook";

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.StartAsync(new Dictionary<string, string?>());
        _receiver = await ProviderDouble.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_flow_is_sent_signed_and_in_the_words_of_the_list_and_holds_nobody()
    {
        var (_, secret) = await CreateAsync();
        var flow = await _server.BeginAsync("mobile", Number, new JsonObject { ["firstName"] = "Bram", ["lastName"] = "Okafor" });
        var page = await _server.AskForTextAsync(flow);
        await page.Enter((await _server.LastMessageAsync(Number)).Code!);

        await DeliverAsync();

        Assert.All(_receiver.Requests, request => Assert.True(IsSigned(request, secret)));
        var events = _receiver.Requests.Select(request => JsonNode.Parse(request.Text)!).ToList();
        Assert.Equal(
            ["flow.started", "text.sent", "text.delivered", "possession.succeeded", "flow.finished"],
            events.OrderBy(one => (int)one["sequence"]!).Select(one => (string)one["type"]!));
        Assert.All(events, one => Assert.Equal(flow.Id, (string)one["data"]!["flow"]!));
        Assert.All(_receiver.Requests, request => Assert.Equal(((string)JsonNode.Parse(request.Text)!["id"]!, "/hook"), (
            request.Header("webhook-id"), request.Target)));
        var listed = (await _server.CallAsync(HttpMethod.Get, "/events")).Json!["events"]!.AsArray();
        Assert.Equal(
            listed.Select(one => one!.ToJsonString()).Order(StringComparer.Ordinal),
            _receiver.Requests.Select(request => JsonNode.Parse(request.Text)!.ToJsonString()).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(_receiver.Requests, request => request.Text.Contains("200100", StringComparison.Ordinal)
            || request.Text.Contains("Okafor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_receiver_does_not_take_comes_again_and_after_a_day_is_given_up_and_can_be_sent_again()
    {
        var (id, _) = await CreateAsync("flow.started");
        _receiver.Answers(new ProviderReply(500, ""));
        var flow = await _server.BeginAsync("mobile", Number);

        for (var hour = 0; hour < 30; hour++)
        {
            await DeliverAsync();
            await _server.AdvanceAsync(TimeSpan.FromHours(1));
        }

        Assert.InRange(_receiver.Requests.Count, 5, 20);
        Assert.Single(_receiver.Requests.Select(request => request.Text).Distinct());
        var shown = (await AdminAsync(HttpMethod.Get, $"/{id}")).Json!;
        Assert.Equal((0, 1), ((int)shown["waiting"]!, (int)shown["dead"]!));
        var dead = shown["givenUp"]!.AsArray().Single()!;
        Assert.Equal(("flow.started", "500"), ((string)dead["type"]!, (string)dead["outcome"]!));
        _receiver.Answers(new ProviderReply(204, ""));
        Assert.Equal(1, (int)(await AdminAsync(HttpMethod.Post, $"/{id}/replay", """{"dead":true}""")).Json!["count"]!);
        await DeliverAsync();
        Assert.Contains(flow.Id, Assert.Single(_receiver.Requests).Text, StringComparison.Ordinal);
        Assert.Equal(0, (int)(await AdminAsync(HttpMethod.Get, $"/{id}")).Json!["dead"]!);
        var range = await AdminAsync(HttpMethod.Post, $"/{id}/replay", """{"since":"2020-01-01"}""");
        Assert.Equal(1, (int)range.Json!["count"]!);
        var one = await AdminAsync(HttpMethod.Post, $"/{id}/replay", new JsonObject { ["event"] = (string)dead["event"]! }.ToJsonString());
        Assert.Equal(1, (int)one.Json!["count"]!);
    }

    [Theory]
    [InlineData("{\"event\":\"evt_00000000000000000000000000000000\"}",
        "field 'event' is invalid: the project has no event with this id, or not any more")]
    [InlineData("{\"since\":\"2026-02-01\",\"until\":\"2026-01-01\"}", "field 'until' is invalid: must be later than 'since'")]
    [InlineData("{\"since\":\"9999-01-01\"}", "field 'since' is invalid: must be earlier than 'until', which is now where it is left out")]
    public async Task Events_that_there_are_not_do_not_pass_for_sent(string body, string message)
    {
        var (id, _) = await CreateAsync();

        var reply = await AdminAsync(HttpMethod.Post, $"/{id}/replay", body);

        Assert.Equal($"400 8001 {message}", reply.Fault);
    }

    [Fact]
    [Trait("attack", "W02")]
    public async Task While_a_secret_is_exchanged_both_sign()
    {
        var (id, first) = await CreateAsync();
        var rotated = await AdminAsync(HttpMethod.Post, $"/{id}/rotate", """{"expireOldAfterSeconds":600}""");
        await _server.BeginAsync("mobile", Number);
        await DeliverAsync();

        var request = _receiver.Requests[0];

        Assert.Equal(2, request.Header("webhook-signature").Split(' ').Length);
        Assert.All([first, rotated.Text("secret")], secret => Assert.True(IsSigned(request, secret)));
        await _server.AdvanceAsync(TimeSpan.FromMinutes(11));
        await _server.BeginAsync("mobile", Number);
        await DeliverAsync();
        Assert.DoesNotContain(' ', _receiver.Requests[^1].Header("webhook-signature"));
    }

    [Fact]
    public async Task A_second_exchange_ends_the_oldest_secret_at_once()
    {
        var (id, first) = await CreateAsync();
        var second = (await AdminAsync(HttpMethod.Post, $"/{id}/rotate", """{"expireOldAfterSeconds":600}""")).Text("secret");
        var third = (await AdminAsync(HttpMethod.Post, $"/{id}/rotate", """{"expireOldAfterSeconds":600}""")).Text("secret");

        await AdminAsync(HttpMethod.Post, $"/{id}/test");

        var request = Assert.Single(_receiver.Requests);
        Assert.Equal((false, true, true), (IsSigned(request, first), IsSigned(request, second), IsSigned(request, third)));
    }

    [Fact]
    [Trait("attack", "W03")]
    public async Task A_receiver_that_hangs_holds_up_no_other()
    {
        await CreateAsync();
        await using var slow = await ProviderDouble.StartAsync();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        slow.Does((_, _) => end.Task);
        await CreateAsync(url: $"{slow.Address}slow");
        for (var i = 0; i < 10; i++)
        {
            await _server.BeginAsync("mobile", Number);
        }

        await _server.Services.GetRequiredService<WebhookDeliverer>().CatchUpAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 10; i++)
        {
            await _receiver.NextAsync();
        }

        Assert.InRange(slow.Requests.Count, 0, WebhookDeliverer.AtOnce);
        end.SetResult();
        await DeliverAsync();
        Assert.Equal(10, slow.Requests.Count);
    }

    [Fact]
    public async Task A_test_event_is_sent_at_once_and_its_outcome_told()
    {
        var (id, secret) = await CreateAsync("flow.finished");

        var taken = await AdminAsync(HttpMethod.Post, $"/{id}/test");
        var request = Assert.Single(_receiver.Requests);
        _receiver.Does((context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status302Found;
            context.Response.Headers.Location = "http://169.254.169.254/";
            return Task.CompletedTask;
        });
        var refused = await AdminAsync(HttpMethod.Post, $"/{id}/test");

        Assert.Equal((true, "200"), ((bool)taken.Json!["taken"]!, taken.Text("outcome")));
        Assert.True(IsSigned(request, secret));
        var told = JsonNode.Parse(request.Text)!;
        Assert.Equal(("webhook.test", taken.Text("event"), null), ((string)told["type"]!, (string)told["id"]!, told["sequence"]));
        Assert.Equal((false, "302"), ((bool)refused.Json!["taken"]!, refused.Text("outcome")));
        Assert.Empty((await _server.CallAsync(HttpMethod.Get, "/events")).Json!["events"]!.AsArray());
    }

    [Fact]
    public async Task A_webhook_is_listed_changed_turned_off_and_deleted()
    {
        var (id, secret) = await CreateAsync("flow.finished");
        var changed = await AdminAsync(HttpMethod.Patch, $"/{id}", """{"types":[]}""");
        var off = await AdminAsync(HttpMethod.Patch, $"/{id}", """{"enabled":false}""");

        var listed = (await AdminAsync(HttpMethod.Get, "")).Json!["webhooks"]!.AsArray();
        await _server.BeginAsync("mobile", Number);
        await DeliverAsync();

        Assert.Equal((204, 204), (changed.Status, off.Status));
        var one = Assert.Single(listed)!;
        Assert.Equal(
            (id, Hook, false, 0),
            ((string)one["webhookId"]!, (string)one["url"]!, (bool)one["enabled"]!, one["types"]!.AsArray().Count));
        Assert.DoesNotContain(secret, listed.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(_receiver.Requests);
        Assert.Equal(204, (await AdminAsync(HttpMethod.Delete, $"/{id}")).Status);
        Assert.Equal(404, (await AdminAsync(HttpMethod.Get, $"/{id}")).Status);
        Assert.Equal(404, (await AdminAsync(HttpMethod.Delete, $"/{id}")).Status);
    }

    [Theory]
    [InlineData("""{"url":"http://shop.example/hook"}""", "must begin with https://")]
    [InlineData("""{"url":"https://user@shop.example/hook"}""", "must not hold a user")]
    [InlineData("""{"url":"shop.example"}""", "must be a whole address")]
    [InlineData("""{"url":"https://10.20.0.7/hook"}""", "field 'url' is invalid: must lead to the public internet")]
    [InlineData("""{"url":"https://shop.example","types":["flow.ended"]}""", "types[0]")]
    [InlineData("{}", "url")]
    public async Task What_cannot_be_a_webhook_is_refused(string body, string message)
    {
        var reply = await AdminAsync(HttpMethod.Post, "", body);

        Assert.Equal((400, 8001), (reply.Status, reply.Code));
        Assert.Contains(message, reply.Message, StringComparison.Ordinal);
    }

    private static bool IsSigned(ProviderRequest request, string secret)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(request.Header("webhook-timestamp"), CultureInfo.InvariantCulture));
        var right = WebhookSignature.Of([WebhookSecret.Parse(secret)], request.Header("webhook-id"), at, request.Body);
        return request.Header("webhook-signature").Split(' ').Contains(right, StringComparer.Ordinal);
    }

    private async Task<(string Id, string Secret)> CreateAsync(string? type = null, string? url = null)
    {
        var body = new JsonObject { ["url"] = url ?? Hook, ["types"] = type is null ? [] : new JsonArray(type) };
        var reply = await AdminAsync(HttpMethod.Post, "", body.ToJsonString());
        Assert.Equal(201, reply.Status);
        return (reply.Text("webhookId"), reply.Text("secret"));
    }

    private Task<Reply> AdminAsync(HttpMethod method, string path, string? json = null) =>
        _server.AdminAsync(method, $"/admin/projects/{Project}/webhooks{path}", json);

    /// <summary>What is due now is sent when this returns.</summary>
    private async Task DeliverAsync()
    {
        var deliverer = _server.Services.GetRequiredService<WebhookDeliverer>();
        do
        {
            await deliverer.SettleAsync();
            await deliverer.CatchUpAsync(default);
            await deliverer.SettleAsync();
        }
        // The server's own worker may have taken some at the same moment, and be about to send them.
        while (await HasClaimedAsync());
    }

    private async Task<bool> HasClaimedAsync() => await _server.Services.GetRequiredService<IDatabase>().ReadAsync(
        new Statement("SELECT 1 FROM webhook_deliveries WHERE lease IS NOT NULL LIMIT 1"), row => row.GetInt32(0),
        TestContext.Current.CancellationToken) is not [];
}

public sealed class WebhookOnSqlite(OnSqlite fixture) : WebhookTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class WebhookOnPostgres(OnPostgres fixture) : WebhookTests(fixture), IClassFixture<OnPostgres>;
