using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Countersign.EndToEnd.Tests.Fixtures;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests;

/// <summary>samples/Onboarding as a person uses it: the .NET SDK behind, the browser SDK in front.</summary>
public sealed class SampleTests(PostgresServer postgres, Chromium chromium)
{
    private const string Number = "2002800002";

    [Fact]
    public async Task A_person_on_a_phone_is_verified_by_a_code()
    {
        await using var stage = await Stage.SetAsync(Store.Sqlite, postgres, chromium);
        await using var sample = await SampleProcess.StartAsync(stage);
        var page = await chromium.OpenAsync();

        await page.GotoAsync(sample.Origin);
        await BeginAsync(page, "mobile");
        await page.Locator("#code").FillAsync("1234");
        await page.Locator("#submitCode").ClickAsync();

        await Assertions.Expect(page.Locator("#message")).ToContainTextAsync("Welcome");
    }

    [Fact]
    public async Task A_person_at_a_computer_is_verified_by_a_link()
    {
        await using var stage = await Stage.SetAsync(Store.Sqlite, postgres, chromium);
        await using var sample = await SampleProcess.StartAsync(stage);
        var page = await chromium.OpenAsync();

        await page.GotoAsync(sample.Origin);
        await BeginAsync(page, "desktop");
        var phone = await stage.OpenLinkAsync(Number);
        await phone.Locator("button").First.ClickAsync();

        await Assertions.Expect(page.Locator("#message")).ToContainTextAsync("Welcome");
        Assert.StartsWith(sample.Origin + "/landing.html", phone.Url, StringComparison.Ordinal);
    }

    private static async Task BeginAsync(IPage page, string flowType)
    {
        await page.Locator("#firstName").FillAsync("Ada");
        await page.Locator("#lastName").FillAsync("Vance");
        await page.Locator("#phoneNumber").FillAsync(Number);
        await page.Locator($"[name=flowType][value={flowType}]").CheckAsync();
        await page.Locator("#start").ClickAsync();
    }

    private sealed class SampleProcess(Process process, string origin) : IAsyncDisposable
    {
        public string Origin => origin;

        public static async Task<SampleProcess> StartAsync(Stage stage)
        {
            var origin = $"http://127.0.0.1:{FreePort()}";
            var folder = Path.Combine(Repository.Root, "artifacts", "bin", "Onboarding", Repository.Configuration);
            var start = new ProcessStartInfo(Path.Combine(folder, "Onboarding"),
                ["--urls", origin, "--contentRoot", Path.Combine(Repository.Root, "samples", "Onboarding")])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["COUNTERSIGN_URL"] = stage.Wire.Origin;
            start.Environment["COUNTERSIGN_CLIENT_ID"] = ServerProcess.ClientId;
            start.Environment["COUNTERSIGN_CLIENT_SECRET"] = ServerProcess.ClientSecret;
            var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var process = new Process { StartInfo = start, EnableRaisingEvents = true };
            process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("The sample ended at its start."));
            process.OutputDataReceived += (_, line) =>
            {
                if (line.Data?.Contains("Now listening on", StringComparison.Ordinal) == true)
                {
                    listening.TrySetResult();
                }
            };
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await listening.Task.WaitAsync(TimeSpan.FromSeconds(60));
            return new SampleProcess(process, origin);
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
