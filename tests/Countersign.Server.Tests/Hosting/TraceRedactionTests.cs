using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Hosting;

public sealed class TraceRedactionTests
{
    [Theory]
    [InlineData("/l/marked-path")]
    [InlineData("/v3/identity/marked-path/lookup")]
    [InlineData("/v1/client/status?token=marked-path")]
    [InlineData("/sandbox/messages?to=marked-path")]
    [InlineData("/marked-path")]
    public async Task A_trace_holds_no_address_even_if_an_instrumentation_puts_it_there(string address)
    {
        using var sinks = new Sinks();
        await using var server = await TestServer.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<IStartupFilter>(new Instrumentation()));

        await server.CallAsync(HttpMethod.Get, address);
        await server.StopAsync();

        Assert.Contains(sinks.Seen, line =>
            line.StartsWith("trace", StringComparison.Ordinal) && line.Contains("tag=instrumented", StringComparison.Ordinal));
        Assert.DoesNotContain(sinks.Seen, line => line.Contains("marked-path", StringComparison.Ordinal));
    }

    /// <summary>Puts in what OpenTelemetry's instrumentations do, before the first middleware runs.</summary>
    private sealed class Instrumentation : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                var activity = context.Features.Get<IHttpActivityFeature>()!.Activity;
                activity.SetTag("tag", "instrumented");
                activity.SetTag("url.path", context.Request.Path);
                activity.SetTag("url.query", context.Request.QueryString.ToUriComponent());
                return following(context);
            });
            next(app);
        };
    }
}
