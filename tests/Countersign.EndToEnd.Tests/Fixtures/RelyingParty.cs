using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>
/// An app that verifies people: it serves the interoperability pages, and asks for the result when a page's finish callback says so.
/// </summary>
internal sealed class RelyingParty : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RelyingParty(WebApplication app) => _app = app;

    public string Origin => _app.Urls.First();

    /// <summary>The same under a name: browsers bind passkeys to names, and have none for pages under an address.</summary>
    public string LocalOrigin => Origin.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public static async Task<RelyingParty> StartAsync(ServerProcess server)
    {
        if (!Directory.Exists(Repository.InteropPages))
        {
            throw new InvalidOperationException(
                "The interoperability pages are not built: npm ci && npm run build in tests/interop, or run ./test.");
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Repository.InteropPages) });
        app.MapGet("/landing", () => Results.Text("Thank you. Go back to your computer.", "text/plain"));
        app.MapPost("/finish", async context =>
        {
            var finished = (await JsonNode.ParseAsync(context.Request.Body))!;
            // The page names the call that its product asks for the result with.
            var ask = context.Request.Query["ask"].ToString() is { Length: > 0 } named ? named : "/v3/verify-status";
            var status = await server.CallAsync(ask, new { correlationId = finished["authId"]!.GetValue<string>() });
            await context.Response.WriteAsync(status.ToJsonString());
        });
        await app.StartAsync();
        return new RelyingParty(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
