using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Countersign.Operator.Tests.Fixtures;

/// <summary>A client's own list of keys at an address.</summary>
internal sealed class PublishedKeys : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PublishedKeys(WebApplication app)
    {
        _app = app;
        Address = app.Urls.First() + "/jwks";
    }

    public string Address { get; }

    public static async Task<PublishedKeys> StartAsync(JsonObject jwk)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var list = new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString();
        app.MapGet("/jwks", context => context.Response.WriteAsync(list));
        await app.StartAsync();
        return new PublishedKeys(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
