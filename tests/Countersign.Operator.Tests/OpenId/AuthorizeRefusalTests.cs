using System.Text.Json.Nodes;
using Countersign.Operator.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.Tests.OpenId;

/// <summary>What /authorize refuses, and how.</summary>
public sealed class AuthorizeRefusalTests
{
    public static TheoryData<string, string, string?, string> ByRedirect => new()
    {
        { "no response_type", "response_type", null, "unsupported_response_type" },
        { "implicit flow", "response_type", "id_token", "unsupported_response_type" },
        { "hybrid flow", "response_type", "code id_token", "unsupported_response_type" },
        { "fragment mode", "response_mode", "fragment", "invalid_request" },
        { "no challenge", "code_challenge", null, "invalid_request" },
        { "short challenge", "code_challenge", "abc", "invalid_request" },
        { "plain challenge", "code_challenge_method", "plain", "invalid_request" },
        { "no challenge method", "code_challenge_method", null, "invalid_request" },
        { "no scope", "scope", null, "invalid_scope" },
        { "no openid", "scope", "dpv:FraudPreventionAndDetection number-verification:verify", "invalid_scope" },
        { "no purpose", "scope", "openid number-verification:verify", "invalid_scope" },
        { "two purposes", "scope", "openid dpv:FraudPreventionAndDetection dpv:IdentityVerification number-verification:verify",
            "invalid_scope" },
        { "no API", "scope", "openid dpv:FraudPreventionAndDetection", "invalid_scope" },
        { "unknown API", "scope", "openid dpv:FraudPreventionAndDetection number-verification:verify email", "invalid_scope" },
        { "a prompt with a page", "prompt", "login", "interaction_required" },
        { "a request by address", "request_uri", "https://rp.example/request", "request_uri_not_supported" },
        { "a request object that is no JWT", "request", "abc", "invalid_request_object" },
    };

    [Theory]
    [MemberData(nameof(ByRedirect))]
    public async Task A_wrong_request_is_refused_by_redirect(string why, string parameter, string? value, string error)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        var answer = await party.AuthorizeAsync(running.Handset("127.0.0.42"), parameters => parameters[parameter] = value);

        Assert.True(answer.GetValueOrDefault("error") == error, why);
        Assert.Equal("state-1", answer["state"]);
        Assert.Equal(running.Origin, answer["iss"]);
        Assert.DoesNotContain("code", answer.Keys);
    }

    public static TheoryData<string, string, string?> WithoutRedirect => new()
    {
        { "no client", "client_id", null },
        { "unknown client", "client_id", "somebody" },
        { "no redirect_uri", "redirect_uri", null },
        { "another host", "redirect_uri", "https://attacker.example/operators/sim/callback" },
        { "a longer path", "redirect_uri", RelyingParty.Callback + "/more" },
        { "a query", "redirect_uri", RelyingParty.Callback + "?a=b" },
        { "upper case", "redirect_uri", "https://RP.example/operators/sim/callback" },
    };

    [Theory]
    [MemberData(nameof(WithoutRedirect))]
    public async Task Nobody_is_sent_to_an_address_that_is_not_registered(string why, string parameter, string? value)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        using var answer = await party.OpenAsync(running.Handset("127.0.0.42"), parameters => parameters[parameter] = value);

        Assert.True(400 == (int)answer.StatusCode, why);
        Assert.Null(answer.Headers.Location);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task A_parameter_that_is_there_twice_is_refused()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var address = QueryHelpers.AddQueryString("/authorize", party.AuthorizationParameters()) + "&nonce=another";

        using var answer = await running.Handset("127.0.0.42").GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Contains("error=invalid_request", answer.Headers.Location!.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_none_changes_nothing()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        var answer = await party.AuthorizeAsync(running.Handset("127.0.0.42"), parameters => parameters["prompt"] = "none");

        Assert.Contains("code", answer.Keys);
    }

    [Fact]
    public async Task Of_a_signed_request_only_what_is_inside_counts()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var request = RequestObject(running, party, claims => claims["state"] = "inside");

        var answer = await party.AuthorizeAsync(running.Handset("127.0.0.42"), parameters =>
            (parameters["request"], parameters["state"], parameters["scope"]) = (request, "outside", null));

        Assert.Equal("inside", answer["state"]);
        Assert.Equal(200, (await party.RedeemAsync(answer["code"])).Status);
    }

    [Theory]
    [InlineData("iss", "somebody")]
    [InlineData("aud", "https://another.example")]
    [InlineData("client_id", "somebody")]
    [InlineData("exp", 0L)]
    [InlineData("exp", null)]
    [InlineData("request_uri", "https://rp.example/request")]
    public async Task A_request_object_must_be_the_clients_and_for_this_operator(string claim, object? value)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var request = RequestObject(running, party, claims => claims[claim] = value);

        var answer = await party.AuthorizeAsync(running.Handset("127.0.0.42"), parameters => parameters["request"] = request);

        Assert.Equal("invalid_request_object", answer["error"]);
    }

    [Fact]
    public async Task A_request_object_of_another_key_is_refused()
    {
        await using var running = await RunningOperator.StartAsync();
        var (party, other) = (await running.RegisterAsync(), await running.RegisterAsync("other"));
        var request = other.Sign(Claims(running, party));

        var answer = await party.AuthorizeAsync(running.Handset("127.0.0.42"), parameters => parameters["request"] = request);

        Assert.Equal("invalid_request_object", answer["error"]);
    }

    [Fact]
    public async Task An_address_inside_a_signed_request_must_be_registered_too()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var request = RequestObject(running, party, claims => claims["redirect_uri"] = "https://attacker.example/");

        using var answer = await party.OpenAsync(running.Handset("127.0.0.42"), parameters => parameters["request"] = request);

        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_request_without_a_signature_is_refused()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var claims = new JsonObject();
        foreach (var (name, value) in Claims(running, party))
        {
            claims[name] = value is long number ? number : value?.ToString();
        }
        var request = $"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{Base64UrlEncoder.Encode(claims.ToJsonString())}.";

        var answer = await party.AuthorizeAsync(running.Handset("127.0.0.42"), parameters => parameters["request"] = request);

        Assert.Equal("invalid_request_object", answer["error"]);
    }

    private static string RequestObject(RunningOperator running, RelyingParty party, Action<Dictionary<string, object?>> change)
    {
        var claims = Claims(running, party);
        change(claims);
        return party.Sign(claims);
    }

    private static Dictionary<string, object?> Claims(RunningOperator running, RelyingParty party)
    {
        var claims = party.AuthorizationParameters().ToDictionary(pair => pair.Key, pair => (object?)pair.Value);
        claims["iss"] = party.Id;
        claims["aud"] = running.Origin;
        claims["exp"] = running.Clock.GetUtcNow().AddSeconds(60).ToUnixTimeSeconds();
        return claims;
    }
}
