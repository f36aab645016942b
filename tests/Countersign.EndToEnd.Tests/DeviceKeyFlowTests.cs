using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests;

/// <summary>Browsers that keep a key between flows, in Chromium, with the published browser SDK and with ours.</summary>
public abstract class DeviceKeyFlowTests(StageFixture fixture)
{
    private const string MobileAuthPasses = "2001009301";

    private static int s_numbers = 2002710000;

    private readonly string _number = NewNumber();

    private Stage Stage => fixture.Stage;

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_first_visit_registers_by_a_code_and_the_next_passes_without_a_text(Sdk sdk)
    {
        var visit = await Stage.VisitUnifyAsync(sdk, "mobile", _number);
        await visit.EnterCodeAsync(0, "1234");
        var first = await visit.FinishedAsync();

        var second = await (await Stage.VisitUnifyAsync(sdk, "mobile", _number, earlier: visit)).FinishedAsync();

        Assert.Equal("true", Text(first, "success"));
        Assert.NotNull(Text(first, "deviceId"));
        Assert.Equal(("true", Text(first, "proveId"), Text(first, "deviceId")),
            (Text(second, "success"), Text(second, "proveId"), Text(second, "deviceId")));
        Assert.Equal(1, await Stage.Server.CountMessagesAsync(_number));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_first_visit_registers_by_mobile_auth_and_nobody_types_anything(Sdk sdk)
    {
        var visit = await Stage.VisitUnifyAsync(sdk, "mobile", MobileAuthPasses);
        var first = await visit.FinishedAsync();

        var second = await (await Stage.VisitUnifyAsync(sdk, "mobile", MobileAuthPasses, earlier: visit)).FinishedAsync();

        Assert.Equal(("true", "true"), (Text(first, "success"), Text(second, "success")));
        Assert.NotNull(Text(first, "deviceId"));
        Assert.Equal(Text(first, "deviceId"), Text(second, "deviceId"));
        Assert.Equal(0, await Stage.Server.CountMessagesAsync(MobileAuthPasses));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_browser_whose_device_was_revoked_registers_anew_in_the_same_flow(Sdk sdk)
    {
        var (visit, first) = await RegisterAsync(sdk);
        await Stage.Server.CallAsync("/v3/device/revoke", new { clientRequestId = "revoke-1", deviceId = Text(first, "deviceId") });

        var next = await Stage.VisitUnifyAsync(sdk, "mobile", _number, earlier: visit);
        await next.EnterCodeAsync(0, "1234");
        var second = await next.FinishedAsync();
        var third = await (await Stage.VisitUnifyAsync(sdk, "mobile", _number, earlier: next)).FinishedAsync();

        Assert.Equal(("true", Text(first, "proveId")), (Text(second, "success"), Text(second, "proveId")));
        Assert.NotNull(Text(second, "deviceId"));
        Assert.NotEqual(Text(first, "deviceId"), Text(second, "deviceId"));
        Assert.Equal(("true", Text(second, "deviceId")), (Text(third, "success"), Text(third, "deviceId")));
        Assert.Equal(2, await Stage.Server.CountMessagesAsync(_number));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_browser_whose_storage_was_cleared_registers_anew(Sdk sdk)
    {
        var (visit, first) = await RegisterAsync(sdk);
        await visit.Page.EvaluateAsync(
            """
            async () => {
              localStorage.clear();
              for (const { name } of await indexedDB.databases())
                await new Promise((resolve, reject) => {
                  const request = indexedDB.deleteDatabase(name);
                  request.onsuccess = resolve;
                  request.onerror = () => reject(request.error);
                });
            }
            """);

        var next = await Stage.VisitUnifyAsync(sdk, "mobile", _number, earlier: visit);
        await next.EnterCodeAsync(0, "1234");
        var second = await next.FinishedAsync();

        Assert.Equal(("true", Text(first, "proveId")), (Text(second, "success"), Text(second, "proveId")));
        Assert.NotNull(Text(second, "deviceId"));
        Assert.NotEqual(Text(first, "deviceId"), Text(second, "deviceId"));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_key_that_the_person_gave_up_is_gone_on_both_sides(Sdk sdk)
    {
        var (visit, first) = await RegisterAsync(sdk);
        var calls = Listen(visit.Page);

        await visit.Page.EvaluateAsync("async () => await relyingParty.forgetDevice()");
        var next = await Stage.VisitUnifyAsync(sdk, "mobile", _number, earlier: visit);
        await next.EnterCodeAsync(0, "1234");
        var second = await next.FinishedAsync();

        Assert.Equal(["challenge 200", "device/unregister 200 signed"], calls);
        Assert.Equal(("true", Text(first, "proveId")), (Text(second, "success"), Text(second, "proveId")));
        Assert.NotEqual(Text(first, "deviceId"), Text(second, "deviceId"));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_report_of_a_browser_with_a_key_is_signed_and_taken(Sdk sdk)
    {
        var visit = await Stage.VisitUnifyAsync(sdk, "mobile", _number);
        await visit.PromptAsync(0);
        var calls = Listen(visit.Page);

        await visit.AnswerAsync(0, new { giveUp = true });
        await visit.EndAsync();

        Assert.Equal(["challenge 200", "mobile/otp/error 200 signed"], calls);
        Assert.Equal("false", Text(await StatusAsync(visit), "success"));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_known_browser_spares_the_relying_partys_own_check_and_a_new_one_does_not(Sdk sdk)
    {
        var stranger = await Stage.VisitUnifyAsync(sdk, "none", _number);
        var unknown = await stranger.FinishedAsync();
        var bound = await Stage.Server.CallAsync("/v3/unify-bind", new { correlationId = stranger.CorrelationId, phoneNumber = _number });

        var known = await (await Stage.VisitUnifyAsync(sdk, "none", _number, earlier: stranger)).FinishedAsync();

        Assert.Equal("possession_required", Text(unknown, "success"));
        Assert.Equal("true", Text(bound, "success"));
        Assert.Equal(("true", Text(bound, "proveId"), Text(bound, "deviceId")),
            (Text(known, "success"), Text(known, "proveId"), Text(known, "deviceId")));
        Assert.Equal(0, await Stage.Server.CountMessagesAsync(_number));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task Another_person_in_the_same_browser_is_asked_for_the_code(Sdk sdk)
    {
        var (visit, first) = await RegisterAsync(sdk);
        var other = NewNumber();

        var next = await Stage.VisitUnifyAsync(sdk, "mobile", other, earlier: visit);
        await next.EnterCodeAsync(0, "1234");
        var theirs = await next.FinishedAsync();
        var again = await Stage.VisitUnifyAsync(sdk, "mobile", other, rebind: true, earlier: visit);
        await again.EnterCodeAsync(0, "1234");
        var rebound = await again.FinishedAsync();

        Assert.Equal(("true", null), (Text(theirs, "success"), Text(theirs, "deviceId")));
        Assert.NotEqual(Text(first, "proveId"), Text(theirs, "proveId"));
        Assert.Equal(("true", Text(first, "deviceId")), (Text(rebound, "success"), Text(rebound, "deviceId")));
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_desktop_places_no_key(Sdk sdk)
    {
        var visit = await Stage.VisitUnifyAsync(sdk, "desktop", _number);
        var phone = await Stage.OpenLinkAsync(_number);
        await phone.Locator("button").First.ClickAsync();

        var answer = await visit.FinishedAsync();

        Assert.Equal(("true", null), (Text(answer, "success"), Text(answer, "deviceId")));
        Assert.NotNull(Text(answer, "proveId"));
    }

    private static string NewNumber() => $"{Interlocked.Increment(ref s_numbers)}";

    private static string? Text(JsonObject answer, string member) => (string?)answer[member];

    /// <summary>A first visit, to its end.</summary>
    private async Task<(Visit Visit, JsonObject Answer)> RegisterAsync(Sdk sdk)
    {
        var visit = await Stage.VisitUnifyAsync(sdk, "mobile", _number);
        await visit.EnterCodeAsync(0, "1234");
        return (visit, await visit.FinishedAsync());
    }

    private Task<JsonObject> StatusAsync(Visit visit) =>
        Stage.Server.CallAsync("/v3/unify-status", new { correlationId = visit.CorrelationId });

    /// <summary>The calls that a page makes from now on: path, status, and whether it was signed.</summary>
    private static ConcurrentQueue<string> Listen(IPage page)
    {
        const string client = "/v1/client/";
        var calls = new ConcurrentQueue<string>();
        page.Response += (_, response) =>
        {
            var path = new Uri(response.Url).AbsolutePath;
            if (response.Request.Method == "POST" && path.StartsWith(client, StringComparison.Ordinal))
            {
                calls.Enqueue(
                    $"{path[client.Length..]} {response.Status}{(response.Request.Headers.ContainsKey("pa-signature") ? " signed" : "")}");
            }
        };
        return calls;
    }
}

public sealed class DeviceKeyFlowsOnSqlite(SqliteStage stage) : DeviceKeyFlowTests(stage), IClassFixture<SqliteStage>;

public sealed class DeviceKeyFlowsOnPostgres(PostgresStage stage) : DeviceKeyFlowTests(stage), IClassFixture<PostgresStage>;
