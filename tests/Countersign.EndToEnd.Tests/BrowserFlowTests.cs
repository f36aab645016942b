using Countersign.EndToEnd.Tests.Fixtures;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests;

/// <summary>Whole flows in Chromium, with the published browser SDK and with ours, on both stores.</summary>
public sealed class BrowserFlowTests(PostgresServer postgres, Chromium chromium)
{
    private const string MobileAuthPasses = "2001009001";
    private const string MobileAuthUnavailable = "2001009002";
    private const string NetworkSaysOtherNumber = "2001009003";
    private const string IdentityDiffers = "2001004012";

    public static TheoryData<Sdk, Store> All => new MatrixTheoryData<Sdk, Store>([Sdk.Published, Sdk.Ours], [Store.Sqlite, Store.Postgres]);

    [Theory, MemberData(nameof(All))]
    public async Task Mobile_auth_passes_without_a_text(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "mobile", MobileAuthPasses);

        await visit.ExpectSuccessAsync();
        Assert.Equal(0, await stage.Server.CountMessagesAsync(MobileAuthPasses));
    }

    [Theory, MemberData(nameof(All))]
    public async Task Mobile_auth_that_is_not_available_falls_back_to_a_code(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "mobile", MobileAuthUnavailable);
        await visit.EnterCodeAsync(0, "1234");

        await visit.ExpectSuccessAsync();
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_network_that_names_another_number_falls_back_to_a_code(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "mobile", NetworkSaysOtherNumber);
        await visit.EnterCodeAsync(0, "1234");

        await visit.ExpectSuccessAsync();
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_wrong_code_without_retry_fails(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "mobile", MobileAuthUnavailable);
        await visit.EnterCodeAsync(0, "9999");

        await visit.ExpectFailureAsync();
    }

    [Theory, MemberData(nameof(All))]
    public async Task Two_wrong_codes_and_a_right_one_pass_with_retry(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "mobile", MobileAuthUnavailable, allowOtpRetry: true);
        await visit.EnterCodeAsync(0, "9999");
        await visit.EnterCodeAsync(1, "8888");
        await visit.EnterCodeAsync(2, "1234");

        await visit.ExpectSuccessAsync();
        Assert.Equal(10001, (await visit.PromptAsync(2))["error"]!["code"]!.GetValue<int>());
    }

    [Theory, MemberData(nameof(All))]
    public async Task Three_wrong_codes_fail_with_retry(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "mobile", MobileAuthUnavailable, allowOtpRetry: true);
        await visit.EnterCodeAsync(0, "9999");
        await visit.EnterCodeAsync(1, "8888");
        await visit.EnterCodeAsync(2, "7777");

        await visit.ExpectFailureAsync();
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_resent_code_is_the_same_code_and_passes(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "mobile", MobileAuthUnavailable);
        await visit.AnswerAsync(0, new { resend = true });
        await visit.EnterCodeAsync(1, "1234");

        await visit.ExpectSuccessAsync();
        Assert.Equal(2, await stage.Server.CountMessagesAsync(MobileAuthUnavailable));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_code_that_is_given_up_fails(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "mobile", MobileAuthUnavailable);
        await visit.AnswerAsync(0, new { giveUp = true });
        await visit.EndAsync();

        Assert.Equal("false", (await stage.Server.StatusAsync(visit.CorrelationId))["success"]!.GetValue<string>());
    }

    [Theory, MemberData(nameof(All))]
    public async Task An_instant_link_opened_in_another_browser_passes(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "desktop", MobileAuthUnavailable);
        var phone = await stage.OpenLinkAsync(MobileAuthUnavailable);
        await ConfirmAsync(phone);

        await visit.ExpectSuccessAsync();
        Assert.Equal($"{stage.App.Origin}/landing?step=2&authId={visit.CorrelationId}&asc=true", phone.Url);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_resent_link_replaces_the_first(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "desktop", MobileAuthUnavailable, allowOtpRetry: true);
        await visit.AnswerAsync(0, new { resend = true });
        await visit.PromptAsync(1);
        var phone = await stage.OpenLinkAsync(MobileAuthUnavailable);
        await ConfirmAsync(phone);

        await visit.ExpectSuccessAsync();
        Assert.Equal(2, await stage.Server.CountMessagesAsync(MobileAuthUnavailable));
    }

    [Theory, MemberData(nameof(All))]
    public async Task This_was_not_me_fails(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "desktop", MobileAuthUnavailable);
        var phone = await stage.OpenLinkAsync(MobileAuthUnavailable);
        await phone.GetByRole(AriaRole.Button, new() { Name = "This was not me" }).ClickAsync();

        await visit.ExpectFailureAsync();
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_link_that_the_clock_overtakes_fails(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "desktop", MobileAuthUnavailable);
        var phone = await stage.OpenLinkAsync(MobileAuthUnavailable);
        await stage.Server.AdvanceAsync(TimeSpan.FromMinutes(3));

        await visit.ExpectFailureAsync();
        await ConfirmAsync(phone);
        Assert.Equal("false", (await stage.Server.StatusAsync(visit.CorrelationId))["success"]!.GetValue<string>());
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_desktop_whose_socket_was_dropped_hears_the_result_on_a_new_one(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "desktop", MobileAuthUnavailable);
        var phone = await stage.OpenLinkAsync(MobileAuthUnavailable);
        var reconnected = visit.Page.WaitForWebSocketAsync();
        stage.Wire.Cut();
        await reconnected;
        await ConfirmAsync(phone);

        await visit.ExpectSuccessAsync();
        Assert.Equal(1, await stage.Server.CountMessagesAsync(MobileAuthUnavailable));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_proven_phone_with_another_name_fails_the_identity_match(Sdk sdk, Store store)
    {
        await using var stage = await Stage.SetAsync(store, postgres, chromium);

        var visit = await stage.VisitAsync(sdk, "mobile", IdentityDiffers);
        await visit.EnterCodeAsync(0, "1234");

        await visit.ExpectAsync("false", "success", "failed");
    }

    private static Task ConfirmAsync(IPage phone) => phone.Locator("button").First.ClickAsync();
}
