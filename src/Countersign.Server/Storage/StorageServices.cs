using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Clock;
using Countersign.Core.Devices;
using Countersign.Core.Domains;
using Countersign.Core.Flows;
using Countersign.Core.Identities;
using Countersign.Core.Identity.Records;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Security;

namespace Countersign.Server.Storage;

internal static class StorageServices
{
    /// <summary>Registers the stores and the wake-up over the database that the connection string names.</summary>
    /// <exception cref="ConfigurationException">The connection string names neither database; the message says what to write.</exception>
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options, MasterKey key)
    {
        services.AddSingleton(options);
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<FlowWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<FlowWatch>());
        if (IsSqlite(options.Connection))
        {
            services.AddSingleton(_ => new SqliteDatabase(options.Connection));
            services.AddSingleton<IDatabase>(provider => Guard(provider, provider.GetRequiredService<SqliteDatabase>()));
            services.AddSingleton<LocalWakeUp>();
            services.AddSingleton<IWakeUp>(provider => provider.GetRequiredService<LocalWakeUp>());
            services.AddSingleton<IClockSignal>(provider => provider.GetRequiredService<LocalWakeUp>());
        }
        else
        {
            services.AddSingleton(p => new PostgresDatabase(options.Connection, logger: p.GetService<ILogger<PostgresDatabase>>()));
            services.AddSingleton<IDatabase>(provider => Guard(provider, provider.GetRequiredService<PostgresDatabase>()));
            services.AddSingleton<PostgresWakeUp>();
            services.AddSingleton<IWakeUp>(provider => provider.GetRequiredService<PostgresWakeUp>());
            services.AddSingleton<IClockSignal>(provider => provider.GetRequiredService<PostgresWakeUp>());
            services.AddHostedService(provider => provider.GetRequiredService<PostgresWakeUp>());
        }

        services.AddSingleton<IStoreProbe>(p => p.GetRequiredService<IDatabase>());
        var sealer = key.CreateSealer();
        var hasher = key.CreateHasher();
        services.AddSingleton<IFlowStore>(p => new FlowStore(p.GetRequiredService<IDatabase>(), sealer, hasher, options.FlowLife));
        services.AddSingleton<ITextStore>(p => new TextStore(p.GetRequiredService<IDatabase>(), sealer, hasher));
        services.AddSingleton<ISuppressionList>(p => new SuppressionStore(p.GetRequiredService<IDatabase>(), sealer, hasher, PlanOf(p)));
        services.AddSingleton<ISuppressions>(p => p.GetRequiredService<ISuppressionList>());
        services.AddSingleton<ITakenRequests>(p => new TakenRequestStore(p.GetRequiredService<IDatabase>(), hasher));
        services.AddSingleton<IProjectStore>(p => new ProjectStore(p.GetRequiredService<IDatabase>(), hasher, options.Stricter));
        services.AddSingleton<IIdempotencyStore>(p => new IdempotencyStore(p.GetRequiredService<IDatabase>(), sealer));
        services.AddSingleton<ISigningKeyStore>(p => new SigningKeyStore(p.GetRequiredService<IDatabase>(), sealer));
        services.AddSingleton<IIdentityStore>(p => new IdentityStore(p.GetRequiredService<IDatabase>(), sealer, hasher, PlanOf(p)));
        services.AddSingleton<IDeviceStore>(p => new DeviceStore(p.GetRequiredService<IDatabase>()));
        services.AddSingleton<IPasskeyStore>(p => new PasskeyStore(p.GetRequiredService<IDatabase>(), sealer));
        services.AddSingleton<IDomainStore>(p => new DomainStore(p.GetRequiredService<IDatabase>()));
        services.AddSingleton(p => new VerifiedNumberStore(p.GetRequiredService<IDatabase>(), hasher, PlanOf(p)));
        services.AddSingleton(p => new PersonRecordKeys(hasher, PlanOf(p)));
        services.AddSingleton<IPersonRecords>(p => new PersonRecordStore(p.GetRequiredService<IDatabase>(), sealer, p.GetRequiredService<PersonRecordKeys>()));
        services.AddSingleton<IImportStore>(p => new ImportStore(p.GetRequiredService<IDatabase>(), sealer, p.GetRequiredService<PersonRecordKeys>()));
        services.AddSingleton(p => new IdentityLines(p.GetRequiredService<IDatabase>(), sealer, IdentityStore.HashesOf(hasher, PlanOf(p))));
        services.AddSingleton(p => new RecordLines(p.GetRequiredService<IDatabase>(), sealer, p.GetRequiredService<PersonRecordKeys>()));
        services.AddSingleton<ISandboxClockStore>(p => new SandboxClockStore(p.GetRequiredService<IDatabase>(), p.GetRequiredService<IClockSignal>()));
        return services;
    }

    // The machine's time: the server's clock may be moved, and a database is as slow as it is.
    private static GuardedDatabase Guard(IServiceProvider provider, IDatabase database) =>
        new(
            database, StorageOptions.Patience, TimeProvider.System, provider.GetRequiredService<Subscriptions>(),
            provider.GetRequiredService<ILogger<GuardedDatabase>>());

    /// <summary>Brings the schema up to date. To be called before the server listens and before anything is stored.</summary>
    public static void MigrateStorage(this IServiceProvider services) => services.GetRequiredService<IDatabase>().Migrate();

    /// <summary>Logs a pool for which PostgreSQL has no room even if this were the only node.</summary>
    public static async Task CheckPoolAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<PostgresDatabase>() is { } database
            && await database.CountConnectionsAsync(cancellationToken) is var allowed && database.PoolSize + 1 is var needed && needed > allowed)
        {
            Log.PoolTooLarge(services.GetRequiredService<ILogger<PostgresDatabase>>(), needed, allowed);
        }
    }

    private static INumberPlan PlanOf(IServiceProvider services) => services.GetRequiredService<INumberPlan>();

    /// <summary>SQLite, or else PostgreSQL.</summary>
    /// <exception cref="ConfigurationException">It is neither; the message says what to write.</exception>
    public static bool IsSqlite(string connection)
    {
        DbConnectionStringBuilder parts;
        try
        {
            parts = new DbConnectionStringBuilder { ConnectionString = connection };
        }
        catch (ArgumentException)
        {
            parts = [];
        }

        // A connection string may hold a password: the message does not repeat it.
        return (parts.ContainsKey("Data Source") || parts.ContainsKey("DataSource"), parts.ContainsKey("Host")) switch
        {
            (true, false) => true,
            (false, true) => false,
            _ => throw new ConfigurationException(
                "Countersign:Store is not understood. Write Data Source= and a path for SQLite (Data Source=countersign.db), "
                    + "or Host= and what follows for PostgreSQL (Host=localhost;Database=countersign;Username=countersign)."),
        };
    }
}
