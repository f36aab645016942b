using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Operator.Tests.Fixtures;

namespace Countersign.Operator.Tests.OpenId;

/// <summary>Without a browser: CIBA and the JWT-bearer grant.</summary>
public sealed class BackchannelTests
{
    private const string Ciba = "urn:openid:params:grant-type:ciba";
    private const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private const string VerifyPath = "/number-verification/v2/verify";

    [Fact]
    public async Task A_SIMs_token_verifies_a_hashed_number_over_Wi_Fi()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var hint = await OperatorTokenAsync(running);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("+12025550142")));

        var (_, begun) = await BeginAsync(party, hint);
        var (status, granted) = await FetchAsync(party, begun);
        var (_, body) = await party.CallAsync(
            VerifyPath, granted["access_token"]!.GetValue<string>(), $$"""{"hashedPhoneNumber":"{{hash}}"}""");

        Assert.Equal(200, status);
        Assert.True(body["devicePhoneNumberVerified"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("ipport:127.0.0.42:50000", RelyingParty.Scope)]
    [InlineData("tel:+12025550142", "openid dpv:FraudPreventionAndDetection sim-swap:check")]
    public async Task A_hint_points_at_a_person(string hint, string scope)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        var (status, begun) = await BeginAsync(party, hint, scope);

        Assert.Equal(200, status);
        Assert.Equal(120, begun["expires_in"]!.GetValue<int>());
        Assert.Equal(200, (await FetchAsync(party, begun)).Status);
    }

    [Theory]
    [InlineData("tel:+12025550142", RelyingParty.Scope, "unknown_user_id")]
    [InlineData("tel:+12025550199", "openid dpv:FraudPreventionAndDetection sim-swap:check", "unknown_user_id")]
    [InlineData("ipport:127.0.0.99:50000", RelyingParty.Scope, "unknown_user_id")]
    [InlineData("ipport:127.0.0.42", RelyingParty.Scope, "unknown_user_id")]
    [InlineData("operatortoken:abc", RelyingParty.Scope, "unknown_user_id")]
    [InlineData("mailto:ada@example.com", RelyingParty.Scope, "invalid_request")]
    [InlineData("+12025550142", RelyingParty.Scope, "invalid_request")]
    [InlineData("", RelyingParty.Scope, "invalid_request")]
    [InlineData("ipport:127.0.0.42:50000", "openid number-verification:verify", "invalid_scope")]
    public async Task A_request_is_refused(string hint, string scope, string error)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        var (status, body) = await BeginAsync(party, hint, scope);

        Assert.Equal((400, error), (status, body["error"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_request_is_fetched_once_by_its_own_client_within_two_minutes()
    {
        await using var running = await RunningOperator.StartAsync();
        var (party, other) = (await running.RegisterAsync(), await running.RegisterAsync("other"));
        var (_, begun) = await BeginAsync(party, "ipport:127.0.0.42:50000");
        var (_, late) = await BeginAsync(party, "ipport:127.0.0.42:50000");

        var stolen = await FetchAsync(other, begun);
        var first = await FetchAsync(party, begun);
        var second = await FetchAsync(party, begun);
        running.Clock.Advance(TimeSpan.FromSeconds(120));
        var expired = await FetchAsync(party, late);

        Assert.Equal("invalid_grant", stolen.Body["error"]!.GetValue<string>());
        Assert.Equal(200, first.Status);
        Assert.Equal("invalid_grant", second.Body["error"]!.GetValue<string>());
        Assert.Equal("expired_token", expired.Body["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_poll_that_comes_too_soon_is_slowed_down()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        await running.SetFaultAsync("authorization_pending");
        var (_, begun) = await BeginAsync(party, "ipport:127.0.0.42:50000");

        var pending = await FetchAsync(party, begun);
        var tooSoon = await FetchAsync(party, begun);
        await running.ControlAsync(HttpMethod.Delete, "/sim/faults");
        running.Clock.Advance(TimeSpan.FromSeconds(2));
        var ready = await FetchAsync(party, begun);

        Assert.Equal("authorization_pending", pending.Body["error"]!.GetValue<string>());
        Assert.Equal("slow_down", tooSoon.Body["error"]!.GetValue<string>());
        Assert.Equal(200, ready.Status);
    }

    [Fact]
    public async Task A_SIMs_token_expires()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var hint = await OperatorTokenAsync(running);

        running.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("unknown_user_id", (await BeginAsync(party, hint)).Body["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_assertion_about_a_SIM_is_a_grant()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var hint = await OperatorTokenAsync(running);

        var (status, granted) = await GrantAsync(party, claims => claims["sub"] = hint);
        var (_, body) = await party.CallAsync(
            VerifyPath, granted["access_token"]!.GetValue<string>(), """{"phoneNumber":"+12025550142"}""");

        Assert.Equal(200, status);
        Assert.True(body["devicePhoneNumberVerified"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("sub", "tel:+12025550142", "invalid_grant")]
    [InlineData("sub", "operatortoken:abc", "invalid_grant")]
    [InlineData("sub", "somebody", "invalid_grant")]
    [InlineData("scope", "number-verification:verify", "invalid_scope")]
    [InlineData("scope", null, "invalid_scope")]
    [InlineData("aud", "https://another.example", "invalid_grant")]
    [InlineData("jti", null, "invalid_grant")]
    [InlineData("exp", 1L, "invalid_grant")]
    public async Task A_wrong_assertion_is_no_grant(string claim, object? value, string error)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var hint = await OperatorTokenAsync(running);

        var (status, body) = await GrantAsync(party, claims => (claims["sub"], claims[claim]) = (claim == "sub" ? null : hint, value));

        Assert.Equal((400, error), (status, body["error"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_assertion_is_a_grant_once()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var assertion = party.Assertion(change: claims =>
            (claims["sub"], claims["scope"]) = ("tel:+12025550142", "openid dpv:FraudPreventionAndDetection sim-swap:check"));

        var first = await party.TokenAsync(new() { ["grant_type"] = JwtBearer, ["assertion"] = assertion });
        var second = await party.TokenAsync(new() { ["grant_type"] = JwtBearer, ["assertion"] = assertion });

        Assert.Equal(200, first.Status);
        Assert.Equal("invalid_grant", second.Body["error"]!.GetValue<string>());
    }

    private static async Task<string> OperatorTokenAsync(RunningOperator running)
    {
        var answer = await running.ControlAsync(HttpMethod.Post, "/sim/ts43/+12025550142");
        return JsonNode.Parse(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["login_hint"]!.GetValue<string>();
    }

    private static Task<(int Status, JsonObject Body)> BeginAsync(RelyingParty party, string hint, string scope = RelyingParty.Scope) =>
        party.PostAsync("/bc-authorize", new() { ["scope"] = scope, ["login_hint"] = hint });

    private static Task<(int Status, JsonObject Body)> FetchAsync(RelyingParty party, JsonObject begun) =>
        party.TokenAsync(new() { ["grant_type"] = Ciba, ["auth_req_id"] = begun["auth_req_id"]!.GetValue<string>() });

    private static Task<(int Status, JsonObject Body)> GrantAsync(RelyingParty party, Action<Dictionary<string, object?>> change) =>
        party.TokenAsync(new()
        {
            ["grant_type"] = JwtBearer,
            ["assertion"] = party.Assertion(change: claims =>
            {
                claims["scope"] = RelyingParty.Scope;
                change(claims);
            }),
        });
}
