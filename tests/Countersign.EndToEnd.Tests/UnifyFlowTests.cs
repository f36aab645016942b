using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests;

/// <summary>
/// Unify flows that fail, in Chromium with the published browser SDK and with ours; those that pass are <see cref="DeviceKeyFlowTests"/>.
/// </summary>
public abstract class UnifyFlowTests(StageFixture fixture)
{
    private Stage Stage => fixture.Stage;

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task Three_wrong_codes_fail_a_unify_flow(Sdk sdk)
    {
        var visit = await Stage.VisitUnifyAsync(sdk, "mobile", "2002500001", allowOtpRetry: true);
        await visit.EnterCodeAsync(0, "9999");
        await visit.EnterCodeAsync(1, "8888");
        await visit.EnterCodeAsync(2, "7777");

        Assert.Equal("false", (await visit.FinishedAsync())["success"]!.GetValue<string>());
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_declined_link_fails_a_unify_flow(Sdk sdk)
    {
        var visit = await Stage.VisitUnifyAsync(sdk, "desktop", "2001004015");

        Assert.Equal("false", (await visit.FinishedAsync())["success"]!.GetValue<string>());
    }
}

public sealed class UnifyFlowsOnSqlite(SqliteStage stage) : UnifyFlowTests(stage), IClassFixture<SqliteStage>;

public sealed class UnifyFlowsOnPostgres(PostgresStage stage) : UnifyFlowTests(stage), IClassFixture<PostgresStage>;
