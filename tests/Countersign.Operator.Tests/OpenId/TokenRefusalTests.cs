using System.Security.Cryptography;
using Countersign.Operator.Tests.Fixtures;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.Tests.OpenId;

/// <summary>What /token refuses.</summary>
public sealed class TokenRefusalTests
{
    private const string VerifyPath = "/number-verification/v2/verify";

    public static TheoryData<string, string, object?> Assertions => new()
    {
        { "another issuer", "iss", "somebody" },
        { "another subject", "sub", "somebody" },
        { "another audience", "aud", "https://another.example/token" },
        { "no audience", "aud", null },
        { "no jti", "jti", null },
        { "no iat", "iat", null },
        { "no exp", "exp", null },
        { "expired", "exp", -1L },
        { "a life of more than 300 seconds", "exp", 301L },
        { "made in the future", "iat", 120L },
        { "valid in the future", "nbf", 120L },
    };

    [Theory]
    [MemberData(nameof(Assertions))]
    public async Task A_wrong_assertion_is_refused(string why, string claim, object? value)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var code = await party.CodeAsync(running.Handset("127.0.0.42"));
        var now = running.Clock.GetUtcNow().ToUnixTimeSeconds();
        var assertion = party.Assertion(change: claims => claims[claim] = value is long seconds ? now + seconds : value);

        var (status, body) = await party.RedeemAsync(code, form => form["client_assertion"] = assertion);

        Assert.True((401, "invalid_client") == (status, body["error"]!.GetValue<string>()), why);
    }

    [Fact]
    public async Task An_assertion_counts_once()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var assertion = party.Assertion();

        var first = await party.TokenAsync(
            new() { ["grant_type"] = "client_credentials", ["scope"] = "sim-swap", ["client_assertion"] = assertion });
        var replayed = await party.TokenAsync(
            new() { ["grant_type"] = "client_credentials", ["scope"] = "sim-swap", ["client_assertion"] = assertion });

        Assert.Equal(200, first.Status);
        Assert.Equal((401, "invalid_client"), (replayed.Status, replayed.Body["error"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_assertion_of_another_key_is_refused_also_under_the_same_kid()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        Assert.Equal(200, (await party.TokenAsync(new() { ["grant_type"] = "client_credentials", ["scope"] = "sim-swap" })).Status);
        var forged = party.Assertion(key: new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "rp-1" });

        var (status, _) = await party.TokenAsync(
            new() { ["grant_type"] = "client_credentials", ["scope"] = "sim-swap", ["client_assertion"] = forged });

        Assert.Equal(401, status);
    }

    [Theory]
    [InlineData("client_assertion", "")]
    [InlineData("client_assertion", "abc")]
    [InlineData("client_assertion_type", "")]
    [InlineData("client_secret", "secret")]
    [InlineData("client_id", "somebody")]
    public async Task Only_private_key_jwt_authenticates_a_client(string parameter, string value)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        var (status, body) = await party.TokenAsync(
            new() { ["grant_type"] = "client_credentials", ["scope"] = "sim-swap", [parameter] = value });

        Assert.Equal((401, "invalid_client"), (status, body["error"]!.GetValue<string>()));
    }

    public static TheoryData<string, string, string, string> Codes => new()
    {
        { "unknown code", "code", "abc", "invalid_grant" },
        { "no code", "code", "", "invalid_request" },
        { "another redirect_uri", "redirect_uri", "https://rp.example/", "invalid_grant" },
        { "no redirect_uri", "redirect_uri", "", "invalid_request" },
        { "another verifier", "code_verifier", "0123456789012345678901234567890123456789012", "invalid_grant" },
        { "no verifier", "code_verifier", "", "invalid_request" },
        { "no grant type", "grant_type", "", "invalid_request" },
        { "a refresh token", "grant_type", "refresh_token", "unsupported_grant_type" },
        { "a password", "grant_type", "password", "unsupported_grant_type" },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task A_code_is_redeemed_as_it_was_asked_for(string why, string parameter, string value, string error)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var code = await party.CodeAsync(running.Handset("127.0.0.42"));

        var (status, body) = await party.RedeemAsync(code, form => form[parameter] = value);

        Assert.True((400, error) == (status, body["error"]!.GetValue<string>()), why);
    }

    [Fact]
    public async Task A_code_is_redeemed_once_and_a_second_time_revokes_what_came_from_it()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var code = await party.CodeAsync(running.Handset("127.0.0.42"));

        var (_, granted) = await party.RedeemAsync(code);
        var (status, body) = await party.RedeemAsync(code);
        var (verified, _) = await party.CallAsync(
            VerifyPath, granted["access_token"]!.GetValue<string>(), """{"phoneNumber":"+12025550142"}""");

        Assert.Equal((400, "invalid_grant"), (status, body["error"]!.GetValue<string>()));
        Assert.Equal(401, verified);
    }

    [Fact]
    public async Task Of_ten_parallel_redemptions_one_counts()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var code = await party.CodeAsync(running.Handset("127.0.0.42"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => party.RedeemAsync(code)));

        Assert.Single(answers, answer => answer.Status == 200);
    }

    [Fact]
    public async Task A_code_lives_a_minute()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var code = await party.CodeAsync(running.Handset("127.0.0.42"));

        running.Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("invalid_grant", (await party.RedeemAsync(code)).Body["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_code_is_of_no_use_to_another_client()
    {
        await using var running = await RunningOperator.StartAsync();
        var (party, other) = (await running.RegisterAsync(), await running.RegisterAsync("other"));
        var code = await party.CodeAsync(running.Handset("127.0.0.42"));

        var (_, body) = await other.RedeemAsync(code, form => form["code_verifier"] = party.Verifier);

        Assert.Equal("invalid_grant", body["error"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("", "invalid_scope")]
    [InlineData("email", "invalid_scope")]
    [InlineData("number-verification:verify", "invalid_scope")]
    [InlineData("dpv:A dpv:B sim-swap", "invalid_scope")]
    public async Task A_client_of_its_own_gets_no_scope_that_needs_a_person(string scope, string error)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        var (status, body) = await party.TokenAsync(new() { ["grant_type"] = "client_credentials", ["scope"] = scope });

        Assert.Equal((400, error), (status, body["error"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_DPoP_header_is_passed_over()
    {
        await using var running = await RunningOperator.StartAsync();
        running.Http.DefaultRequestHeaders.Add("DPoP", "eyJ0eXAiOiJkcG9wK2p3dCJ9.e30.");
        var party = await running.RegisterAsync();

        var (status, body) = await party.TokenAsync(new() { ["grant_type"] = "client_credentials", ["scope"] = "sim-swap" });

        Assert.Equal((200, "Bearer"), (status, body["token_type"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Token_answers_are_not_kept_by_anybody()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]);

        using var answer = await running.Http.PostAsync("/token", form, TestContext.Current.CancellationToken);

        Assert.True(answer.Headers.CacheControl!.NoStore);
    }
}
