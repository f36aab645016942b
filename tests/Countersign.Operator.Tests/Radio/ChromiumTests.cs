using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Operator.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Countersign.Operator.Tests.Radio;

/// <summary>
/// An ordinary browser behind a radio proxy is a handset, and a page in it may fetch the authorization address across origins.
/// </summary>
public sealed partial class ChromiumTests
{
    private const string Executable = "/usr/bin/chromium-headless-shell";

    [Theory]
    [InlineData("127.0.0.42", "true")]
    [InlineData("127.0.0.43", "false")]
    [InlineData("127.0.0.99", "login_required")]
    public async Task A_page_in_Chromium_follows_the_redirects_and_reads_the_last_answer(string address, string expected)
    {
        await using var running = await RunningOperator.StartAsync();
        await using var site = await SiteAsync();
        // Three origins: the page's, the operator's, and localhost for the callback.
        var callback = site.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/callback";
        var party = await running.RegisterAsync(callback: callback);
        var parameters = party.AuthorizationParameters();
        parameters["redirect_uri"] = callback;
        var page = QueryHelpers.AddQueryString(
            site.Urls.First() + "/page", "fetch", running.Origin + QueryHelpers.AddQueryString("/authorize", parameters));

        var shown = Shown().Match(await DumpAsync(running, address, page)).Groups[1].Value;

        Assert.Equal(
            expected, shown.StartsWith("code ", StringComparison.Ordinal) ? await VerifyAsync(party, shown[5..], callback) : shown);
    }

    [Fact]
    public async Task The_operators_own_page_shows_the_SIMs()
    {
        await using var running = await RunningOperator.StartAsync();
        await running.SetFaultAsync("wrong_nonce", "+12025550143");

        var shown = await DumpAsync(running, "127.0.0.99", running.Origin + "/");

        Assert.Contains("<td>+12025550142 Ada Lovelace</td>", shown, StringComparison.Ordinal);
        Assert.Contains("<td>+12025550143</td><td>wrong_nonce</td>", shown, StringComparison.Ordinal);
    }

    private static async Task<string> VerifyAsync(RelyingParty party, string code, string callback)
    {
        var (_, granted) = await party.RedeemAsync(code, form => form["redirect_uri"] = callback);
        var (_, body) = await party.CallAsync(
            "/number-verification/v2/verify", granted["access_token"]!.GetValue<string>(), """{"phoneNumber":"+12025550142"}""");
        return body["devicePhoneNumberVerified"]!.ToJsonString();
    }

    private static async Task<string> DumpAsync(RunningOperator running, string address, string page)
    {
        if (!File.Exists(Executable))
        {
            throw new InvalidOperationException(
                $"This test needs Chromium's headless shell at {Executable}. On Debian: apt-get install chromium-headless-shell.");
        }
        var opened = await running.ControlAsync(HttpMethod.Post, $"/sim/radio/{address}");
        var proxy = JsonNode.Parse(
            await opened.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["proxy"]!.GetValue<string>();
        var profile = Directory.CreateTempSubdirectory("countersign-operator-");
        try
        {
            var start = new ProcessStartInfo(Executable) { RedirectStandardOutput = true, RedirectStandardError = true };
            string[] arguments =
            [
                "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                $"--user-data-dir={profile.FullName}", $"--proxy-server={proxy}", "--proxy-bypass-list=<-loopback>",
                "--virtual-time-budget=5000", "--dump-dom", page,
            ];
            foreach (var argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }
            using var chromium = Process.Start(start)!;
            try
            {
                var said = chromium.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
                var dom = await chromium.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                await chromium.WaitForExitAsync(TestContext.Current.CancellationToken);
                return dom.Length > 0 ? dom : await said;
            }
            finally
            {
                chromium.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    /// <summary>A page that fetches the address it is given and writes what came back, and the callback that answers it.</summary>
    private static async Task<WebApplication> SiteAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/page", context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("""
                <!doctype html><p id="shown">waiting</p><script>
                const shown = document.getElementById("shown");
                fetch(new URLSearchParams(location.search).get("fetch"))
                  .then(answer => answer.json())
                  .then(json => shown.textContent = json.error ?? `code ${json.code}`, problem => shown.textContent = problem.message);
                </script>
                """, context.RequestAborted);
        });
        app.MapGet("/callback", context =>
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.ContentType = "application/json";
            var answer = new JsonObject();
            foreach (var (name, value) in context.Request.Query)
            {
                answer[name] = value.ToString();
            }
            return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
        });
        await app.StartAsync();
        return app;
    }

    [GeneratedRegex("<p id=\"shown\">([^<]*)</p>", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shown();
}
