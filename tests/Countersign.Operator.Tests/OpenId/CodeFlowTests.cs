using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Operator.OpenId;
using Countersign.Operator.State;
using Countersign.Operator.Tests.Fixtures;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Countersign.Operator.Tests.OpenId;

/// <summary>A phone's number is verified: what CAMARA Number Verification and its security profile promise.</summary>
public sealed class CodeFlowTests
{
    private const string VerifyPath = "/number-verification/v2/verify";

    [Theory]
    [InlineData("127.0.0.42", true)]
    [InlineData("127.0.0.43", false)]
    public async Task The_number_is_verified_by_the_SIM_behind_the_address(string address, bool isVerified)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        var token = await party.PersonsTokenAsync(address);
        var (status, body) = await party.CallAsync(VerifyPath, token, """{"phoneNumber":"+12025550142"}""");

        Assert.Equal(200, status);
        Assert.Equal(isVerified, body["devicePhoneNumberVerified"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Both_paths_verify_a_hash_and_tell_the_number(string version)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes("+12025550142")));

        var verified = await party.CallAsync(
            $"/number-verification/{version}/verify", await party.PersonsTokenAsync(), $$"""{"hashedPhoneNumber":"{{hash}}"}""");
        var told = await party.CallAsync($"/number-verification/{version}/device-phone-number", await party.PersonsTokenAsync(
            scope: "openid dpv:FraudPreventionAndDetection number-verification:device-phone-number:read"), body: null);

        Assert.True(verified.Body["devicePhoneNumberVerified"]!.GetValue<bool>());
        Assert.Equal("+12025550142", told.Body["devicePhoneNumber"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_access_token_verifies_once()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var token = await party.PersonsTokenAsync();

        var first = await party.CallAsync(VerifyPath, token, """{"phoneNumber":"+12025550142"}""");
        var second = await party.CallAsync(VerifyPath, token, """{"phoneNumber":"+12025550142"}""");

        Assert.Equal(200, first.Status);
        Assert.Equal((401, "UNAUTHENTICATED"), (second.Status, second.Body["code"]!.GetValue<string>()));
    }

    [Fact]
    public void A_token_is_used_up_by_whoever_is_first()
    {
        Assert.True(Msisdn.TryParse("+12025550142", out var number));
        var tokens = new AccessTokens(new WatchedClock());
        var token = tokens.Issue("countersign", Scopes.ForPerson(RelyingParty.Scope).Scopes!, number);

        Assert.NotNull(tokens.Find(token));
        Assert.True(tokens.TryUse(token));
        Assert.False(tokens.TryUse(token));
        Assert.Null(tokens.Find(token));
    }

    [Fact]
    public async Task Of_twenty_parallel_uses_of_a_token_one_counts()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var token = await party.PersonsTokenAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => party.CallAsync(VerifyPath, token, """{"phoneNumber":"+12025550142"}""")));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(19, answers.Count(answer => answer.Status == 401));
    }

    [Fact]
    public async Task An_access_token_lives_five_minutes()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var (_, granted) = await party.RedeemAsync(await party.CodeAsync(running.Handset("127.0.0.42")));

        running.Clock.Advance(TimeSpan.FromSeconds(300));
        var (status, _) = await party.CallAsync(
            VerifyPath, granted["access_token"]!.GetValue<string>(), """{"phoneNumber":"+12025550142"}""");

        Assert.Equal(300, granted["expires_in"]!.GetValue<int>());
        Assert.False(granted.ContainsKey("refresh_token"));
        Assert.Equal(401, status);
    }

    [Fact]
    public async Task The_id_token_names_the_network_the_nonce_and_a_subject_of_this_client_alone()
    {
        await using var running = await RunningOperator.StartAsync();
        var (one, other) = (await running.RegisterAsync("one"), await running.RegisterAsync("other"));
        var handset = running.Handset("127.0.0.42");

        var first = await IdTokenAsync(one, handset);
        var again = await IdTokenAsync(one, handset);
        var elsewhere = await IdTokenAsync(other, handset);

        Assert.Equal(running.Origin, first.Issuer);
        Assert.Equal("one", Assert.Single(first.Audiences));
        Assert.Equal("nonce-1", first.GetPayloadValue<string>("nonce"));
        Assert.Equal(["nba"], first.GetPayloadValue<string[]>("amr"));
        Assert.Equal(first.Subject, again.Subject);
        Assert.NotEqual(first.Subject, elsewhere.Subject);
        Assert.DoesNotContain("2025550142", first.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_redirect_names_its_issuer_and_brings_the_state_back()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        var answer = await party.AuthorizeAsync(running.Handset("127.0.0.42"));

        Assert.Equal(running.Origin, answer["iss"]);
        Assert.Equal("state-1", answer["state"]);
    }

    [Fact]
    public async Task Outside_of_the_network_nobody_is_recognised()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        var answer = await party.AuthorizeAsync(running.Handset("127.0.0.99"));

        Assert.Equal("login_required", answer["error"]);
        Assert.Equal("state-1", answer["state"]);
        Assert.Equal(running.Origin, answer["iss"]);
    }

    [Fact]
    public async Task A_number_in_a_header_counts_only_with_the_gateways_proof()
    {
        await using var running = await RunningOperator.StartAsync("--Operator:GatewaySecret=0123456789abcdef");
        var party = await running.RegisterAsync();
        var (forged, wrong, enriched) = (running.Handset("127.0.0.99"), running.Handset("127.0.0.99"), running.Handset("127.0.0.99"));
        forged.DefaultRequestHeaders.Add("X-MSISDN", "+12025550142");
        wrong.DefaultRequestHeaders.Add("X-MSISDN", "+12025550142");
        wrong.DefaultRequestHeaders.Add("X-Gateway-Secret", "0123456789abcdeF");
        enriched.DefaultRequestHeaders.Add("X-MSISDN", "+12025550142");
        enriched.DefaultRequestHeaders.Add("X-Gateway-Secret", "0123456789abcdef");

        Assert.Equal("login_required", (await party.AuthorizeAsync(forged))["error"]);
        Assert.Equal("login_required", (await party.AuthorizeAsync(wrong))["error"]);
        Assert.Contains("code", (IDictionary<string, string>)await party.AuthorizeAsync(enriched));
    }

    [Fact]
    public async Task A_forged_header_does_not_change_the_SIM_behind_the_address()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var handset = running.Handset("127.0.0.43");
        handset.DefaultRequestHeaders.Add("X-MSISDN", "+12025550142");

        var (_, granted) = await party.RedeemAsync(await party.CodeAsync(handset));
        var (_, body) = await party.CallAsync(
            VerifyPath, granted["access_token"]!.GetValue<string>(), """{"phoneNumber":"+12025550142"}""");

        Assert.False(body["devicePhoneNumberVerified"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_SIM_is_attached_and_detached_while_the_operator_runs()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();

        await running.ControlAsync(HttpMethod.Put, "/sim/network/127.0.0.1?msisdn=%2B12025550143");
        var attached = await party.AuthorizeAsync(running.Http);
        await running.ControlAsync(HttpMethod.Put, "/sim/network/127.0.0.1", new JsonObject { ["msisdn"] = "+12025550142" });
        var swapped = await party.AuthorizeAsync(running.Http);
        await running.ControlAsync(HttpMethod.Delete, "/sim/network/127.0.0.1");
        var detached = await party.AuthorizeAsync(running.Http);

        Assert.Contains("code", (IDictionary<string, string>)attached);
        Assert.Contains("code", (IDictionary<string, string>)swapped);
        Assert.Equal("login_required", detached["error"]);
    }

    private static async Task<JsonWebToken> IdTokenAsync(RelyingParty party, HttpClient handset)
    {
        var (_, granted) = await party.RedeemAsync(await party.CodeAsync(handset));
        return new JsonWebToken(granted["id_token"]!.GetValue<string>());
    }
}
