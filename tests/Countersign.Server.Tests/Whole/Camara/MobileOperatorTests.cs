using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Whole.Camara;

/// <summary>A whole check: a page, this server, and the simulated operator between real addresses of this machine.</summary>
public sealed class MobileOperatorTests : IAsyncLifetime
{
    private OperatorStage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await OperatorStage.SetAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task The_right_SIM_proves_possession_without_a_text()
    {
        var check = await _stage.BeginAsync();

        var answer = await check.RunAsync();

        Assert.Equal(Check.Done, answer);
        Assert.Equal("success", await check.PossessionAsync());
        Assert.Equal("possession proven by mobile-auth", (await _stage.TimelineAsync(check.Id))[1]);
        Assert.Equal(0, await _stage.Server.CountAsync("texts"));
    }

    [Fact]
    public async Task The_browser_is_sent_with_all_that_the_protocol_asks_for_and_nothing_personal()
    {
        var check = await _stage.BeginAsync();

        var url = new Uri((await check.StartAsync())!);

        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(url.Query);
        Assert.Equal("code", query["response_type"]);
        Assert.Equal("openid dpv:FraudPreventionAndDetection number-verification:verify", query["scope"]);
        Assert.Equal("https://id.example.com/operators/sim/callback", query["redirect_uri"]);
        Assert.Equal("S256", query["code_challenge_method"]);
        Assert.Equal(43, query["code_challenge"].ToString().Length);
        Assert.Equal(43, query["nonce"].ToString().Length);
        Assert.DoesNotContain("2025550142", url.AbsoluteUri, StringComparison.Ordinal);
        Assert.DoesNotContain(check.Id, url.AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SimulatedNetwork.OtherSim, "mobile-auth refused (the network says another number), otp follows")]
    [InlineData(SimulatedNetwork.Wifi, "mobile-auth not available (not on a mobile network), otp follows")]
    public async Task Another_SIM_and_none_lead_to_a_code_with_the_reason(string address, string reason)
    {
        var check = await _stage.BeginAsync();

        Assert.Equal(Check.OtpFollows, await check.RunAsync(address));
        Assert.Equal(reason, await check.LastAsync());
        Assert.Equal("pending", await check.PossessionAsync());
    }

    [Fact]
    public async Task A_header_that_a_browser_made_up_is_no_SIM()
    {
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone(SimulatedNetwork.Wifi);

        var returned = await phone.OpenAsync((await check.StartAsync())!, header: ("X-MSISDN", SimulatedNetwork.Number));

        Assert.Equal(Check.OtpFollows, await check.FinishAsync(returned.Text("vfp")));
        Assert.Equal("mobile-auth not available (not on a mobile network), otp follows", await check.LastAsync());
    }

    [Theory]
    [InlineData("""{"faults":["expired_code"]}""", "the code was not accepted")]
    [InlineData("""{"faults":["reused_code"]}""", "the code was not accepted")]
    [InlineData("""{"faults":["wrong_nonce"]}""", "the operator's answer does not hold (nonce)")]
    [InlineData("""{"faults":["wrong_iss_redirect"]}""", "the operator's answer does not hold (issuer)")]
    [InlineData("""{"faults":["no_iss_redirect"]}""", "the operator's answer does not hold (issuer)")]
    [InlineData("""{"faults":["wrong_iss_token"]}""", "the operator's answer does not hold (issuer)")]
    [InlineData("""{"faults":["wrong_aud"]}""", "the operator's answer does not hold (audience)")]
    [InlineData("""{"faults":["two_auds"]}""", "the operator's answer does not hold (audience)")]
    [InlineData("""{"faults":["wrong_azp"]}""", "the operator's answer does not hold (audience)")]
    [InlineData("""{"faults":["expired_id_token"]}""", "the operator's answer does not hold (expired)")]
    [InlineData("""{"faults":["no_id_token"]}""", "the operator's answer does not hold (no id token)")]
    [InlineData("""{"faults":["unknown_key"]}""", "the operator's answer does not hold (signature)")]
    [InlineData("""{"faults":["wrong_key"]}""", "the operator's answer does not hold (signature)")]
    [InlineData("""{"faults":["consent_required"]}""", "consent is missing")]
    [InlineData("""{"faults":["access_denied"]}""", "the operator refused")]
    [InlineData("""{"faults":["login_required"]}""", "not on a mobile network")]
    [InlineData("""{"faults":["interaction_required"]}""", "not on a mobile network")]
    [InlineData("""{"faults":["temporarily_unavailable"]}""", "operator reports a failure of its own")]
    [InlineData("""{"faults":["server_error"]}""", "operator reports a failure of its own")]
    [InlineData("""{"faults":["malformed_token"]}""", "the operator's answer cannot be read")]
    [InlineData("""{"faults":["malformed_verify"]}""", "the operator's answer cannot be read")]
    [InlineData("""{"faults":["user_not_authenticated"]}""", "not on a mobile network")]
    [InlineData("""{"status":{"token":503}}""", "operator reports a failure of its own")]
    [InlineData("""{"status":{"verify":500}}""", "operator reports a failure of its own")]
    public async Task Whatever_goes_wrong_leads_to_a_code_with_the_reason(string fault, string reason)
    {
        await _stage.Network.SetFaultAsync(JsonNode.Parse(fault)!.AsObject());
        var check = await _stage.BeginAsync();

        Assert.Equal(Check.OtpFollows, await check.RunAsync());
        Assert.Equal($"mobile-auth not available ({reason}), otp follows", await check.LastAsync());
        Assert.Equal("pending", await check.PossessionAsync());
    }

    [Theory]
    [InlineData("""{"latency":{"token":20}}""")]
    [InlineData("""{"latency":{"verify":20}}""")]
    public async Task An_operator_that_is_slow_is_not_waited_for(string fault)
    {
        await _stage.Network.SetFaultAsync(JsonNode.Parse(fault)!.AsObject());
        var check = await _stage.BeginAsync();

        Assert.Equal(Check.OtpFollows, await _stage.WaitAsync(check.RunAsync()));
        Assert.Contains("took too long", await check.LastAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_the_operator_keeps_for_six_seconds_gets_a_code()
    {
        await _stage.Network.SetFaultAsync(new JsonObject { ["latency"] = new JsonObject { ["authorize"] = 8 } });
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone();
        var opening = phone.OpenAsync((await check.StartAsync())!);
        await _stage.Server.AdvanceAsync(TimeSpan.FromSeconds(6));

        Assert.Equal("mobile-auth took too long, otp follows", await check.LastAsync());
        Assert.Equal(Check.OtpFollows, await check.FinishAsync((await _stage.WaitAsync(opening)).Text("vfp")));
        Assert.DoesNotContain(await _stage.Network.CallsAsync(), call => call.Contains("/token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_the_operator_has_begun_within_the_hour_is_asked_for()
    {
        await (await _stage.BeginAsync()).RunAsync();
        await _stage.Network.SetFaultAsync(new JsonObject { ["faults"] = new JsonArray("rotated_key") });
        var check = await _stage.BeginAsync();

        Assert.Equal(Check.Done, await check.RunAsync());
    }

    [Fact]
    public async Task An_operator_need_not_give_its_key_a_name()
    {
        await _stage.Network.SetFaultAsync(new JsonObject { ["faults"] = new JsonArray("nameless_key") });

        Assert.Equal(Check.Done, await (await _stage.BeginAsync()).RunAsync());
        await _stage.Network.RotateKeysAsync();
        Assert.Equal(Check.Done, await (await _stage.BeginAsync()).RunAsync());
    }

    [Fact]
    public async Task A_token_without_a_name_is_checked_by_the_keys_that_have_one()
    {
        await (await _stage.BeginAsync()).RunAsync();
        await _stage.Network.SetFaultAsync(new JsonObject { ["faults"] = new JsonArray("nameless_key") });

        Assert.Equal(Check.Done, await (await _stage.BeginAsync()).RunAsync());
    }

    [Fact]
    public async Task What_an_operator_publishes_is_asked_for_once_an_hour()
    {
        await (await _stage.BeginAsync()).RunAsync();
        await (await _stage.BeginAsync()).RunAsync();
        Assert.Single(await _stage.Network.CallsAsync(), call => call.Contains("openid-configuration", StringComparison.Ordinal));

        await _stage.Server.AdvanceAsync(TimeSpan.FromHours(1));
        await (await _stage.BeginAsync()).RunAsync();

        Assert.Equal(2, (await _stage.Network.CallsAsync()).Count(call => call.Contains("openid-configuration", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_operator_that_is_not_there_leads_to_a_code_at_once()
    {
        await _stage.Network.DisposeAsync();
        var check = await _stage.BeginAsync();

        var answer = await check.Page.Post("mobile/instant/start");

        Assert.Equal("mobile/otp", (string?)answer["next"]);
        Assert.Equal("mobile-auth not available (operator cannot be reached), otp follows", await check.LastAsync());
    }

    [Fact]
    public async Task An_operator_that_accepts_and_never_answers_holds_nobody()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var stage = await OperatorStage.SetAsync(
            new Dictionary<string, string?> { ["Issuer"] = $"http://{silent.LocalEndpoint}" });
        Check[] checks = [await stage.BeginAsync(), await stage.BeginAsync(), await stage.BeginAsync()];

        var addresses = await stage.WaitAsync(Task.WhenAll(checks.Select(check => check.StartAsync())));

        Assert.All(addresses, Assert.Null);
        Assert.Equal("mobile-auth not available (took too long), otp follows", await checks[2].LastAsync());
    }

    [Fact]
    public async Task An_operator_that_keeps_failing_is_left_alone_and_tried_again_later()
    {
        await _stage.Network.SetFaultAsync(new JsonObject { ["status"] = new JsonObject { ["token"] = 500 } });
        // Twenty calls make a picture: two for what the operator publishes, then a code for each flow.
        for (var flow = 0; flow < 18; flow++)
        {
            await (await _stage.BeginAsync()).RunAsync();
        }
        var check = await _stage.BeginAsync();
        Assert.Null(await check.StartAsync());
        Assert.Equal("mobile-auth not available (operator has failed too often lately), otp follows", await check.LastAsync());

        await _stage.Network.SetFaultAsync([]);
        await _stage.Server.AdvanceAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(Check.Done, await (await _stage.BeginAsync()).RunAsync());
    }

    [Fact]
    public async Task One_authorization_opened_on_another_phone_does_not_verify_the_first()
    {
        var attacker = await _stage.BeginAsync();
        var url = (await attacker.StartAsync())!;
        using var victim = _stage.Phone();

        var seenByTheVictim = await victim.OpenAsync(url);

        Assert.Equal(200, seenByTheVictim.Status);
        Assert.DoesNotContain(await _stage.Network.CallsAsync(), call => call.Contains("/token", StringComparison.Ordinal));
        Assert.Equal("pending", await attacker.PossessionAsync());
        Assert.Equal(Check.OtpFollows, await attacker.FinishAsync(""));
        Assert.Equal("pending", await attacker.PossessionAsync());
    }

    [Fact]
    public async Task What_one_flow_brings_back_proves_nothing_for_another()
    {
        var mine = await _stage.BeginAsync();
        var other = await _stage.BeginAsync();
        using var phone = _stage.Phone();
        await other.StartAsync();
        var returned = (await phone.OpenAsync((await mine.StartAsync())!)).Text("vfp");

        Assert.Equal(Check.OtpFollows, await other.FinishAsync(returned));
        Assert.Equal("mobile-auth refused (what came back does not belong to this flow), otp follows", await other.LastAsync());
        Assert.DoesNotContain(await _stage.Network.CallsAsync(), call => call.Contains("/token", StringComparison.Ordinal));
        Assert.Equal(Check.Done, await mine.FinishAsync(returned));
    }

    [Fact]
    public async Task What_came_back_before_the_check_was_begun_anew_proves_nothing()
    {
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone();
        var former = (await phone.OpenAsync((await check.StartAsync())!)).Text("vfp");
        await check.StartAsync();

        Assert.Equal(Check.OtpFollows, await check.FinishAsync(former));
    }

    [Fact]
    public async Task A_code_under_the_state_of_another_flow_does_not_hold()
    {
        var attacker = await _stage.BeginAsync();
        var victim = await _stage.BeginAsync();
        using var phone = _stage.Phone();
        var attackersState = StateIn((await attacker.StartAsync())!);

        // The victim's phone is authorized for the victim's check; the code is carried to the attacker's.
        var returned = await phone.OpenAsync((await victim.StartAsync())!, url => With(url, "state", attackersState));

        Assert.Equal(Check.OtpFollows, await attacker.FinishAsync(returned.Text("vfp")));
        Assert.Equal("mobile-auth not available (the code was not accepted), otp follows", await attacker.LastAsync());
    }

    [Fact]
    public async Task A_state_is_nothing_to_hand_in()
    {
        var check = await _stage.BeginAsync();
        var url = (await check.StartAsync())!;

        Assert.Equal(Check.OtpFollows, await check.FinishAsync(StateIn(url)));
        Assert.Equal("mobile-auth refused (what came back does not belong to this flow), otp follows", await check.LastAsync());
    }

    [Theory]
    [InlineData("/operators/sim/callback?code=x&state=another-state")]
    [InlineData("/operators/sim/callback?error=login_required")]
    [InlineData("/operators/sim/callback")]
    [InlineData("/operators/nobody/callback?code=x&state=x")]
    public async Task A_redirect_without_a_state_of_ours_is_a_page_that_says_so(string path)
    {
        var reply = await Reply.ReadAsync(await _stage.Server.Client.GetAsync(path, TestContext.Current.CancellationToken));

        Assert.Equal(400, reply.Status);
        Assert.Equal("text/html; charset=utf-8", reply.Header("Content-Type"));
        Assert.Equal("*", reply.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_parameter_that_is_there_twice_is_not_read_in_one_of_two_ways()
    {
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone();

        var returned = await phone.OpenAsync((await check.StartAsync())!, url =>
            url.Contains("/callback?", StringComparison.Ordinal) ? url + "&code=other" : url);

        Assert.Equal(400, returned.Status);
    }

    [Fact]
    public async Task The_answer_to_a_script_may_be_read_by_it_and_kept_by_nobody()
    {
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone();

        var returned = await phone.OpenAsync((await check.StartAsync())!);

        Assert.Equal(["vfp"], returned.Json!.AsObject().Select(member => member.Key));
        Assert.Equal("*", returned.Header("Access-Control-Allow-Origin"));
        Assert.Equal("no-store", returned.Header("Cache-Control"));
        Assert.Equal("no-referrer", returned.Header("Referrer-Policy"));
    }

    [Fact]
    public async Task Of_two_finishes_at_once_the_code_is_redeemed_by_one_and_both_hear_the_same()
    {
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone();
        var returned = (await phone.OpenAsync((await check.StartAsync())!)).Text("vfp");

        var answers = await Task.WhenAll(check.FinishAsync(returned), check.FinishAsync(returned), check.FinishAsync(returned));

        Assert.Equal([Check.Done, Check.Done, Check.Done], answers);
        Assert.Single(await _stage.Network.CallsAsync(), call => call.Contains("/token", StringComparison.Ordinal));
        Assert.Single(await _stage.Network.CallsAsync(), call => call.Contains("/verify", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_proof_that_was_used_is_nothing_to_use_again()
    {
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone();
        var returned = (await phone.OpenAsync((await check.StartAsync())!)).Text("vfp");
        await check.FinishAsync(returned);
        var other = await _stage.BeginAsync();
        await other.StartAsync();

        Assert.Equal(Check.OtpFollows, await other.FinishAsync(returned));
        Assert.Equal("pending", await other.PossessionAsync());
    }

    [Fact]
    public async Task Neither_code_nor_number_nor_address_is_logged()
    {
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone();
        string? callback = null;
        var returned = await phone.OpenAsync((await check.StartAsync())!, url => callback = url);
        await check.FinishAsync(returned.Text("vfp"));

        var code = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(callback!).Query)["code"].ToString();
        Assert.NotEmpty(code);
        Assert.All(_stage.Server.Logs.All.Select(line => line.ToString()), line =>
        {
            Assert.DoesNotContain(code, line, StringComparison.Ordinal);
            Assert.DoesNotContain("2025550142", line, StringComparison.Ordinal);
            Assert.DoesNotContain(SimulatedNetwork.RightSim, line, StringComparison.Ordinal);
        });
    }

    private static string StateIn(string url) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(url).Query)["state"].ToString();

    private static string With(string url, string name, string value)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(url).Query)
            .ToDictionary(pair => pair.Key, pair => (string?)pair.Value.ToString());
        query[name] = value;
        return Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(new Uri(url).GetLeftPart(UriPartial.Path), query);
    }
}
