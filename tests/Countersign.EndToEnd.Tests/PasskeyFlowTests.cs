using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests;

/// <summary>
/// Passkeys in Chromium with an authenticator of its own (CDP, "WebAuthn"), with the published browser SDK and with ours.
/// </summary>
public abstract class PasskeyFlowTests(Store store, PostgresServer postgres, Chromium chromium) : IAsyncLifetime
{
    private static int s_numbers = 2002760000;

    private readonly string _number = $"{Interlocked.Increment(ref s_numbers)}";
    private Stage? _stage;

    private Stage Stage => _stage!;

    public async ValueTask InitializeAsync() => _stage = await Stage.SetAsync(
        store, postgres, chromium,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["Countersign__Sandbox__Passkeys"] = "Preferred" });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_stage is not null)
        {
            await _stage.DisposeAsync();
        }
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_browser_that_has_lost_all_that_it_stored_is_known_by_its_passkey(Sdk sdk)
    {
        var (browser, authenticator) = await OpenAsync();
        var first = await Stage.VisitUnifyAsync(sdk, "mobile", _number, named: browser);
        await first.EnterCodeAsync(0, "1234");
        var registered = await first.FinishedAsync();
        var texts = await Stage.Server.CountMessagesAsync(_number);
        Assert.Equal(1, await authenticator.CountAsync());

        await authenticator.ClearStorageAsync(Stage.App.LocalOrigin);
        var second = await (await Stage.VisitUnifyAsync(sdk, "mobile", _number, named: browser)).FinishedAsync();
        var third = await (await Stage.VisitUnifyAsync(sdk, "mobile", _number, named: browser)).FinishedAsync();

        Assert.Equal("true", Text(registered, "success"));
        Assert.NotNull(Text(registered, "deviceId"));
        Assert.Equal(("true", Text(registered, "proveId")), (Text(second, "success"), Text(second, "proveId")));
        Assert.NotEqual(Text(registered, "deviceId"), Text(second, "deviceId"));
        // By then the browser keeps a key again, and nobody is asked.
        Assert.Equal(("true", Text(second, "deviceId")), (Text(third, "success"), Text(third, "deviceId")));
        Assert.Equal(texts, await Stage.Server.CountMessagesAsync(_number));
        Assert.Equal(1, await authenticator.CountAsync());
    }

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    public async Task A_person_who_makes_no_passkey_is_known_by_the_device_key(Sdk sdk)
    {
        var (browser, authenticator) = await OpenAsync();
        // What a browser says when the person closes its dialog.
        await browser.AddInitScriptAsync(
            "CredentialsContainer.prototype.create = async () => { throw new DOMException('The person said no', 'NotAllowedError'); };");

        var first = await Stage.VisitUnifyAsync(sdk, "mobile", _number, named: browser);
        await first.EnterCodeAsync(0, "1234");
        var registered = await first.FinishedAsync();
        var second = await (await Stage.VisitUnifyAsync(sdk, "mobile", _number, named: browser)).FinishedAsync();

        Assert.Equal("true", Text(registered, "success"));
        Assert.Equal(("true", Text(registered, "deviceId")), (Text(second, "success"), Text(second, "deviceId")));
        Assert.Equal(0, await authenticator.CountAsync());
    }

    private static string? Text(JsonObject status, string name) => status[name]?.GetValue<string>();

    private async Task<(IPage Browser, ChromiumAuthenticator Authenticator)> OpenAsync()
    {
        var page = await chromium.OpenAsync();
        return (page, await ChromiumAuthenticator.AddAsync(page));
    }
}

public sealed class PasskeyFlowsOnSqlite(PostgresServer postgres, Chromium chromium) : PasskeyFlowTests(Store.Sqlite, postgres, chromium);

public sealed class PasskeyFlowsOnPostgres(PostgresServer postgres, Chromium chromium)
    : PasskeyFlowTests(Store.Postgres, postgres, chromium);
