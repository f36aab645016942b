using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Fuzzing;

/// <summary>A web server without sockets: it hands calls to the application on the thread that makes them.</summary>
internal sealed class InProcessServer : IServer
{
    private Func<IFeatureCollection, Task>? _process;

    public InProcessServer() => Features.Set<IServerAddressesFeature>(new ServerAddressesFeature());

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
    {
        _process = async features =>
        {
            var context = application.CreateContext(features);
            await application.ProcessRequestAsync(context);
            application.DisposeContext(context, exception: null);
        };
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public HttpReply Send(HttpCall call)
    {
        using var body = new MemoryStream();
        var response = new HttpResponseFeature();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(call.ToFeature());
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = IPAddress.Parse("198.51.100.7") });
        call.Admit(features);
        OneThread.Wait(() => _process!(features));
        return new HttpReply(response.StatusCode, response.Headers, body.ToArray());
    }

    public void Dispose()
    {
    }
}

/// <summary>What was answered.</summary>
internal sealed record HttpReply(int Status, IHeaderDictionary Headers, byte[] Body)
{
    /// <summary>
    /// What every answer promises: never the status of a failure, and JSON that is JSON. 503 is the frozen store's, and nobody else's.
    /// </summary>
    public HttpReply Check()
    {
        BrokenPromise.Unless(Status is not (500 or 501 or 502) and < 600, $"the answer is {Status}: {Encoding.UTF8.GetString(Body)}");
        if (Headers.ContentType.ToString() is { } type && type.Contains("json", StringComparison.Ordinal) && Body.Length > 0)
        {
            System.Text.Json.JsonDocument.Parse(Body).Dispose();
        }
        return this;
    }

    public override string ToString() => $"{Status} {Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 200)))}";
}
