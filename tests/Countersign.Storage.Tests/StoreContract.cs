namespace Countersign.Storage.Tests;

/// <summary>What every store promises, whichever database is below. Each test begins with empty tables.</summary>
public abstract class StoreContract(StoreFixture fixture) : IAsyncLifetime
{
    protected StoreFixture Fixture { get; } = fixture;

    protected static CancellationToken Cancelled => new(canceled: true);

    protected static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Fixture.EmptyAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
