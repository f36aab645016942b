using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests;

/// <summary>
/// The possession check of pre-fill flows in Chromium, with the published browser SDK and with ours, up to a challenge that is allowed.
/// </summary>
public abstract class PreFillFlowTests(StageFixture fixture)
{
    private const string MobileAuthPasses = "2001009101";

    private static int s_numbers = 2002720000;

    private readonly string _number = $"{Interlocked.Increment(ref s_numbers)}";

    private Stage Stage => fixture.Stage;

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task Mobile_auth_passes_without_a_text(Sdk sdk)
    {
        var visit = await Stage.VisitStartAsync(sdk, "mobile", MobileAuthPasses);

        await ExpectAsync(visit, success: true);
        Assert.Equal(0, await Stage.Server.CountMessagesAsync(MobileAuthPasses));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_code_passes(Sdk sdk)
    {
        var visit = await Stage.VisitStartAsync(sdk, "mobile", _number);
        await visit.EnterCodeAsync(0, "1234");

        await ExpectAsync(visit, success: true);
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_wrong_code_fails(Sdk sdk)
    {
        var visit = await Stage.VisitStartAsync(sdk, "mobile", _number);
        await visit.EnterCodeAsync(0, "9999");

        await ExpectAsync(visit, success: false);
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_link_passes(Sdk sdk)
    {
        var visit = await Stage.VisitStartAsync(sdk, "desktop", _number);
        var phone = await Stage.OpenLinkAsync(_number);
        await phone.Locator("button").First.ClickAsync();

        await ExpectAsync(visit, success: true);
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_proven_phone_is_challenged_and_completed(Sdk sdk)
    {
        var visit = await Stage.VisitStartAsync(sdk, "mobile", MobileAuthPasses);

        await ExpectAsync(visit, success: true);
        Assert.Equal("0101", await CompleteAsync(visit.CorrelationId));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task Another_number_given_for_the_code_is_the_number_that_is_proven(Sdk sdk)
    {
        var corrected = $"{Interlocked.Increment(ref s_numbers)}";
        var visit = await Stage.VisitStartAsync(sdk, "mobile", _number);
        await visit.AnswerAsync(0, new { phoneNumber = corrected });
        await visit.EnterCodeAsync(1, "1234");

        var answer = await visit.FinishedAsync();

        Assert.True(answer["success"]!.GetValue<bool>());
        Assert.Equal(corrected, answer["phoneNumber"]!.GetValue<string>());
        Assert.Equal((1, 1), (await Stage.Server.CountMessagesAsync(_number), await Stage.Server.CountMessagesAsync(corrected)));
    }

    private static async Task ExpectAsync(Visit visit, bool success)
    {
        var answer = await visit.FinishedAsync();

        Assert.Equal(success, (bool)answer["success"]!);
        Assert.Equal(success ? "v3-challenge" : "done", Assert.Single(answer["next"]!.AsObject()).Key);
    }

    /// <summary>challenge and complete, as the app's back end goes on; returns the last four digits that challenge told.</summary>
    private async Task<string> CompleteAsync(string correlationId)
    {
        var challenge = await Stage.Server.CallAsync("/v3/challenge", new { correlationId, dob = "1970-01" });
        var complete = await Stage.Server.CallAsync("/v3/complete", new { correlationId, individual = challenge["individual"]! });
        Assert.True(complete["success"]!.GetValue<bool>());
        return challenge["individual"]!["ssn"]!.GetValue<string>()[^4..];
    }
}

public sealed class PreFillFlowsOnSqlite(SqliteStage stage) : PreFillFlowTests(stage), IClassFixture<SqliteStage>;

public sealed class PreFillFlowsOnPostgres(PostgresStage stage) : PreFillFlowTests(stage), IClassFixture<PostgresStage>;
