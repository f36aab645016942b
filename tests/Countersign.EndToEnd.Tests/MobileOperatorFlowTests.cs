using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests;

/// <summary>Chromium as a handset: its SIM is what the simulated operator sees behind its address.</summary>
public sealed class MobileOperatorFlowTests(MobileStage stage) : IClassFixture<MobileStage>
{
    private const string SomebodyElse = "+12025550143";

    private static int s_numbers = 2002800000;

    private readonly string _number = $"{Interlocked.Increment(ref s_numbers)}";

    // As the operator writes it.
    private string Sim => "+1" + _number;

    public static TheoryData<Sdk, string> Ways => new() { { Sdk.Published, "fetch" }, { Sdk.Ours, "fetch" }, { Sdk.Ours, "redirect" } };

    [Theory, MemberData(nameof(Ways))]
    public async Task The_right_SIM_is_verified_without_a_text(Sdk sdk, string way)
    {
        var visit = await stage.VisitAsync(await stage.HandsetAsync(Sim), sdk, _number, way);
        await ComeBackAsync(visit, way);

        await visit.ExpectSuccessAsync();
        Assert.Equal(0, await stage.Server.CountMessagesAsync(_number));
        Assert.Contains("possession proven by mobile-auth", await stage.TimelineAsync(visit.CorrelationId));
        Assert.DoesNotContain("#", visit.Page.Url, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Another_SIM_leads_to_a_code_in_the_same_flow(Sdk sdk, string way)
    {
        var visit = await stage.VisitAsync(await stage.HandsetAsync(SomebodyElse), sdk, _number, way);
        await ComeBackAsync(visit, way);
        await visit.EnterCodeAsync(0, "1234");

        await visit.ExpectSuccessAsync();
        Assert.Contains(
            "mobile-auth refused (the network says another number), otp follows", await stage.TimelineAsync(visit.CorrelationId));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task WiFi_leads_to_a_code_in_the_same_flow(Sdk sdk, string way)
    {
        var visit = await stage.VisitAsync(await stage.HandsetAsync(sim: null), sdk, _number, way);
        await ComeBackAsync(visit, way);
        await visit.EnterCodeAsync(0, "1234");

        await visit.ExpectSuccessAsync();
        Assert.Contains("mobile-auth not available (not on a mobile network), otp follows", await stage.TimelineAsync(visit.CorrelationId));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_slow_operator_leads_to_a_code_in_the_same_flow(Sdk sdk, string way)
    {
        await stage.Operator.SetFaultAsync(new JsonObject { ["msisdn"] = Sim, ["latency"] = new JsonObject { ["token"] = 60 } });
        var visit = await stage.VisitAsync(await stage.HandsetAsync(Sim), sdk, _number, way);
        await ComeBackAsync(visit, way);
        await visit.EnterCodeAsync(0, "1234");

        await visit.ExpectSuccessAsync();
        Assert.Contains(await stage.TimelineAsync(visit.CorrelationId), what => what.Contains("took too long", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("expired_code", "the code was not accepted")]
    [InlineData("wrong_nonce", "the operator's answer does not hold (nonce)")]
    [InlineData("wrong_iss_redirect", "the operator's answer does not hold (issuer)")]
    [InlineData("wrong_iss_token", "the operator's answer does not hold (issuer)")]
    [InlineData("wrong_key", "the operator's answer does not hold (signature)")]
    public async Task An_answer_that_does_not_hold_leads_to_a_code_in_the_same_flow(string fault, string reason)
    {
        await stage.Operator.SetFaultAsync(new JsonObject { ["msisdn"] = Sim, ["faults"] = new JsonArray(fault) });
        var visit = await stage.VisitAsync(await stage.HandsetAsync(Sim), Sdk.Published, _number, "fetch");
        await visit.EnterCodeAsync(0, "1234");

        await visit.ExpectSuccessAsync();
        Assert.Contains($"mobile-auth not available ({reason}), otp follows", await stage.TimelineAsync(visit.CorrelationId));
    }

    [Fact]
    public async Task A_header_that_a_handset_writes_itself_is_no_SIM()
    {
        var handset = await stage.HandsetAsync(sim: null);
        await handset.RouteAsync("**/authorize?*", route => route.ContinueAsync(new RouteContinueOptions
        {
            Headers = new Dictionary<string, string>(route.Request.Headers, StringComparer.Ordinal) { ["x-msisdn"] = Sim },
        }));
        var visit = await stage.VisitAsync(handset, Sdk.Published, _number, "fetch");
        await visit.EnterCodeAsync(0, "1234");

        await visit.ExpectSuccessAsync();
        Assert.Contains("mobile-auth not available (not on a mobile network), otp follows", await stage.TimelineAsync(visit.CorrelationId));
    }

    [Fact]
    public async Task One_authorization_opened_on_another_handset_does_not_verify_the_first()
    {
        var attackers = await stage.BeginAsync(_number);
        var token = attackers["authToken"]!.GetValue<string>();
        var url = (await PostAsync(
            token, "mobile/instant/start", new { implementation = "fetch" }))["data"]!["redirectUrl"]!.GetValue<string>();
        var victim = await stage.HandsetAsync(Sim);

        var shown = await victim.GotoAsync(url);

        Assert.Equal(200, shown!.Status);
        Assert.StartsWith(stage.Origin + "/operators/sim/callback?", victim.Url, StringComparison.Ordinal);
        var id = attackers["correlationId"]!.GetValue<string>();
        Assert.Equal("pending", (await stage.Server.StatusAsync(id))["possessionResult"]!.GetValue<string>());
        var answer = await PostAsync(token, "mobile/instant/finish", new { vfp = "" });
        Assert.Equal("mobile/otp", answer["next"]!.GetValue<string>());
        Assert.Equal("pending", (await stage.Server.StatusAsync(id))["possessionResult"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_answer_that_a_stranger_sends_to_a_page_is_dropped()
    {
        var handset = await stage.HandsetAsync(Sim);
        await handset.GotoAsync($"{stage.AppOrigin}/ours.html#countersign-flow=0193&countersign-vfp=stolen");

        await handset.EvaluateAsync("sessionStorage.setItem('options', '{}')");
        await handset.ReloadAsync();
        var state = JsonNode.Parse(await handset.EvaluateAsync<string>("async () => JSON.stringify(await relyingParty.ended())"))!;

        Assert.Equal("There is no flow to resume", state["rejection"]!["message"]!.GetValue<string>());
        Assert.EndsWith("/ours.html", handset.Url, StringComparison.Ordinal);
    }

    // The page that began is gone: the one that came back goes on by itself.
    private static Task ComeBackAsync(Visit visit, string way) => way == "redirect"
        ? visit.Page.WaitForFunctionAsync("() => !window.isFirst && window.relyingParty && relyingParty.state.status !== 'idle'")
        : Task.CompletedTask;

    private async Task<JsonObject> PostAsync(string token, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/client/" + path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await stage.Server.Http.SendAsync(request);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
