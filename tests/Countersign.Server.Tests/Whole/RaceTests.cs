using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>What happens at the same moment happens in some order: nothing counts twice, nothing is lost.</summary>
public abstract class RaceTests(ServerFixture fixture) : IAsyncLifetime
{
    private const int Many = 100;
    private const string Done = """{"next":"done"}""";

    private readonly CountingIdentitySource _identity = new();
    private TestServer _server = null!;

    private TestServer Server => _server;

    public async ValueTask InitializeAsync() =>
        _server = await fixture.StartAsync(substitute: builder => builder.Services.AddSingleton<IIdentitySource>(_identity));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Fact]
    [Trait("attack", "S05")]
    public async Task Of_a_hundred_parallel_right_codes_one_proves_and_the_identity_is_asked_once()
    {
        var (page, id) = await SendAsync();

        var answers = await AtOnceAsync(_ => page.Enter("1234"));

        Assert.All(answers, answer => Assert.Equal(Done, answer));
        Assert.Equal(1, _identity.Asked);
        Assert.Equal("true success success", (await Server.StatusAsync(id)).Outcome);
        Assert.Equal(["possession proven by otp", "identity matched"], (await TimelineAsync(id)).TakeLast(2));
        Assert.Single(await TimelineAsync(id), what => what.StartsWith("possession", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_wrong_codes_one_counts()
    {
        var (page, id) = await SendAsync();

        var answers = await AtOnceAsync(_ => page.Enter("0000"));

        Assert.All(answers, answer => Assert.Equal("""{"next":"done","error":{"code":10001,"message":"the code is wrong"}}""", answer));
        Assert.Equal(0, _identity.Asked);
        Assert.Equal("false failed failed", (await Server.StatusAsync(id)).Outcome);
        Assert.Equal(
            ["mobile-auth not available (the test user's network cannot be asked), otp follows", "otp begun",
                "possession failed: wrong entries", "finished without identity match"], await TimelineAsync(id));
    }

    [Fact]
    [Trait("attack", "S03")]
    public async Task Of_a_hundred_parallel_wrong_codes_with_retry_three_count()
    {
        var (page, id) = await SendAsync(retry: true);

        var answers = await AtOnceAsync(_ => page.Enter("0000"));

        Assert.Equal(2, answers.Count(answer => answer == """{"next":"mobile/otp","data":{"code":10001,"message":"the code is wrong"}}"""));
        Assert.Equal(
            Many - 2, answers.Count(answer => answer == """{"next":"done","error":{"code":10005,"message":"no entry is left"}}"""));
        Assert.Equal(
            ["mobile-auth not available (the test user's network cannot be asked), otp follows", "otp begun", "wrong entry", "wrong entry",
                "possession failed: wrong entries", "finished without identity match"],
            await TimelineAsync(id));
    }

    [Fact]
    public async Task Of_right_and_wrong_codes_at_once_the_first_to_decide_has_decided()
    {
        for (var round = 0; round < 5; round++)
        {
            var before = _identity.Asked;
            var (page, id) = await SendAsync(retry: true);

            var answers = await AtOnceAsync(i => page.Enter(i % 2 == 0 ? "1234" : "0000"));

            var outcome = (await Server.StatusAsync(id)).Outcome;
            var isProven = outcome == "true success success";
            var timeline = await TimelineAsync(id);
            Assert.Contains(outcome, (string[])["true success success", "false failed failed"]);
            Assert.Equal(isProven ? 1 : 0, _identity.Asked - before);
            Assert.InRange(timeline.Count(what => what == "wrong entry"), 0, 2);
            Assert.Single(timeline, what => what.StartsWith("possession", StringComparison.Ordinal));
            Assert.Equal(isProven, answers.Contains(Done));
        }
    }

    [Fact]
    public async Task Of_a_hundred_parallel_confirmations_one_proves_and_every_socket_is_told()
    {
        var flow = await Server.BeginAsync("desktop", "2001009002");
        var page = Server.Browser(flow.AuthToken!);
        await using var first = await page.ConnectSocketAsync();
        await using var second = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");
        var link = (await Server.LastMessageAsync("2001009002")).Link!;

        await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => Server.ConfirmLinkAsync(link)));

        Assert.Equal((Done, Done), (await first.ReceiveAsync(), await second.ReceiveAsync()));
        Assert.Equal(1, _identity.Asked);
        Assert.Equal(["instant-link begun", "possession proven by instant-link", "identity matched"], await TimelineAsync(flow.Id));
    }

    [Fact]
    [Trait("attack", "L01")]
    public async Task A_hundred_openings_at_once_change_nothing_and_the_link_is_still_good()
    {
        var flow = await Server.BeginAsync("desktop", "2001009002");
        await Server.Browser(flow.AuthToken!).Post("mobile/instantlink/start");
        var link = (await Server.LastMessageAsync("2001009002")).Link!;

        var statuses = await Task.WhenAll(Enumerable.Range(0, Many).Select(async i =>
        {
            using var request = new HttpRequestMessage(i % 2 == 0 ? HttpMethod.Get : HttpMethod.Head, link);
            return (await Server.SendAsync(request)).Status;
        }));

        Assert.Equal([200], statuses.Distinct());
        Assert.Equal("pending pending pending", (await Server.StatusAsync(flow.Id)).Outcome);
        Assert.Equal(303, (await Server.ConfirmLinkAsync(link)).Status);
        Assert.Equal("true success success", (await Server.StatusAsync(flow.Id)).Outcome);
    }

    [Fact]
    public async Task Of_a_hundred_parallel_starts_of_a_link_one_sends()
    {
        var flow = await Server.BeginAsync("desktop", "2002000301");
        var page = Server.Browser(flow.AuthToken!);

        var answers = await AtOnceAsync(_ => page.Post("mobile/instantlink/start"));

        Assert.All(answers, answer => Assert.Equal("""{"next":"","data":{}}""", answer));
        Assert.Single(await Server.MessagesAsync("2002000301"));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_resends_three_send()
    {
        var (page, _) = await SendAsync(number: "2002000302");

        var answers = await AtOnceAsync(_ => page.Post("mobile/otp/start"));

        Assert.All(answers, answer => Assert.Equal("""{"next":""}""", answer));
        Assert.Equal(4, (await Server.MessagesAsync("2002000302")).Count);
    }

    [Fact]
    public async Task A_code_and_a_giving_up_at_once_leave_one_result()
    {
        for (var round = 0; round < 5; round++)
        {
            var (page, id) = await SendAsync();

            await AtOnceAsync(i => i % 2 == 0 ? page.Enter("1234") : page.Post("mobile/otp/error", """{"message":"x"}"""));

            Assert.Single(await TimelineAsync(id), what => what.StartsWith("possession", StringComparison.Ordinal));
            Assert.Contains((await Server.StatusAsync(id)).Outcome, (string[])["true success success", "false failed failed"]);
        }
    }

    [Fact]
    public async Task Many_flows_at_once_do_not_disturb_each_other()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Many).Select(async i =>
        {
            var (page, id) = await SendAsync(number: $"20020004{i:00}");
            await page.Enter(i % 2 == 0 ? "1234" : "0000");
            return (await Server.StatusAsync(id)).Outcome;
        }));

        Assert.Equal(Enumerable.Range(0, Many).Select(i => i % 2 == 0 ? "true success success" : "false failed failed"), outcomes);
        Assert.Equal(Many / 2, _identity.Asked);
    }

    [Fact]
    public async Task Many_calls_with_one_idempotency_key_begin_one_flow()
    {
        await Server.GetTokenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ =>
            Server.VerifyAsync(TestServer.VerifyBody("mobile", "2001009002"), idempotencyKey: "one")));

        Assert.Equal(1, await Server.CountAsync("flows"));
        Assert.Single(replies.Where(reply => reply.Status == 200).Select(reply => reply.Body).Distinct());
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.Equal(8409, reply.Code));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_binds_one_is_accepted()
    {
        var flow = await Server.BeginUnifyAsync("none", "2001009302");

        var replies = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => Server.UnifyBindAsync(flow.Id, "2001009302")));

        Assert.Equal("true", Assert.Single(replies, reply => reply.Status == 200).Text("success"));
        Assert.Equal(Many - 1, replies.Count(reply => reply.Fault == "403 8003 step not allowed"));
        Assert.Equal(["the relying party's own check passed", "tied to its identity"], await TimelineAsync(flow.Id));
    }

    private static async Task<string[]> AtOnceAsync(Func<int, Task<JsonNode>> call)
    {
        // All wait at the line, so that the first is not done before the last begins.
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, Many).Select(async i =>
        {
            await start.Task;
            return (await call(i)).ToJsonString();
        }).ToArray();
        start.SetResult();
        return await Task.WhenAll(calls);
    }

    private async Task<(Page Page, string Id)> SendAsync(bool retry = false, string number = "2001009002")
    {
        var flow = await Server.BeginAsync("mobile", number, new JsonObject { ["allowOTPRetry"] = retry });
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");
        return (page, flow.Id);
    }

    private async Task<string[]> TimelineAsync(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sandbox/flows/" + id);
        return [.. (await Server.SendAsync(request)).Json!["timeline"]!.AsArray().Select(entry => (string)entry!["what"]!)];
    }

    /// <summary>Says that every name matches, and counts.</summary>
    private sealed class CountingIdentitySource : IIdentitySource
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public async Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            // Elsewhere an answer takes its time; the others come in meanwhile.
            await Task.Yield();
            return new IdentityAnswer(IdentityMatch.Matched);
        }
    }
}

public sealed class RacesOnSqlite(OnSqlite fixture) : RaceTests(fixture), IClassFixture<OnSqlite>;

public sealed class RacesOnPostgres(OnPostgres fixture) : RaceTests(fixture), IClassFixture<OnPostgres>;
