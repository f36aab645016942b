namespace Countersign.Server.Tests.Fixtures;

/// <summary>A server in Live for the tests of one class: it admits numbers of the United States, Great Britain and Germany.</summary>
public sealed class LiveServer : IAsyncLifetime
{
    public TestServer Server { get; private set; } = null!;

    public Credentials Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync(
            settings: new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Countries"] = "US,GB,DE,JM" });
        Shop = await Server.AddProjectAsync("shop", TestServer.Permissive);
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
