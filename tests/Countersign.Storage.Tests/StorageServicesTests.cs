using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Sandbox;
using Countersign.Core.Texts;
using Countersign.Providers.Numbers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.Storage.Tests;

public sealed class StorageServicesTests(PostgresServer postgres)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("countersign.db")]
    [InlineData("Server=localhost;Database=countersign;Password=swordfish")]
    [InlineData("Host=localhost;Data Source=countersign.db;Password=swordfish")]
    [InlineData("postgres://localhost/countersign?password=swordfish")]
    public void A_connection_string_of_neither_database_is_refused_with_the_cure_and_not_repeated(string connection)
    {
        var exception = Assert.Throws<ConfigurationException>(
            () => new ServiceCollection().AddStorage(new StorageOptions { Store = connection }, new ConfiguredKeyStore(StoreFixture.Key)));

        Assert.Contains("Data Source=", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Host=", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_source_is_SQLite()
    {
        using var folder = new TemporaryFolder();
        await using (var services = Build($"Data Source={folder.File("countersign.db")}"))
        {
            services.MigrateStorage();

            Assert.NotNull(services.GetService<SqliteDatabase>());
            Assert.IsType<GuardedDatabase>(services.GetRequiredService<IDatabase>());
            Assert.Same(services.GetRequiredService<IWakeUp>(), services.GetRequiredService<IClockSignal>());
            Assert.Same(services.GetRequiredKeyedService<TimeProvider>(ClockKeys.Machine),
                services.GetRequiredKeyedService<TimeProvider>(ClockKeys.Store));
            Assert.Equal(
                [typeof(FlowWatch), typeof(DayKeyUpkeep), typeof(LineUpkeep), typeof(KeyUpkeep), typeof(RowSealUpkeep)],
                services.GetServices<IHostedService>().Select(service => service.GetType()));
            await AssertWorksAsync(services);
        }
    }

    [Fact]
    public async Task A_host_is_PostgreSQL()
    {
        await using var services = Build(await postgres.CreateDatabaseAsync());
        services.MigrateStorage();

        Assert.NotNull(services.GetService<PostgresDatabase>());
        Assert.IsType<GuardedDatabase>(services.GetRequiredService<IDatabase>());
        Assert.Same(services.GetRequiredService<IWakeUp>(), services.GetRequiredService<IClockSignal>());
        Assert.IsType<StoreClock>(services.GetRequiredKeyedService<TimeProvider>(ClockKeys.Store));
        Assert.Contains((IHostedService)services.GetRequiredService<IWakeUp>(), services.GetServices<IHostedService>());
        Assert.Equal(
            [typeof(FlowWatch), typeof(PostgresWakeUp), typeof(StoreClockUpkeep), typeof(DayKeyUpkeep), typeof(LineUpkeep),
                typeof(KeyUpkeep), typeof(RowSealUpkeep)],
            services.GetServices<IHostedService>().Select(service => service.GetType()));
        await AssertWorksAsync(services);
    }

    private static async Task AssertWorksAsync(ServiceProvider services)
    {
        var flow = Sample.Flow();
        await services.GetRequiredService<IDatabase>().PingAsync(Test);
        await services.GetRequiredService<IFlowStore>().AddAsync(flow, Test);
        await services.GetRequiredService<IFlowStore>().TrySaveAsync(new Decision(flow, Sample.Text(flow)), Test);

        Assert.Single(await services.GetRequiredService<ITextStore>().ListAsync(Sample.Number, Test));
        Assert.Null(await services.GetRequiredService<IProjectStore>().FindProjectAsync(ProjectId.Parse("shop"), Test));
        Assert.Empty(await services.GetRequiredService<ISigningKeyStore>().ListAsync(Test));
        Assert.Equal(TimeSpan.Zero, await services.GetRequiredService<ISandboxClockStore>().ReadAsync(Test));
        Assert.Null(await services.GetRequiredService<IIdempotencyStore>()
            .FindAsync(new KeyedCall(Sample.Hash(1), Sample.Hash(2), Sample.Now, Sample.Now), Test));
    }

    private static ServiceProvider Build(string connection) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddKeyedSingleton(ClockKeys.Machine, TimeProvider.System)
            .AddSingleton<INumberPlan, NumberPlan>()
            .AddSingleton(new PossessionOptions())
            .AddSingleton(StricterDefaults.None)
            .AddStorage(new StorageOptions { Store = connection }, new ConfiguredKeyStore(StoreFixture.Key))
            .BuildServiceProvider();
}
