using System.Net.Http.Headers;
using System.Net.WebSockets;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Browser;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Endpoints.Browser;

/// <summary>What one flow's browser may take of a server. It is counted in memory: the store does not matter.</summary>
public sealed class BrowserLimitTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Number = "2001009002";

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flows_fifth_socket_closes_its_oldest_and_the_others_hear_the_result()
    {
        var flow = await fixture.Server.BeginAsync("desktop", Number);
        var page = fixture.Server.Browser(flow.AuthToken!);
        await page.Post("mobile/instantlink/start");
        var link = (await fixture.Server.LastMessageAsync(Number)).Link!;
        await using var oldest = await page.ConnectSocketAsync();
        var others = new List<Socket>();
        for (var i = 0; i < OpenSockets.MaxPerFlow; i++)
        {
            others.Add(await page.ConnectSocketAsync());
        }

        Assert.Null(await oldest.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, oldest.CloseStatus);
        await fixture.Server.ConfirmLinkAsync(link);

        foreach (var socket in others)
        {
            Assert.Equal("""{"next":"done"}""", await socket.ReceiveAsync());
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public void Whoever_hears_of_their_replacement_may_give_the_place_up_at_once()
    {
        var sockets = new OpenSockets(new BrowserLimitOptions(), TimeProvider.System, NullLogger<OpenSockets>.Instance);
        var flow = CorrelationId.New(DateTimeOffset.UnixEpoch);
        using var oldest = sockets.TryOpen(flow)!;
        using var heard = oldest.Replaced.Register(() =>
        {
            // As a socket's task does that goes on elsewhere.
            var closing = new Thread(oldest.Dispose);
            closing.Start();
            closing.Join();
        });

        var others = Enumerable.Range(0, OpenSockets.MaxPerFlow).Select(_ => sockets.TryOpen(flow)!).ToList();

        Assert.True(oldest.Replaced.IsCancellationRequested);
        others.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_published_page_whose_socket_was_closed_for_a_newer_one_ends_and_the_flow_goes_on()
    {
        var flow = await fixture.Server.BeginAsync("desktop", Number);
        var page = fixture.Server.Browser(flow.AuthToken!);
        await page.Post("mobile/instantlink/start");

        var answer = await page.Post(
            "mobile/instantlink/error",
            """{"message":"Failed to receive secondary authentication with status code 1008. Policy violation."}""");

        Assert.Equal(
            """{"next":"done","error":{"code":10003,"message":"the flow goes on in other windows"}}""", answer.ToJsonString());
        Assert.Equal("pending pending pending", (await fixture.Server.StatusAsync(flow.Id)).Outcome);
    }

    [Fact]
    public async Task A_server_holds_so_many_sockets_and_takes_another_when_one_is_gone()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:MaxStatusSockets"] = "2" });
        var pages = new List<Page>();
        for (var i = 0; i < 3; i++)
        {
            pages.Add(server.Browser((await server.BeginAsync("desktop", Number)).AuthToken!));
        }
        await using var first = await pages[0].ConnectSocketAsync();
        await using var second = await pages[1].ConnectSocketAsync();

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => pages[2].ConnectSocketAsync());
        await Assert.ThrowsAsync<WebSocketException>(() => pages[2].ConnectSocketAsync());
        await first.CloseAsync();

        Assert.Contains("503", refused.Message, StringComparison.Ordinal);
        Assert.Single(server.Logs.All, line => line.Event.Id == 1114);
        await using var third = await ConnectAtLastAsync(pages[2]);
        await third.SendAsync("ping");
        Assert.Equal("pong", await third.ReceiveAsync());
    }

    [Fact]
    public async Task In_live_a_flows_calls_wait_for_their_turn_and_what_would_wait_longer_is_refused()
    {
        // Null takes away what the test servers set, which is more than any test sends.
        var settings = new Dictionary<string, string?>(TestServer.Live) { ["Countersign:FlowCallsPerSecond"] = null };
        await using var server = await TestServer.StartAsync(settings: settings);
        var shop = await server.AddProjectAsync("shop");
        var page = server.Browser((await server.BeginAsync("mobile", "+12025550142", credentials: shop)).AuthToken!);
        var other = server.Browser((await server.BeginAsync("mobile", "+12025550143", credentials: shop)).AuthToken!);

        // Ten at once, twenty within two seconds.
        var calls = Enumerable.Range(0, 40).Select(_ => page.SendAsync("challenge", "{")).ToArray();
        var beside = await other.SendAsync("challenge", "{");
        var refused = await FirstRefusedAsync(calls);
        while (!Task.WhenAll(calls).IsCompleted)
        {
            await server.AdvanceAsync(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        var replies = await Task.WhenAll(calls);

        Assert.Equal(400, beside.Status);
        Assert.Equal((429, "1", "*"), (
            refused.Status, refused.Header("Retry-After"), refused.Header("Access-Control-Allow-Origin")));
        Assert.Equal("429 8429 too many requests", refused.Fault);
        Assert.Null(refused.Header("WWW-Authenticate"));
        Assert.InRange(replies.Count(reply => reply.Status == 400), 30, 39);
        Assert.Single(server.Logs.All, line => line.Event.Id == 1113);

        static async Task<Reply> FirstRefusedAsync(IEnumerable<Task<Reply>> calls)
        {
            await foreach (var call in Task.WhenEach(calls))
            {
                if (await call is { Status: 429 } reply)
                {
                    return reply;
                }
            }
            throw new InvalidOperationException("None was refused.");
        }
    }

    [Fact]
    public async Task Only_tokens_that_are_not_good_count_against_an_address()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:BadTokensPerSecond"] = "2" });
        var good = (await server.BeginAsync("mobile", Number)).AuthToken!;

        var replies = await Task.WhenAll(
        [
            .. Enumerable.Range(0, 40).Select(_ => server.Browser(good[..^10] + "AAAAAAAAAA").SendAsync("challenge", "{")),
            .. Enumerable.Range(0, 40).Select(_ => server.Browser(good).SendAsync("challenge", "{")),
        ]);

        Assert.All(replies[..40], reply => Assert.True(reply.Fault is "401 8002 not authorized" or "429 8429 too many requests"));
        Assert.Contains(replies[..40], reply => reply.Status == 429);
        Assert.All(replies[40..], reply => Assert.Equal(400, reply.Status));
    }

    [Fact]
    public async Task Wrong_signatures_without_a_flow_count_as_bad_tokens()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:BadTokensPerSecond"] = "2" });

        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => UnregisterAsync(server)));

        Assert.All(replies, reply => Assert.True(reply.Fault is "401 8002 not authorized" or "429 8429 too many requests"));
        Assert.Contains(replies, reply => reply.Status == 429);
    }

    [Fact]
    public async Task In_the_sandbox_a_flow_calls_as_often_as_it_likes()
    {
        var page = fixture.Server.Browser((await fixture.Server.BeginAsync("mobile", Number)).AuthToken!);

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => page.SendAsync("challenge", "{")));

        Assert.All(replies, reply => Assert.Equal(400, reply.Status));
    }

    [Fact]
    public async Task Turns_come_back_with_time_and_each_flow_has_its_own()
    {
        var time = new FakeTimeProvider();
        var rate = new FlowRate(new BrowserLimitOptions { FlowCallsPerSecond = 10 }, time, new LoggerFactory().CreateLogger<FlowRate>());
        var (one, other) = (CorrelationId.New(time.GetUtcNow()), CorrelationId.New(time.GetUtcNow()));

        var taken = Enumerable.Range(0, 31).Select(_ => rate.WaitAsync(one, Test).AsTask()).ToList();

        Assert.All(taken[..10], call => Assert.True(call is { IsCompletedSuccessfully: true, Result: true }));
        Assert.All(taken[10..30], call => Assert.False(call.IsCompleted));
        Assert.False(await taken[30]);
        Assert.True(await rate.WaitAsync(other, Test));
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(await taken[10]);
        Assert.False(taken[11].IsCompleted);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.All(await Task.WhenAll(taken[11..30]), Assert.True);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(rate.WaitAsync(one, Test).AsTask() is { IsCompletedSuccessfully: true }));
    }

    /// <summary>The server sees a little later than the client that a socket is gone.</summary>
    private static async Task<Socket> ConnectAtLastAsync(Page page)
    {
        while (true)
        {
            try
            {
                return await page.ConnectSocketAsync();
            }
            catch (WebSocketException)
            {
                Test.ThrowIfCancellationRequested();
            }
        }
    }

    private static async Task<Reply> UnregisterAsync(TestServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/client/device/unregister") { Content = TestServer.Json("{}") };
        foreach (var name in (string[])["pa-kid", "pa-challenge", "pa-sig-version", "pa-signature"])
        {
            request.Headers.Add(name, "1");
        }
        return await server.SendAsync(request);
    }
}
