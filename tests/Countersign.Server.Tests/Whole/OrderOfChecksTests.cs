using System.Net.Http.Headers;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// 401; path and method; 429; media type, size, JSON, fields; idempotency; correlation id; test user. The first that applies is the answer.
/// </summary>
public abstract class OrderOfChecksTests(ServerFixture fixture)
{
    private const string Good = """{"flowType":"none","phoneNumber":"2001009002","firstName":"Lori","lastName":"Montgomery"}""";
    private const string OfNobody = """{"flowType":"none","phoneNumber":"2001009999","firstName":"Lori","lastName":"Montgomery"}""";

    private TestServer Server => fixture.Server;

    [Theory]
    [Trait("attack", "T07")]
    [InlineData("GET", "/v3/verify")]
    [InlineData("POST", "/v3/nothing")]
    [InlineData("POST", "/v3")]
    [InlineData("POST", "/V3/VERIFY")]
    [InlineData("POST", "/v3/verify")]
    [InlineData("POST", "/v3/verify/batch")]
    [InlineData("DELETE", "/v3/verify-status")]
    [InlineData("POST", "/v3/start")]
    [InlineData("POST", "/v3/validate")]
    [InlineData("POST", "/v3/challenge")]
    [InlineData("GET", "/v3/complete")]
    public async Task Credentials_come_before_path_method_and_body(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("{") };

        var reply = await Server.SendAsync(request);

        Assert.Equal("401 8002 not authorized", reply.Fault);
        Assert.Equal("Bearer", reply.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task Path_and_method_come_before_the_rate()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:RequestsPerSecond"] = "1" });
        await server.GetTokenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.PostAsync("/v3/nothing", Good)));

        Assert.All(replies, reply => Assert.Equal("403 8003 step not allowed", reply.Fault));
    }

    [Fact]
    public async Task The_rate_comes_before_the_body()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:RequestsPerSecond"] = "1" });
        await server.GetTokenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.PostAsync("/v3/verify", "{")));

        Assert.Equal([400, 429], replies.Select(reply => reply.Status).Distinct().Order());
    }

    [Theory]
    [InlineData("text/plain", 5000, "400 8001 content type must be application/json")]
    [InlineData("application/json", 5000, "400 8001 body is larger than 4096 bytes")]
    [InlineData("application/json", 10, "400 8001 body is not valid JSON, or nested too deeply")]
    public async Task Media_type_comes_before_size_and_size_before_json(string type, int bytes, string expected)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/v3/verify") { Content = new StringContent(new string('{', bytes), new MediaTypeHeaderValue(type)) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Server.GetTokenAsync());

        var reply = await Server.SendAsync(request);

        Assert.Equal(expected, reply.Fault);
    }

    [Fact]
    public async Task Fields_come_before_the_idempotency_key()
    {
        await Server.VerifyAsync(Good, idempotencyKey: "fields-first");

        var otherBody = await Server.VerifyAsync("{}", idempotencyKey: "fields-first");
        var badKey = await Server.VerifyAsync("{}", idempotencyKey: "a b");

        Assert.StartsWith("400 8001 field 'flowType' is missing", otherBody.Fault, StringComparison.Ordinal);
        Assert.StartsWith("400 8001 field 'flowType' is missing", badKey.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_idempotency_key_comes_before_the_test_user()
    {
        await Server.VerifyAsync(Good, idempotencyKey: "key-first");

        var reply = await Server.VerifyAsync(OfNobody, idempotencyKey: "key-first");

        Assert.Equal(8422, reply.Code);
    }

    [Fact]
    public async Task In_one_call_fields_come_before_the_key_and_the_key_before_the_test_user()
    {
        await Server.VerifyAsync("""{"verificationType":"prefill","phoneNumber":"2001009421"}""", idempotencyKey: "one-call-key-first");

        var fields = await Server.VerifyAsync("""{"verificationType":"prefill"}""", idempotencyKey: "one-call-key-first");
        var key = await Server.VerifyAsync(
            """{"verificationType":"prefill","phoneNumber":"2001009999"}""", idempotencyKey: "one-call-key-first");
        var user = await Server.VerifyAsync(
            """{"verificationType":"prefill","phoneNumber":"2001009999"}""", idempotencyKey: "one-call-user-last");

        Assert.Equal([8001, 8422, 8007], new[] { fields, key, user }.Select(reply => reply.Code));
    }

    [Theory]
    [InlineData("text/plain", 1_048_577, "400 8001 content type must be application/json")]
    [InlineData("application/json", 1_048_577, "400 8001 body is larger than 1048576 bytes")]
    [InlineData("application/json", 5000, "400 8001 body is not valid JSON, or nested too deeply")]
    public async Task In_a_batch_media_type_comes_before_size_and_size_before_json(string type, int bytes, string expected)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/v3/verify/batch") { Content = new StringContent(new string('{', bytes), new MediaTypeHeaderValue(type)) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Server.GetTokenAsync());

        var reply = await Server.SendAsync(request);

        Assert.Equal(expected, reply.Fault);
    }

    [Fact]
    public async Task Fields_come_before_the_test_user()
    {
        var reply = await Server.VerifyAsync("""{"flowType":"none","phoneNumber":"2001009999","firstName":"Lori"}""");

        Assert.Equal("400 8001 field 'lastName' is missing", reply.Fault);
    }

    [Fact]
    public async Task In_a_challenge_fields_come_before_the_id_the_id_before_the_step_and_the_step_before_what_is_owed()
    {
        const string unknown = "0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f";
        var flow = await Server.BeginPreFillAsync(PreFillSteps.Milo);

        var badField = await Server.ChallengeAsync(unknown, new() { ["ssn"] = "x" });
        var unknownId = await Server.ChallengeAsync(unknown);
        var tooEarly = await Server.ChallengeAsync(flow.Id);
        await Server.ValidateAsync(flow.Id);
        var owed = await Server.ChallengeAsync(flow.Id);

        Assert.Equal("400 8001 field 'ssn' is invalid: must be 9 or 4 digits", badField.Fault);
        Assert.Equal("400 8008 correlation id is not valid", unknownId.Fault);
        Assert.Equal("403 8003 step not allowed", tooEarly.Fault);
        Assert.Equal("400 8001 field 'dob' is missing; field 'ssn' is missing", owed.Fault);
    }
}

public sealed class OrderOfChecksOnSqlite(OnSqlite fixture) : OrderOfChecksTests(fixture), IClassFixture<OnSqlite>;

public sealed class OrderOfChecksOnPostgres(OnPostgres fixture) : OrderOfChecksTests(fixture), IClassFixture<OnPostgres>;
