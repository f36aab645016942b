using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Fixtures;

public enum Store
{
    Sqlite,
    Postgres,
}

public enum Sdk
{
    /// <summary>npm @prove-identity/prove-auth, unmodified.</summary>
    Published,

    /// <summary>npm @countersign/browser.</summary>
    Ours,
}

/// <summary>A server, a wire to it, and an app that uses it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;
    private readonly Chromium _chromium;
    private ServerProcess? _server;
    private RelyingParty? _app;

    private Stage(Chromium chromium) => _chromium = chromium;

    public ServerProcess Server => _server!;
    public TcpProxy Wire { get; } = new();
    public RelyingParty App => _app!;

    public static async Task<Stage> SetAsync(
        Store store, PostgresServer postgres, Chromium chromium, IReadOnlyDictionary<string, string>? settings = null) =>
        store == Store.Sqlite
            ? await SetAsync(connection: null, chromium, settings)
            : await SetAsync(await postgres.CreateDatabaseAsync(), chromium, settings);

    /// <param name="connection">Of an existing PostgreSQL database; null for a SQLite of its own.</param>
    public static async Task<Stage> SetAsync(string? connection, Chromium chromium, IReadOnlyDictionary<string, string>? settings)
    {
        var stage = new Stage(chromium);
        connection ??= $"Data Source={Path.Combine(stage._folder, "countersign.db")}";
        var all = new Dictionary<string, string>(settings ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            ["Countersign__PublicUrl"] = stage.Wire.Origin,
        };
        try
        {
            stage._server = await ServerProcess.StartAsync(connection, all);
            stage.Wire.Connect(stage.Server.Http.BaseAddress!);
            stage._app = await RelyingParty.StartAsync(stage.Server);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a verify flow and opens the app's page for it.</summary>
    /// <param name="named">A page that shall show the app under its name; null for one of its own at the app's address.</param>
    public Task<Visit> VisitAsync(Sdk sdk, string flowType, string number, bool allowOtpRetry = false, IPage? named = null) =>
        VisitAsync(sdk, flowType, allowOtpRetry, "/v3/verify", "/v3/verify-status", named: named, request: new
        {
            possessionType = flowType,
            phoneNumber = number,
            firstName = "Ada",
            lastName = "Vance",
            finalTargetUrl = TargetOf(flowType),
            allowOTPRetry = allowOtpRetry,
        });

    /// <summary>Begins a pre-fill flow and opens the app's page for it.</summary>
    public Task<Visit> VisitStartAsync(Sdk sdk, string flowType, string number, bool allowOtpRetry = false) =>
        VisitAsync(sdk, flowType, allowOtpRetry, "/v3/start", "/v3/validate",
            new { flowType, phoneNumber = number, finalTargetUrl = TargetOf(flowType), allowOTPRetry = allowOtpRetry });

    /// <summary>Begins a unify flow and opens the app's page for it.</summary>
    /// <param name="earlier">A visit in whose browser, with all that it keeps, this one takes place; null for a browser that knows
    /// nothing.</param>
    /// <param name="named">A page that shall show the app under its name, with all that its browser keeps; null for the app's
    /// address.</param>
    public Task<Visit> VisitUnifyAsync(
        Sdk sdk, string flowType, string number, bool allowOtpRetry = false, bool rebind = false, Visit? earlier = null,
        IPage? named = null) =>
        VisitAsync(
            sdk, flowType, allowOtpRetry, "/v3/unify", "/v3/unify-status",
            new { possessionType = flowType, phoneNumber = number, finalTargetUrl = TargetOf(flowType), allowOTPRetry = allowOtpRetry,
                rebind }, earlier, named);

    private async Task<Visit> VisitAsync(
        Sdk sdk, string flowType, bool allowOtpRetry, string begin, string ask, object request, Visit? earlier = null, IPage? named = null)
    {
        var begun = await Server.CallAsync(begin, request);
        var page = named ?? (earlier is null ? await _chromium.OpenAsync() : await earlier.Page.Context.NewPageAsync());
        await page.GotoAsync($"{(named is null ? App.Origin : App.LocalOrigin)}/{(sdk == Sdk.Published ? "published" : "ours")}.html");
        var visit = new Visit(page, begun["correlationId"]!.GetValue<string>());
        await visit.StartAsync(begun["authToken"]!.GetValue<string>(), sdk, flowType, allowOtpRetry, ask);
        return visit;
    }

    private string? TargetOf(string flowType) => flowType == "desktop" ? App.Origin + "/landing?step=2" : null;

    /// <summary>Opens the link of the newest text, on a phone that is not the desktop.</summary>
    public async Task<IPage> OpenLinkAsync(string number)
    {
        var phone = await _chromium.OpenAsync(new BrowserNewContextOptions
        {
            ViewportSize = new() { Width = 390, Height = 780 },
            IsMobile = true,
            HasTouch = true,
        });
        await phone.GotoAsync(await WaitForLinkAsync(number));
        return phone;
    }

    /// <summary>The link of the newest text to a number, once there is one.</summary>
    public async Task<string> WaitForLinkAsync(string number)
    {
        for (var look = 0; look < 600 && await Server.CountMessagesAsync(number) == 0; look++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
        return (await Server.LastMessageAsync(number))["link"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        await Wire.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>The app's page, open in a browser.</summary>
internal sealed class Visit(IPage page, string correlationId)
{
    public IPage Page => page;
    public string CorrelationId => correlationId;

    /// <param name="ask">The call that tells the product's result.</param>
    public async Task StartAsync(string authToken, Sdk sdk, string flowType, bool hasRetry, string ask)
    {
        var options = new Dictionary<string, object>(StringComparer.Ordinal) { ["finishUrl"] = "/finish?ask=" + ask };
        if (flowType == "desktop")
        {
            options["instantLinkRetry"] = hasRetry;
            if (sdk == Sdk.Published)
            {
                // The documented use: a desktop waits for what happens on another device.
                options["role"] = "secondary";
            }
        }
        await page.EvaluateAsync("([token, options]) => relyingParty.start(token, options)", new object[] { authToken, options });
    }

    /// <summary>Waits for the n-th prompt, from 0.</summary>
    public async Task<JsonObject> PromptAsync(int n) =>
        JsonNode.Parse(await page.EvaluateAsync<string>("async n => JSON.stringify(await relyingParty.prompt(n))", n))!.AsObject();

    public async Task AnswerAsync(int prompt, object answer)
    {
        await PromptAsync(prompt);
        await page.EvaluateAsync("answer => relyingParty.answer(answer)", answer);
    }

    public Task EnterCodeAsync(int prompt, string code) => AnswerAsync(prompt, new { code });

    /// <summary>Waits until the SDK is through.</summary>
    public async Task<JsonObject> EndAsync() =>
        JsonNode.Parse(await page.EvaluateAsync<string>("async () => JSON.stringify(await relyingParty.ended())"))!.AsObject();

    /// <summary>Asserts that the SDK finished once; returns what the product's call said inside the finish callback.</summary>
    public async Task<JsonObject> FinishedAsync()
    {
        var state = await EndAsync();

        Assert.True(state["status"]!.GetValue<string>() == "resolved", state.ToJsonString());
        Assert.Equal(1, state["finishes"]!.GetValue<int>());
        Assert.Equal(correlationId, state["authId"]!.GetValue<string>());
        return state["finishAnswer"]!.AsObject();
    }

    /// <summary>Asserts that the SDK finished once, and what verify-status said inside the finish callback.</summary>
    public async Task ExpectAsync(string success, string possessionResult, string verifyResult)
    {
        var answer = await FinishedAsync();

        Assert.Equal(
            (success, possessionResult, verifyResult),
            (answer["success"]!.GetValue<string>(), answer["possessionResult"]!.GetValue<string>(),
                answer["verifyResult"]!.GetValue<string>()));
    }

    public Task ExpectSuccessAsync() => ExpectAsync("true", "success", "success");

    public Task ExpectFailureAsync() => ExpectAsync("false", "failed", "failed");
}
