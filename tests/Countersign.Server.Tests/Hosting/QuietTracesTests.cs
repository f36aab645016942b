using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Hosting;

public sealed class QuietTracesTests
{
    [Theory]
    [InlineData("/l/marked-path", "/l/{token}")]
    [InlineData("/v3/identity/marked-path/lookup", "/v3/identity/{mobileNumber}/lookup")]
    [InlineData("/v1/client/status?token=marked-path", "/v1/client/status")]
    [InlineData("/sandbox/messages?to=marked-path", "/sandbox/messages")]
    [InlineData("/marked-path", null)]
    public async Task A_trace_holds_the_route_and_never_the_address(string address, string? route)
    {
        using var sinks = new Sinks();
        await using var server = await TestServer.StartAsync();

        await server.CallAsync(HttpMethod.Get, address);
        await server.StopAsync();

        Assert.DoesNotContain(sinks.Seen, line => line.Contains("marked-path", StringComparison.Ordinal));
        Assert.True(route is null || sinks.Seen.Any(line => line.StartsWith("trace", StringComparison.Ordinal) && line.Contains($"http.route={route}", StringComparison.Ordinal)));
    }
}
