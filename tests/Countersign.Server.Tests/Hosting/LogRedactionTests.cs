using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Server.Tests.Hosting;

public sealed class LogRedactionTests
{
    [Theory]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore")]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics")]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore.*")]
    [InlineData("Logging:Console:LogLevel:Microsoft.AspNetCore")]
    public async Task No_setting_brings_an_address_into_the_log(string setting)
    {
        string[] addresses = ["/l/marked-token", "/v1/client/status?token=marked-token", "/sandbox/messages?to=marked-token",
            "/v3/identity/marked-token/lookup", "/marked-token"];
        await using var server = await TestServer.StartAsync(
            settings: new Dictionary<string, string?> { ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace", [setting] = "Trace" });

        foreach (var address in addresses)
        {
            using var response = await server.Client.GetAsync(address, TestContext.Current.CancellationToken);
        }
        await server.StopAsync();

        Assert.DoesNotContain(server.Logs.All, line => line.ToString().Contains("marked-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_framework_is_still_heard_when_something_is_wrong()
    {
        await using var server = await TestServer.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<IStartupFilter>(new Failing()));

        using var response = await server.Client.GetAsync("/fail", TestContext.Current.CancellationToken);
        await server.StopAsync();

        Assert.Contains(server.Logs.All, line =>
            line.Category.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) && line.Level == LogLevel.Error);
    }

    private sealed class Failing : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
                context.Request.Path == "/fail" ? throw new InvalidOperationException("It failed.") : following(context));
            next(app);
        };
    }
}
