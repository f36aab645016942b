namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>A stage that the tests of a class share.</summary>
public abstract class StageFixture(Store store, PostgresServer postgres, Chromium chromium) : IAsyncLifetime
{
    internal Stage Stage { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Stage = await Stage.SetAsync(store, postgres, chromium);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Stage.DisposeAsync();
    }
}

public sealed class SqliteStage(PostgresServer postgres, Chromium chromium) : StageFixture(Store.Sqlite, postgres, chromium);

public sealed class PostgresStage(PostgresServer postgres, Chromium chromium) : StageFixture(Store.Postgres, postgres, chromium);
