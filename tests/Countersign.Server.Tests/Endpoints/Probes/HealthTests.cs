using Countersign.Core.Flows;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Probes;

public sealed class HealthTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    [Theory]
    [InlineData("/health")]
    [InlineData("/health/ready")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/openapi/v3.json")]
    [InlineData("/openapi/relying-party.json")]
    [InlineData("/openapi/browser.json")]
    [InlineData("/openapi/sandbox.json")]
    public async Task Head_is_get_without_a_body(string path)
    {
        var get = await Reply.ReadAsync(await fixture.Server.Client.GetAsync(path, TestContext.Current.CancellationToken));

        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        var head = await fixture.Server.SendAsync(request);

        Assert.Equal((200, 200), (get.Status, head.Status));
        Assert.Equal(get.Header("Content-Length"), head.Header("Content-Length"));
        Assert.Equal(get.Header("Content-Type"), head.Header("Content-Type"));
        Assert.NotEmpty(get.Body);
        Assert.Empty(head.Body);
    }

    [Theory]
    [InlineData("Standard", 8000)]
    [InlineData("Legacy", 1000)]
    public async Task A_server_without_its_store_is_not_ready_and_says_so_as_every_refusal(string family, int code)
    {
        await using var server = await fixture.StartAsync(
            new Dictionary<string, string?> { ["Countersign:Sandbox:ErrorCodes"] = family },
            builder => builder.Services.AddSingleton<IStoreProbe>(new NoStore()));

        var ready = await Reply.ReadAsync(await server.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken));

        Assert.Equal($"503 {code} store not available", ready.Fault);
        Assert.Equal(200, (await Reply.ReadAsync(await server.Client.GetAsync("/health", TestContext.Current.CancellationToken))).Status);
    }

    private sealed class NoStore : IStoreProbe
    {
        public Task PingAsync(CancellationToken cancellationToken) => throw new TimeoutException();
    }
}
