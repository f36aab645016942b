using Countersign.Operator.Tests.Fixtures;

namespace Countersign.Operator.Tests.Hosting;

/// <summary>The published browser SDK fetches the authorization address across origins: one hop without these headers ends it.</summary>
public sealed class CrossOriginTests
{
    [Theory]
    [InlineData("GET", "/.well-known/openid-configuration")]
    [InlineData("GET", "/jwks")]
    [InlineData("GET", "/authorize")]
    [InlineData("POST", "/authorize")]
    [InlineData("POST", "/token")]
    [InlineData("POST", "/bc-authorize")]
    [InlineData("GET", "/token")]
    [InlineData("POST", "/number-verification/v2/verify")]
    [InlineData("GET", "/number-verification/v2/device-phone-number")]
    [InlineData("POST", "/kyc-match/v0.4/match")]
    [InlineData("GET", "/nothing")]
    public async Task Every_answer_may_be_read_by_every_page(string method, string path)
    {
        await using var running = await RunningOperator.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Origin", "null");

        using var answer = await running.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("/token")]
    [InlineData("/authorize")]
    public async Task A_body_that_is_too_long_is_refused_and_that_may_be_read_too(string path)
    {
        await using var running = await RunningOperator.StartAsync();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("client_id", new string('a', 70_000))]);

        using var answer = await running.Http.PostAsync(path, form, TestContext.Current.CancellationToken);

        Assert.Equal(413, (int)answer.StatusCode);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Redirects_may_be_followed_by_every_page()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        using var recognised = await party.OpenAsync(running.Handset("127.0.0.42"));
        using var unknown = await party.OpenAsync(running.Handset("127.0.0.99"));

        Assert.All([recognised, unknown], answer =>
            Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin"))));
    }

    [Theory]
    [InlineData("/authorize", "authorization,content-type,pa-version")]
    [InlineData("/number-verification/v2/verify", "authorization,content-type,x-correlator")]
    [InlineData("/nothing", "x-anything")]
    public async Task A_preflight_allows_what_it_asks_for(string path, string headers)
    {
        await using var running = await RunningOperator.StartAsync();
        using var request = Preflight(path, "null", "POST", headers);

        using var answer = await running.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(204, (int)answer.StatusCode);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal(headers, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.Contains("POST", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://localhost:5000", true)]
    [InlineData("https://[::1]:8443", true)]
    [InlineData("https://attacker.example", false)]
    [InlineData("http://127.0.0.1.attacker.example", false)]
    [InlineData("null", false)]
    public async Task The_control_API_answers_pages_of_this_machine_alone(string origin, bool isAnswered)
    {
        await using var running = await RunningOperator.StartAsync();
        using var preflight = Preflight("/sim/network/127.0.0.1", origin, "PUT", "content-type");
        using var put = new HttpRequestMessage(HttpMethod.Put, "/sim/network/127.0.0.1?msisdn=%2B12025550142");
        put.Headers.Add("Origin", origin);

        using var asked = await running.Http.SendAsync(preflight, TestContext.Current.CancellationToken);
        using var answered = await running.Http.SendAsync(put, TestContext.Current.CancellationToken);

        Assert.Equal(isAnswered ? (204, 200) : (403, 403), ((int)asked.StatusCode, (int)answered.StatusCode));
        Assert.Equal(isAnswered, asked.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) && allowed.Single() == origin);
        Assert.Equal(isAnswered, answered.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_control_API_does_not_answer_under_another_name()
    {
        await using var running = await RunningOperator.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sim/subscribers");
        request.Headers.Host = "rebound.attacker.example";

        using var answer = await running.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(403, (int)answer.StatusCode);
    }

    private static HttpRequestMessage Preflight(string path, string origin, string method, string headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", headers);
        return request;
    }
}
