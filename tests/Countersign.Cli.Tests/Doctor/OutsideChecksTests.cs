using System.Net;
using Countersign.Cli.Doctor;
using Countersign.Core.Doctor;

namespace Countersign.Cli.Tests.Doctor;

/// <summary>What is made of the answers of a public address.</summary>
public sealed class OutsideChecksTests
{
    private const string Healthy = """{"status":"healthy"}""";
    private const string Keys = """{"keys":[{"kid":"k7"},{"kid":"k8"}]}""";
    private static readonly DateTimeOffset _now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The check, what becomes of it, and which address is answered otherwise than it should be, with what.</summary>
    public static TheoryData<string, FindingState, string, int, string> Rows => new()
    {
        { "public.answers", FindingState.Fine, "", 0, "" },
        { "public.answers", FindingState.Broken, "/health", 502, "<h1>Bad gateway</h1>" },
        { "public.answers", FindingState.Broken, "/health", 200, "<h1>It works!</h1>" },
        { "public.answers", FindingState.Broken, "/health", 200, """{"status":"UP"}""" },
        { "public.answers", FindingState.Broken, "/health", 200, """{"status":1}""" },
        { "public.answers", FindingState.Broken, "/health", 200, """{"status":"\ud800"}""" },
        { "public.answers", FindingState.Broken, "/health", 0, "" },
        { "public.here", FindingState.Fine, "", 0, "" },
        { "public.here", FindingState.Broken, "/.well-known/jwks.json", 200, """{"keys":[{"kid":"k9"}]}""" },
        { "public.here", FindingState.Broken, "/.well-known/jwks.json", 200, """{"keys":[]}""" },
        { "public.here", FindingState.Broken, "/.well-known/jwks.json", 200, """{"keys":[7,null,{"kid":8}]}""" },
        { "public.here", FindingState.Broken, "/.well-known/jwks.json", 404, "" },
        { "public.here", FindingState.Broken, "/.well-known/jwks.json", 0, "" },
        { "public.here", FindingState.Unknown, "/health", 0, "" },
        { "public.ready", FindingState.Fine, "", 0, "" },
        { "public.ready", FindingState.Broken, "/health/ready", 503, "" },
        { "public.ready", FindingState.Broken, "/health/ready", 0, "" },
        { "public.ready", FindingState.Unknown, "/health", 0, "" },
        { "public.admin", FindingState.Fine, "", 0, "" },
        { "public.admin", FindingState.Fine, "/admin/server", 403, "<h1>Forbidden</h1>" },
        { "public.admin", FindingState.Weak, "/admin/server", 401, """{"code":8002,"message":"unauthorized"}""" },
        { "public.admin", FindingState.Weak, "/admin/server", 429, """{"code":8429,"message":"too many requests"}""" },
        { "public.admin", FindingState.Unknown, "/admin/server", 401, "" },
        { "public.admin", FindingState.Unknown, "/admin/server", 502, "<h1>Bad gateway</h1>" },
        { "public.admin", FindingState.Unknown, "/admin/server", 200, "<h1>Sign in</h1>" },
        { "public.admin", FindingState.Unknown, "/admin/server", 0, "" },
        { "server.clock", FindingState.Fine, "", 0, "" },
        { "server.clock", FindingState.Unknown, "/health", 0, "" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task An_answer_turns_its_check(string check, FindingState state, string path, int status, string body)
    {
        var found = await LookAsync(new Answers { Other = path, Status = status, Body = body }, ["k8", "k6"]);

        Assert.Equal([state], found.Where(one => one.Check.Id == check).Select(one => one.State));
    }

    [Theory]
    [InlineData(-2, FindingState.Fine)]
    [InlineData(2, FindingState.Fine)]
    [InlineData(-4, FindingState.Weak)]
    [InlineData(90, FindingState.Weak)]
    public async Task Clocks_that_are_apart_are_named(int seconds, FindingState state)
    {
        var found = await LookAsync(new Answers { Date = _now.AddSeconds(seconds) }, ["k8"]);

        var clock = found.Single(one => one.Check == Checks.ServerClock);
        Assert.Equal(state, clock.State);
        Assert.Equal(state == FindingState.Weak, clock.Says.Contains(seconds > 0 ? "behind" : "ahead", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_without_a_time_leaves_the_clock_unknown()
    {
        var found = await LookAsync(new Answers { Date = null }, ["k8"]);

        Assert.Equal(FindingState.Unknown, found.Single(one => one.Check == Checks.ServerClock).State);
    }

    [Fact]
    public async Task Without_the_server_nobody_knows_whose_keys_are_answered()
    {
        var found = await LookAsync(new Answers(), keys: null);

        Assert.Equal(FindingState.Unknown, found.Single(one => one.Check == Checks.PublicHere).State);
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(Answers answers, IReadOnlyList<string>? keys)
    {
        using var http = new HttpClient(answers);
        return await new OutsideChecks(http, new FixedTime(_now)).LookAsync(
            "https://id.example.com", keys, TestContext.Current.CancellationToken);
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    /// <summary>What a server answers that is as it should be, but for one address.</summary>
    private sealed class Answers : HttpMessageHandler
    {
        public string Other { get; init; } = "";

        /// <summary>0 for no answer.</summary>
        public int Status { get; init; }

        public string Body { get; init; } = "";

        public DateTimeOffset? Date { get; init; } = _now;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Null(request.Headers.Authorization);
            var path = request.RequestUri!.AbsolutePath;
            if (path == Other && Status == 0)
            {
                throw new HttpRequestException("Connection refused");
            }
            var (status, body) = path == Other ? (Status, Body) : path switch
            {
                "/health" => (200, Healthy),
                "/health/ready" => (200, """{"status":"ready"}"""),
                "/.well-known/jwks.json" => (200, Keys),
                _ => (404, ""),
            };
            return Task.FromResult(
                new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body), Headers = { Date = Date } });
        }
    }
}
