using System.Collections.Concurrent;
using System.Reflection;
using Countersign.EndToEnd.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Chromium))]
[assembly: ClosesBrowsersOfEachTest]

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>
/// Chromium's headless shell for the run. Each test opens contexts of its own, which share nothing and are closed when it ends.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string ExecutablePath = "/usr/bin/chromium-headless-shell";

    private static readonly ConcurrentDictionary<string, ConcurrentQueue<IBrowserContext>> _openByTest = new(StringComparer.Ordinal);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(ExecutablePath))
        {
            throw new InvalidOperationException(
                $"These tests need Chromium's headless shell at {ExecutablePath}. On Debian: apt-get install chromium-headless-shell.");
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = ExecutablePath,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>A page in a browser that knows no other page. It is closed with the test that opens it.</summary>
    public async Task<IPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var test = TestContext.Current.Test
            ?? throw new InvalidOperationException("Only a test may open a page: it is closed when the test ends.");
        var context = await _browser!.NewContextAsync(options);
        _openByTest.GetOrAdd(test.UniqueID, _ => new ConcurrentQueue<IBrowserContext>()).Enqueue(context);
        context.SetDefaultTimeout(30_000);
        Assertions.SetDefaultExpectTimeout(30_000);
        return await context.NewPageAsync();
    }

    /// <summary>Closes what a test has opened: every context keeps a renderer process for each of its pages.</summary>
    internal static async Task CloseAsync(string testId)
    {
        if (!_openByTest.TryRemove(testId, out var contexts))
        {
            return;
        }
        // One that cannot be closed keeps no other open.
        await Task.WhenAll(contexts.Select(context => context.CloseAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
        _playwright?.Dispose();
    }
}

[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class ClosesBrowsersOfEachTestAttribute : BeforeAfterTestAttribute
{
    // The framework waits for no task here; on a thread of the pool nothing that it holds can be in the way.
    public override void After(MethodInfo methodUnderTest, IXunitTest test) =>
        Task.Run(() => Chromium.CloseAsync(test.UniqueID)).GetAwaiter().GetResult();
}
