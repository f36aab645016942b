using Countersign.EndToEnd.Tests.Fixtures;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests;

/// <summary>
/// Whole flows in Chromium, with the published browser SDK and with ours. One server for all: each flow has a number of its own.
/// </summary>
public abstract class BrowserFlowTests(StageFixture fixture)
{
    private const string MobileAuthPasses = "2001009001";
    private const string NetworkSaysOtherNumber = "2001009003";
    private const string IdentityDiffers = "2001004012";

    private static int s_numbers = 2002700000;

    private readonly string _number = $"{Interlocked.Increment(ref s_numbers)}";

    private Stage Stage => fixture.Stage;

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task Mobile_auth_passes_without_a_text(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "mobile", MobileAuthPasses);

        await visit.ExpectSuccessAsync();
        Assert.Equal(0, await Stage.Server.CountMessagesAsync(MobileAuthPasses));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task Mobile_auth_that_is_not_available_falls_back_to_a_code(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "mobile", _number);
        await visit.EnterCodeAsync(0, "1234");

        await visit.ExpectSuccessAsync();
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_network_that_names_another_number_falls_back_to_a_code(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "mobile", NetworkSaysOtherNumber);
        await visit.EnterCodeAsync(0, "1234");

        await visit.ExpectSuccessAsync();
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_wrong_code_without_retry_fails(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "mobile", _number);
        await visit.EnterCodeAsync(0, "9999");

        await visit.ExpectFailureAsync();
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task Two_wrong_codes_and_a_right_one_pass_with_retry(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "mobile", _number, allowOtpRetry: true);
        await visit.EnterCodeAsync(0, "9999");
        await visit.EnterCodeAsync(1, "8888");
        await visit.EnterCodeAsync(2, "1234");

        await visit.ExpectSuccessAsync();
        Assert.Equal(10001, (await visit.PromptAsync(2))["error"]!["code"]!.GetValue<int>());
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task Three_wrong_codes_fail_with_retry(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "mobile", _number, allowOtpRetry: true);
        await visit.EnterCodeAsync(0, "9999");
        await visit.EnterCodeAsync(1, "8888");
        await visit.EnterCodeAsync(2, "7777");

        await visit.ExpectFailureAsync();
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_resent_code_is_the_same_code_and_passes(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "mobile", _number);
        await visit.AnswerAsync(0, new { resend = true });
        await visit.EnterCodeAsync(1, "1234");

        await visit.ExpectSuccessAsync();
        Assert.Equal(2, await Stage.Server.CountMessagesAsync(_number));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_code_that_is_given_up_fails(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "mobile", _number);
        await visit.AnswerAsync(0, new { giveUp = true });
        await visit.EndAsync();

        Assert.Equal("false", (await Stage.Server.StatusAsync(visit.CorrelationId))["success"]!.GetValue<string>());
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task An_instant_link_opened_in_another_browser_passes(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "desktop", _number);
        var phone = await Stage.OpenLinkAsync(_number);
        await ConfirmAsync(phone);

        await visit.ExpectSuccessAsync();
        Assert.Equal($"{Stage.App.Origin}/landing?step=2&authId={visit.CorrelationId}&asc=true", phone.Url);
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_resent_link_replaces_the_first(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "desktop", _number, allowOtpRetry: true);
        await visit.AnswerAsync(0, new { resend = true });
        await visit.PromptAsync(1);
        var phone = await Stage.OpenLinkAsync(_number);
        await ConfirmAsync(phone);

        await visit.ExpectSuccessAsync();
        Assert.Equal(2, await Stage.Server.CountMessagesAsync(_number));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task This_was_not_me_fails(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "desktop", _number);
        var phone = await Stage.OpenLinkAsync(_number);
        await phone.GetByRole(AriaRole.Button, new() { Name = "This was not me" }).ClickAsync();

        await visit.ExpectFailureAsync();
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_link_that_the_clock_overtakes_fails(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "desktop", _number);
        var phone = await Stage.OpenLinkAsync(_number);
        await Stage.Server.AdvanceAsync(TimeSpan.FromMinutes(3));

        await visit.ExpectFailureAsync();
        await ConfirmAsync(phone);
        Assert.Equal("false", (await Stage.Server.StatusAsync(visit.CorrelationId))["success"]!.GetValue<string>());
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_desktop_whose_socket_was_dropped_hears_the_result_on_a_new_one(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "desktop", _number);
        var phone = await Stage.OpenLinkAsync(_number);
        var reconnected = visit.Page.WaitForWebSocketAsync();
        Stage.Wire.Cut();
        await reconnected;
        await ConfirmAsync(phone);

        await visit.ExpectSuccessAsync();
        Assert.Equal(1, await Stage.Server.CountMessagesAsync(_number));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_proven_phone_with_another_name_fails_the_identity_match(Sdk sdk)
    {
        var visit = await Stage.VisitAsync(sdk, "mobile", IdentityDiffers);
        await visit.EnterCodeAsync(0, "1234");

        await visit.ExpectAsync("false", "success", "failed");
    }

    private static Task ConfirmAsync(IPage phone) => phone.Locator("button").First.ClickAsync();
}

public sealed class BrowserFlowsOnSqlite(SqliteStage stage) : BrowserFlowTests(stage), IClassFixture<SqliteStage>;

public sealed class BrowserFlowsOnPostgres(PostgresStage stage) : BrowserFlowTests(stage), IClassFixture<PostgresStage>;
