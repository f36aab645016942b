using Countersign.EndToEnd.Tests.Fixtures;
using Microsoft.Playwright;
using Npgsql;

namespace Countersign.EndToEnd.Tests;

/// <summary>A store that goes away and comes back under a desktop that waits.</summary>
public sealed class OutageTests(PostgresServer postgres, Chromium chromium)
{
    private const string Number = "2001009002";

    private static readonly Dictionary<string,
        string> _looksOften = new(StringComparer.Ordinal) { ["Countersign__FallbackPoll"] = "00:00:00.250" };

    [Theory, InlineData(Sdk.Published), InlineData(Sdk.Ours)]
    [Trait("attack", "O02")]
    public async Task A_desktop_waits_on_one_socket_while_the_store_is_away(Sdk sdk)
    {
        await using var wireToStore = new TcpProxy();
        var store = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        var address = new UriBuilder("tcp", store.Host, store.Port).Uri;
        wireToStore.Connect(address);
        store.Port = new Uri(wireToStore.Origin).Port;
        await using var stage = await Stage.SetAsync(store.ConnectionString, chromium, _looksOften);
        var page = await chromium.OpenAsync();
        var sockets = new Sockets(page);
        await sockets.WatchAsync();
        var begun = page.WaitForResponseAsync(answer =>
            answer.Request.Method == "POST" && answer.Url.EndsWith("/instantlink/start", StringComparison.Ordinal));

        var visit = await stage.VisitAsync(sdk, "desktop", Number, named: page);
        var link = await stage.WaitForLinkAsync(Number);
        await Task.WhenAll(begun, sockets.Open);
        wireToStore.Unplug();
        await stage.Server.WaitForOutputAsync("The store could not be asked about the flows that browsers wait for, 1 at the moment");
        wireToStore.Connect(address);
        await stage.Server.WaitForOutputAsync("The store answers again after");
        var phone = await chromium.OpenAsync();
        await phone.GotoAsync(link);
        await phone.Locator("button").First.ClickAsync();

        await visit.ExpectSuccessAsync();
        Assert.Equal(1, sockets.Count);
    }

    /// <summary>The WebSockets of a page, as the browser's developer tools see them: the page itself is left as it is.</summary>
    private sealed class Sockets(IPage page)
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        /// <summary>Completes when the server has taken the first.</summary>
        public Task Open => _open.Task;

        public int Count => Volatile.Read(ref _count);

        public async Task WatchAsync()
        {
            var tools = await page.Context.NewCDPSessionAsync(page);
            tools.Event("Network.webSocketCreated").OnEvent += (_, _) => Interlocked.Increment(ref _count);
            tools.Event("Network.webSocketHandshakeResponseReceived").OnEvent += (_, _) => _open.TrySetResult();
            await tools.SendAsync("Network.enable");
        }
    }
}
