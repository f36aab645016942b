using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Testing;

/// <summary>A provider in this process: it keeps every request as it came and answers as it is told.</summary>
internal sealed class ProviderDouble : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ProviderRequest> _requests = [];
    private readonly Channel<ProviderRequest> _arrivals = Channel.CreateUnbounded<ProviderRequest>();

    private ProviderDouble(WebApplication app) => _app = app;

    /// <summary>What it does with the next requests.</summary>
    public Func<HttpContext, ProviderRequest, Task> Behaviour { get; set; } = (_, _) => Task.CompletedTask;

    public Uri Address { get; private set; } = null!;

    public IReadOnlyList<ProviderRequest> Requests => [.. _requests];

    public static async Task<ProviderDouble> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new ProviderDouble(builder.Build());
        provider._app.Run(provider.AnswerAsync);
        await provider._app.StartAsync();
        provider.Address = new Uri(
            provider._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return provider;
    }

    /// <summary>Answers with this from now on, and forgets what came before.</summary>
    public void Answers(ProviderReply reply) => Does((context, _) => reply.WriteAsync(context));

    /// <summary>Does this from now on, and forgets what came before.</summary>
    public void Does(Func<HttpContext, ProviderRequest, Task> behaviour)
    {
        Behaviour = behaviour;
        _requests.Clear();
        while (_arrivals.Reader.TryRead(out _))
        {
            // Of an earlier test.
        }
    }

    /// <summary>The next request, once it is there whole.</summary>
    public async Task<ProviderRequest> NextAsync() => await _arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new ProviderRequest(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        _requests.Enqueue(request);
        _arrivals.Writer.TryWrite(request);
        await Behaviour(context, request);
    }
}

/// <summary>A request as it came.</summary>
internal sealed record ProviderRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string Header(string name) => Headers.TryGetValue(name, out var value) ? value : "";
}

/// <summary>What a provider answers.</summary>
internal sealed record ProviderReply(
    int Status, string Body, string Type = "application/json", string? RetryAfter = null, string? Location = null)
{
    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = Type;
        if (RetryAfter is not null)
        {
            context.Response.Headers.RetryAfter = RetryAfter;
        }
        if (Location is not null)
        {
            context.Response.Headers.Location = Location;
        }
        if (Status is not (int)HttpStatusCode.NoContent)
        {
            await context.Response.WriteAsync(Body);
        }
    }
}
