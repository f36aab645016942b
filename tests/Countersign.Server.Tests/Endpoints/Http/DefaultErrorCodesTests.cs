using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Http;

/// <summary>Where no project is known yet, the server's own setting says which error codes are answered, in Live too.</summary>
public sealed class DefaultErrorCodesTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    [Theory]
    [InlineData("POST", "/v1/client/challenge", "{", 1001)]
    [InlineData("POST", "/v1/client/device/unregister", "{", 1001)]
    [InlineData("POST", "/v1/client/stepup/unregister", "{", 1001)]
    [InlineData("GET", "/v1/client/status", null, 1001)]
    [InlineData("POST", "/token", null, 1001)]
    [InlineData("PUT", "/token", null, 1001)]
    [InlineData("POST", "/v1/client/mobile/otp/start", "{}", 8002)]
    public async Task In_Live_calls_of_nobody_in_particular_are_answered_with_the_servers_codes(
        string method, string path, string? body, int code)
    {
        await using var server = await fixture.StartAsync(
            new Dictionary<string, string?>(TestServer.Live) { ["Countersign:ErrorCodes"] = "Legacy" });
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : TestServer.Json(body) };

        Assert.Equal(code, (await server.SendAsync(request)).Code);
    }

    [Fact]
    public void No_code_outside_the_sandbox_reads_the_sandboxs_settings()
    {
        var endpoints = Path.Combine(Repository.Root, "src", "Countersign.Server", "Endpoints");

        var readers = Directory.EnumerateFiles(endpoints, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}Sandbox{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && File.ReadAllText(file).Contains(".Sandbox.", StringComparison.Ordinal)
                && !File.ReadAllText(file).Contains("Core.Sandbox.", StringComparison.Ordinal))
            .Select(Path.GetFileName);

        Assert.Empty(readers);
    }
}
