using System.Text.Json.Nodes;
using Countersign.Operator.Tests.Fixtures;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.Tests;

/// <summary>Each fault shows at the place it is for, and nowhere else.</summary>
public sealed class FaultTests
{
    private const string Number = "+12025550142";
    private const string VerifyPath = "/number-verification/v2/verify";
    private const string Body = """{"phoneNumber":"+12025550142"}""";

    [Theory]
    [InlineData("consent_required")]
    [InlineData("access_denied")]
    [InlineData("login_required")]
    [InlineData("interaction_required")]
    [InlineData("temporarily_unavailable")]
    [InlineData("server_error")]
    public async Task The_authorization_is_refused_by_redirect(string error)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        await running.SetFaultAsync(error);

        Assert.Equal(error, (await party.AuthorizeAsync(running.Handset("127.0.0.42")))["error"]);
    }

    [Theory]
    [InlineData("wrong_state", "state")]
    [InlineData("wrong_iss_redirect", "iss")]
    [InlineData("no_iss_redirect", "iss")]
    public async Task The_redirect_is_spoilt(string fault, string parameter)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var right = await party.AuthorizeAsync(running.Handset("127.0.0.42"));
        await running.SetFaultAsync(fault);

        var spoilt = await party.AuthorizeAsync(running.Handset("127.0.0.42"));

        Assert.NotEqual(right[parameter], spoilt.GetValueOrDefault(parameter));
        Assert.Contains("code", spoilt.Keys);
    }

    [Theory]
    [InlineData("expired_code")]
    [InlineData("reused_code")]
    public async Task The_code_is_of_no_use(string fault)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        await running.SetFaultAsync(fault);

        var (status, body) = await party.RedeemAsync(await party.CodeAsync(running.Handset("127.0.0.42")));

        Assert.Equal((400, "invalid_grant"), (status, body["error"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("wrong_nonce", false)]
    [InlineData("wrong_iss_token", false)]
    [InlineData("wrong_aud", false)]
    [InlineData("expired_id_token", false)]
    [InlineData("unknown_key", false)]
    [InlineData("wrong_key", false)]
    [InlineData("no_id_token", false)]
    [InlineData("rotated_key", true)]
    public async Task The_id_token_is_refused_by_whoever_checks_it(string? fault, bool isAccepted)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        if (fault is not null)
        {
            await running.SetFaultAsync(fault);
        }

        var (_, granted) = await party.RedeemAsync(await party.CodeAsync(running.Handset("127.0.0.42")));

        Assert.Equal(isAccepted, await IsAcceptedAsync(running, await KeysAsync(running), granted));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rotated_key_is_unknown_to_whoever_holds_the_old_list(bool byFault)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var old = await KeysAsync(running);
        if (byFault)
        {
            await running.SetFaultAsync("rotated_key");
        }
        else
        {
            await running.ControlAsync(HttpMethod.Post, "/sim/keys/rotate");
        }

        var (_, granted) = await party.RedeemAsync(await party.CodeAsync(running.Handset("127.0.0.42")));

        Assert.False(await IsAcceptedAsync(running, old, granted));
        Assert.True(await IsAcceptedAsync(running, await KeysAsync(running), granted));
    }

    [Fact]
    public async Task A_token_signed_before_a_rotation_can_still_be_checked()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var (_, granted) = await party.RedeemAsync(await party.CodeAsync(running.Handset("127.0.0.42")));

        await running.ControlAsync(HttpMethod.Post, "/sim/keys/rotate");

        Assert.True(await IsAcceptedAsync(running, await KeysAsync(running), granted));
    }

    [Fact]
    public async Task A_person_who_was_not_authenticated_by_the_network_is_a_refusal_of_its_own()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var token = await party.PersonsTokenAsync();
        await running.SetFaultAsync("user_not_authenticated");

        var (status, body) = await party.CallAsync(VerifyPath, token, Body);

        Assert.Equal((403, "NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK"), (status, body["code"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Answers_are_cut_in_their_middle()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var token = await party.PersonsTokenAsync();
        await running.SetFaultAsync("malformed_verify");

        using var verify = await party.SendAsync(VerifyPath, token, Body);
        await running.SetFaultAsync("malformed_token");
        var redeem = async () => await party.RedeemAsync(await party.CodeAsync(running.Handset("127.0.0.42")));

        Assert.Equal(200, (int)verify.StatusCode);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() =>
            JsonNode.Parse(verify.Content.ReadAsStream(TestContext.Current.CancellationToken)));
        await Assert.ThrowsAnyAsync<System.Text.Json.JsonException>(redeem);
    }

    [Fact]
    public async Task Each_stage_fails_with_the_status_that_was_set()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var (token, code) = (await party.PersonsTokenAsync(), await party.CodeAsync(running.Handset("127.0.0.42")));
        await running.ControlAsync(HttpMethod.Put, "/sim/faults", new JsonObject
        {
            ["status"] = new JsonObject { ["authorize"] = 503, ["token"] = 500, ["verify"] = 502 },
        });

        using var authorize = await party.OpenAsync(running.Handset("127.0.0.42"));
        var redeemed = await party.RedeemAsync(code);
        var verified = await party.CallAsync(VerifyPath, token, Body);

        Assert.Equal(503, (int)authorize.StatusCode);
        Assert.Equal("*", Assert.Single(authorize.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal(500, redeemed.Status);
        Assert.Equal(502, verified.Status);
    }

    [Theory]
    [InlineData("authorize")]
    [InlineData("token")]
    [InlineData("verify")]
    public async Task A_slow_stage_waits_on_the_operators_clock(string stage)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var (token, code) = (await party.PersonsTokenAsync(), await party.CodeAsync(running.Handset("127.0.0.42")));
        await running.ControlAsync(
            HttpMethod.Put, "/sim/faults", new JsonObject { ["msisdn"] = Number, ["latency"] = new JsonObject { [stage] = 8 } });

        Task call = stage switch
        {
            "authorize" => party.OpenAsync(running.Handset("127.0.0.42")),
            "token" => party.RedeemAsync(code),
            _ => party.CallAsync(VerifyPath, token, Body),
        };
        await running.Clock.SomebodyWaitsAsync();
        running.Clock.Advance(TimeSpan.FromMilliseconds(7999));
        var wasWaiting = !call.IsCompleted;
        running.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await call;

        Assert.True(wasWaiting);
    }

    [Fact]
    public async Task Nobody_waits_for_a_slow_answer_to_end_the_operator()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        await running.ControlAsync(HttpMethod.Put, "/sim/faults", new JsonObject { ["latency"] = new JsonObject { ["authorize"] = 600 } });

        var call = party.OpenAsync(running.Handset("127.0.0.42"));
        await running.Clock.SomebodyWaitsAsync();
        await running.App.StopAsync(TestContext.Current.CancellationToken);
        using var answer = await call;

        Assert.Equal(503, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_fault_for_one_number_leaves_the_others_alone_and_ends()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        await running.SetFaultAsync("access_denied", Number);

        var own = await party.AuthorizeAsync(running.Handset("127.0.0.42"));
        var other = await party.AuthorizeAsync(running.Handset("127.0.0.43"));
        await running.ControlAsync(HttpMethod.Delete, "/sim/faults?msisdn=%2B12025550142");
        var after = await party.AuthorizeAsync(running.Handset("127.0.0.42"));

        Assert.Equal("access_denied", own["error"]);
        Assert.Contains("code", other.Keys);
        Assert.Contains("code", after.Keys);
    }

    private static async Task<bool> IsAcceptedAsync(RunningOperator running, JsonWebKeySet keys, JsonObject granted)
    {
        if (granted["id_token"]?.GetValue<string>() is not { } token)
        {
            return false;
        }
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = running.Origin,
            ValidAudience = "countersign",
            IssuerSigningKeys = keys.Keys,
            LifetimeValidator = (_, expires, _, _) => expires > running.Clock.GetUtcNow().UtcDateTime,
        });
        return result.IsValid && (string)result.Claims["nonce"] == "nonce-1";
    }

    private static async Task<JsonWebKeySet> KeysAsync(RunningOperator running) =>
        new(await running.Http.GetStringAsync("/jwks", TestContext.Current.CancellationToken));
}
