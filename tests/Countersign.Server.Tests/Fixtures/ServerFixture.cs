using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Fixtures;

/// <summary>One server for the tests of one class, and more of its kind for tests that need other settings.</summary>
public abstract class ServerFixture : IAsyncLifetime
{
    private TestServer? _server;

    public TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>A server on an empty store of its own.</summary>
    public async Task<TestServer> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? substitute = null,
        FakeTimeProvider? liveClock = null) =>
        await TestServer.StartAsync(await CreateStoreAsync(), settings, substitute, liveClock);

    /// <summary>Connection string of an empty database; null for SQLite in a folder of the server's own.</summary>
    protected abstract Task<string?> CreateStoreAsync();
}

public sealed class OnSqlite : ServerFixture
{
    protected override Task<string?> CreateStoreAsync() => Task.FromResult<string?>(null);
}

public sealed class OnPostgres(PostgresServer postgres) : ServerFixture
{
    // Many servers share one PostgreSQL in a test run.
    protected override async Task<string?> CreateStoreAsync() =>
        await postgres.CreateDatabaseAsync(TestServer.Migrate) + ";Maximum Pool Size=20";
}
