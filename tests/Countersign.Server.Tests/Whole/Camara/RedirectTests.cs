using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;

namespace Countersign.Server.Tests.Whole.Camara;

/// <summary>Pages that go to the operator themselves, and what is open to whom.</summary>
public sealed class RedirectTests : IAsyncLifetime
{
    private const string Page = OperatorStage.Shop + "/check?step=2";

    private OperatorStage _stage = null!;

    public async ValueTask InitializeAsync() =>
        _stage = await OperatorStage.SetAsync(new Dictionary<string, string?> { ["Cors"] = "false" });

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task The_page_comes_back_with_the_proof_in_the_fragment_and_hands_it_in()
    {
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone();

        var back = await phone.OpenAsync((await check.StartAsync("redirect", Page))!);

        Assert.Equal(303, back.Status);
        var address = back.Header("Location")!;
        Assert.StartsWith($"{Page}#countersign-flow={check.Id}&countersign-vfp=", address, StringComparison.Ordinal);
        Assert.Equal(Check.Done, await check.FinishAsync(address.Split("countersign-vfp=")[1]));
        Assert.Equal("success", await check.PossessionAsync());
    }

    [Fact]
    public async Task An_error_of_the_operator_comes_back_the_same_way()
    {
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone(SimulatedNetwork.Wifi);

        var back = await phone.OpenAsync((await check.StartAsync("redirect", Page))!);

        Assert.Equal(303, back.Status);
        Assert.DoesNotContain("login_required", back.Header("Location"), StringComparison.Ordinal);
        Assert.Equal(Check.OtpFollows, await check.FinishAsync(back.Header("Location")!.Split("countersign-vfp=")[1]));
        Assert.Equal("mobile-auth not available (not on a mobile network), otp follows", await check.LastAsync());
    }

    [Fact]
    public async Task A_page_that_loads_slowly_has_a_minute_and_no_more()
    {
        var (slow, late) = (await _stage.BeginAsync(), await _stage.BeginAsync());
        using var phone = _stage.Phone();
        var (first, second) = ((await slow.StartAsync("redirect", Page))!, (await late.StartAsync("redirect", Page))!);
        var (slowly, lately) = (await phone.OpenAsync(first), await phone.OpenAsync(second));

        await _stage.Server.AdvanceAsync(TimeSpan.FromSeconds(59));
        var inTime = await slow.FinishAsync(slowly.Header("Location")!.Split("countersign-vfp=")[1]);
        await _stage.Server.AdvanceAsync(TimeSpan.FromSeconds(1));
        var tooLate = await late.FinishAsync(lately.Header("Location")!.Split("countersign-vfp=")[1]);

        Assert.Equal((Check.Done, Check.OtpFollows), (inTime, tooLate));
        Assert.Equal("mobile-auth took too long, otp follows", await late.LastAsync());
    }

    [Theory]
    [InlineData("fetch", "the operator can only be asked by a page that goes there")]
    [InlineData("pixel", "an image brings nothing back")]
    public async Task A_way_that_brings_nothing_back_leads_to_a_code_at_once(string way, string reason)
    {
        var check = await _stage.BeginAsync();

        Assert.Null(await check.StartAsync(way));
        Assert.Equal($"mobile-auth not available ({reason}), otp follows", await check.LastAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://evil.example/check")]
    [InlineData("https://shop.example.evil.example/")]
    [InlineData("https://shop.example@evil.example/")]
    [InlineData("https://shop.example:444/")]
    [InlineData("http://shop.example/")]
    [InlineData("https://shop.example/#fragment")]
    [InlineData("javascript:alert(1)")]
    [InlineData(@"https://shop.example\@evil.example/")]
    [InlineData("//shop.example/")]
    [InlineData("/check")]
    [InlineData("https://shop.example/logout?next=https://evil.example")]
    [InlineData("https://shop.example/logout?next=%2F%2Fevil.example")]
    [InlineData("https://shop.example/logout?next=evil.example")]
    public async Task A_page_may_come_back_to_a_web_origin_of_its_project_alone(string? returnUrl)
    {
        var check = await _stage.BeginAsync();

        var answer = await check.Page.Post(
            "mobile/instant/start", new JsonObject { ["implementation"] = "redirect", ["returnUrl"] = returnUrl }.ToJsonString());

        Assert.Equal("mobile/otp", (string?)answer["next"]);
        Assert.StartsWith("'returnUrl' must be", (string?)answer["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal("mobile-auth not available (the page may not come back to where it asked to), otp follows", await check.LastAsync());
    }

    [Fact]
    public async Task A_return_address_is_read_as_it_will_be_opened()
    {
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone();

        var back = await phone.OpenAsync((await check.StartAsync("redirect", "https://SHOP.example:443/a/../back"))!);

        Assert.StartsWith("https://shop.example/back#", back.Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_way_that_there_is_not_is_named()
    {
        var check = await _stage.BeginAsync();

        var reply = await check.Page.SendAsync("mobile/instant/start", """{"implementation":"popup"}""");

        Assert.Equal("400 8001 field 'implementation' is invalid: must be fetch, pixel or redirect", reply.Fault);
    }

    [Fact]
    public async Task Neither_return_address_nor_code_can_be_read_or_changed_on_the_way()
    {
        var check = await _stage.BeginAsync();
        using var phone = _stage.Phone();
        var url = (await check.StartAsync("redirect", Page))!;
        Assert.DoesNotContain("shop.example", url, StringComparison.Ordinal);
        var state = QueryHelpers.ParseQuery(new Uri(url).Query)["state"].ToString();
        var altered = (state[10] == 'A' ? "B" : "A") + state[11..];

        var reply = await phone.OpenAsync(url, next => next.Replace(state, state[..10] + altered, StringComparison.Ordinal));

        Assert.Equal(400, reply.Status);
    }
}
