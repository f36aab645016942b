using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Audit;
using Countersign.Core.Devices;
using Countersign.Core.Domains;
using Countersign.Core.Enrolments;
using Countersign.Core.Erasure;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Core.Receipts;
using Countersign.Core.Sandbox;
using Countersign.Core.Texts;

namespace Countersign.Storage;

/// <summary>The stores behind the ports, on SQLite or PostgreSQL.</summary>
public static class StorageServices
{
    /// <summary>
    /// Registers the stores, the wake-up and the store's time (<see cref="ClockKeys.Store"/>) over the database that the connection string
    /// names.
    /// </summary>
    /// <remarks>
    /// Asks for <see cref="PossessionOptions"/>, <see cref="StricterDefaults"/>, an <see cref="INumberPlan"/>, the time that counts,
    /// and the machine's
    /// (<see cref="ClockKeys.Machine"/>).
    /// </remarks>
    /// <param name="keyDatabase">Connection string of the database that keeps the pseudonyms of lines; null for a file beside a SQLite
    /// store, and for a PostgreSQL store itself.</param>
    /// <param name="keepsTexts">Whether texts are never removed.</param>
    /// <exception cref="ConfigurationException">The connection string names neither database; the message says what to write.</exception>
    public static IServiceCollection AddStorage(
        this IServiceCollection services, StorageOptions options, IKeyStore keys, string? keyDatabase = null, bool keepsTexts = false)
    {
        services.AddSingleton(options);
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<FlowWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<FlowWatch>());
        if (StoreConnection.IsSqlite(options.Store))
        {
            services.AddSingleton(_ => new SqliteDatabase(options.Store));
            services.AddSingleton<IDatabase>(provider => Guard(provider, provider.GetRequiredService<SqliteDatabase>()));
            services.AddSingleton<LocalWakeUp>();
            services.AddSingleton<IWakeUp>(provider => provider.GetRequiredService<LocalWakeUp>());
            services.AddSingleton<IClockSignal>(provider => provider.GetRequiredService<LocalWakeUp>());
            services.AddKeyedSingleton(ClockKeys.Store, (provider, _) => MachineTimeOf(provider));
            services.AddSingleton<IStoreBackups>(p => new SqliteBackups(p.GetRequiredService<SqliteDatabase>(), MachineTimeOf(p)));
        }
        else
        {
            services.AddSingleton(p => new PostgresDatabase(options.Store, logger: p.GetService<ILogger<PostgresDatabase>>()));
            services.AddSingleton<IDatabase>(provider => Guard(provider, provider.GetRequiredService<PostgresDatabase>()));
            services.AddSingleton<PostgresWakeUp>();
            services.AddSingleton<IWakeUp>(provider => provider.GetRequiredService<PostgresWakeUp>());
            services.AddSingleton<IClockSignal>(provider => provider.GetRequiredService<PostgresWakeUp>());
            services.AddHostedService(provider => provider.GetRequiredService<PostgresWakeUp>());
            services.AddSingleton<IStoreBackups, NoBackups>();
            services.AddSingleton(provider => new StoreClock(MachineTimeOf(provider)));
            services.AddKeyedSingleton<TimeProvider>(ClockKeys.Store, (provider, _) => provider.GetRequiredService<StoreClock>());
            services.AddSingleton(provider => new StoreClockUpkeep(
                provider.GetRequiredService<StoreClock>(), provider.GetRequiredService<IDatabase>(), MachineTimeOf(provider),
                provider.GetRequiredService<ILogger<StoreClockUpkeep>>()));
            services.AddHostedService(provider => provider.GetRequiredService<StoreClockUpkeep>());
        }

        services.AddSingleton(p => KeysOf(p, options.Store, keyDatabase));
        services.AddSingleton(keys);
        services.AddSingleton(p => new KeyRing(keys, p.GetRequiredKeyedService<TimeProvider>(ClockKeys.Store)));
        services.AddSingleton(p => new DayKeys(p.GetRequiredService<KeyRing>())
        {
            KeepsTexts = keepsTexts, Read = () => p.GetRequiredService<DayKeyUpkeep>().TryRead(),
        });
        services.AddSingleton<DayKeyStore>();
        services.AddSingleton(p => new DayKeyUpkeep(
            p.GetRequiredService<DayKeyStore>(), p.GetRequiredService<KeyDatabase>(), MachineTimeOf(p),
            p.GetRequiredService<ILogger<DayKeyUpkeep>>()));
        services.AddHostedService(p => p.GetRequiredService<DayKeyUpkeep>());
        services.AddSingleton(p => new Sealer(p.GetRequiredService<KeyRing>(), days: p.GetRequiredService<DayKeys>()));
        services.AddSingleton<HashSealer>();
        services.AddSingleton<RowSeals>();
        services.AddSingleton(p => new SecretHasher(p.GetRequiredService<KeyRing>().Keys.HashKey));
        return services.AddStores();
    }

    private static IServiceCollection AddStores(this IServiceCollection services)
    {
        services.AddSingleton<IStoreProbe>(p => new KeyProbe(
            DatabaseOf(p), p.GetRequiredService<KeyRing>(), p.GetRequiredService<DayKeys>()));
        services.AddSingleton<IFlowStore>(p => new FlowStore(
            DatabaseOf(p), SealerOf(p), HasherOf(p), HashesOf(p), p.GetRequiredService<PossessionOptions>().FlowLife));
        services.AddSingleton<ITextStore>(p => new TextStore(DatabaseOf(p), SealerOf(p), HasherOf(p), HashesOf(p)));
        services.AddSingleton(p => new LinePseudonymStore(p.GetRequiredService<KeyDatabase>(), HasherOf(p), HashesOf(p), PlanOf(p)));
        services.AddSingleton<ILinePseudonyms>(p => p.GetRequiredService<LinePseudonymStore>());
        services.AddSingleton<ILineKeys>(p =>
            new LineKeyStore(p.GetRequiredService<KeyDatabase>(), SealerOf(p), HasherOf(p), HashesOf(p), PlanOf(p)));
        services.AddSingleton<ILineSecrets>(p => new LineSecrets(
            p.GetRequiredService<LinePseudonymStore>(), LinesOf(p), p.GetRequiredService<KeyDatabase>()));
        services.AddSingleton<ILostRows>(p => new LostRows(
            DatabaseOf(p), HashesOf(p), LinesOf(p), p.GetRequiredService<IPersonStore>(), p.GetRequiredService<IOutcomeStore>(),
            p.GetRequiredService<LinePseudonymStore>(), p.GetRequiredService<ErasureOptions>()));
        services.AddSingleton<IPersonStore>(p => new PersonStore(
            DatabaseOf(p), SealerOf(p), HasherOf(p), HashesOf(p), PlanOf(p), p.GetRequiredService<PersonRecordKeys>(), LinesOf(p)));
        services.AddSingleton<IOutcomeStore>(p => new OutcomeStore(
            DatabaseOf(p), SealerOf(p), HasherOf(p), HashesOf(p), LinesOf(p), p.GetRequiredService<PossessionOptions>().FlowLife));
        services.AddSingleton<IReceiptStore>(p => new ReceiptStore(DatabaseOf(p), SealerOf(p), LinesOf(p)));
        services.AddSingleton<IStatisticsStore>(p => new StatisticsStore(DatabaseOf(p)));
        services.AddSingleton<ISuppressionList>(p =>
            new SuppressionStore(DatabaseOf(p), SealerOf(p), HasherOf(p), HashesOf(p), PlanOf(p), LinesOf(p)));
        services.AddSingleton<ISuppressions>(p => p.GetRequiredService<ISuppressionList>());
        services.AddSingleton<ITakenRequests>(p => new TakenRequestStore(DatabaseOf(p), HasherOf(p), HashesOf(p)));
        services.AddSingleton<ICounterStore>(p => new CounterStore(DatabaseOf(p), SealerOf(p), HashesOf(p)));
        services.AddSingleton<ISpendingStore>(p => new SpendingStore(DatabaseOf(p)));
        services.AddSingleton<ITrafficStore>(p => new TrafficStore(DatabaseOf(p), HashesOf(p)));
        services.AddSingleton<ITakenChallenges>(p => new TakenChallengeStore(DatabaseOf(p), HasherOf(p), HashesOf(p)));
        services.AddSingleton<IAbuseStore>(p => new AbuseStore(DatabaseOf(p), SealerOf(p), HashesOf(p), LinesOf(p)));
        services.AddSingleton<IProjectStore>(p =>
            new ProjectStore(DatabaseOf(p), HasherOf(p), HashesOf(p), p.GetRequiredService<StricterDefaults>(), RowsOf(p), LinesOf(p)));
        services.AddSingleton<IAuditStore>(p => new AuditStore(DatabaseOf(p), SealerOf(p), HashesOf(p), LinesOf(p)));
        services.AddSingleton<IRevokedTokenStore>(p => new RevokedTokenStore(DatabaseOf(p)));
        services.AddSingleton<ITakenAssertions>(p => new TakenAssertionStore(DatabaseOf(p), HasherOf(p), HashesOf(p)));
        services.AddSingleton<IAdminKeyStore>(p => new AdminKeyStore(DatabaseOf(p), HashesOf(p), RowsOf(p)));
        services.AddSingleton<IIdempotencyStore>(p => new IdempotencyStore(DatabaseOf(p), SealerOf(p), HashesOf(p)));
        services.AddSingleton(p => new SigningKeyStore(DatabaseOf(p), SealerOf(p), RowsOf(p)));
        services.AddSingleton<ISigningKeyStore>(p => p.GetRequiredService<SigningKeyStore>());
        services.AddSingleton<IIdentityStore>(p =>
            new IdentityStore(DatabaseOf(p), SealerOf(p), HasherOf(p), HashesOf(p), PlanOf(p), RowsOf(p), LinesOf(p)));
        services.AddSingleton<IDeviceStore>(p => new DeviceStore(
            DatabaseOf(p), RowsOf(p), new EventOutbox(SealerOf(p)), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IEventLog>(p =>
            new EventLog(DatabaseOf(p), SealerOf(p), RequestsOf(p), p.GetRequiredService<ILogger<EventLog>>()));
        services.AddSingleton<IWebhookStore>(p =>
            new WebhookStore(DatabaseOf(p), SealerOf(p), RequestsOf(p), p.GetRequiredService<ILogger<WebhookStore>>()));
        services.AddSingleton<IPasskeyStore>(p => new PasskeyStore(DatabaseOf(p), SealerOf(p), RowsOf(p)));
        services.AddSingleton<IDomainStore>(p => new DomainStore(DatabaseOf(p)));
        services.AddSingleton<IVerifiedNumberStore>(p =>
            new VerifiedNumberStore(DatabaseOf(p), HasherOf(p), HashesOf(p), PlanOf(p), LinesOf(p)));
        services.AddSingleton(p => new RestoredStore(
            DatabaseOf(p), p.GetRequiredService<IFlowStore>(), p.GetRequiredService<IWebhookStore>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<RestoredStore>>()));
        services.AddSingleton<ISandboxClockStore>(p => new SandboxClockStore(DatabaseOf(p), p.GetRequiredService<IClockSignal>()));
        return services.AddRecords();
    }

    /// <summary>Persons on record, and the upkeep of numbers that were stored as typed and of what another key has sealed.</summary>
    private static IServiceCollection AddRecords(this IServiceCollection services)
    {
        services.AddSingleton(p => new PersonRecordKeys(HasherOf(p), HashesOf(p), PlanOf(p)));
        services.AddSingleton<IPersonRecords>(p =>
            new PersonRecordStore(DatabaseOf(p), SealerOf(p), p.GetRequiredService<PersonRecordKeys>(), LinesOf(p)));
        services.AddSingleton<IRecordSources>(p => new RecordSourceStore(DatabaseOf(p)));
        services.AddSingleton<IImportStore>(p =>
            new ImportStore(DatabaseOf(p), SealerOf(p), p.GetRequiredService<PersonRecordKeys>(), LinesOf(p)));
        services.AddSingleton(p => new IdentityLines(
            DatabaseOf(p), SealerOf(p), IdentityStore.HashesOf(HasherOf(p), HashesOf(p), PlanOf(p)), RowsOf(p), LinesOf(p)));
        services.AddSingleton(p => new RecordLines(DatabaseOf(p), SealerOf(p), p.GetRequiredService<PersonRecordKeys>(), LinesOf(p)));
        services.AddSingleton(p => new BareRows(DatabaseOf(p), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IBareRows>(p => p.GetRequiredService<BareRows>());
        services.AddSingleton<LineUpkeep>();
        services.AddHostedService(p => p.GetRequiredService<LineUpkeep>());
        services.AddSingleton(p => new Resealing(
            DatabaseOf(p), SealerOf(p), HashesOf(p), RowsOf(p), LinesOf(p), p.GetRequiredService<KeyDatabase>()));
        services.AddSingleton<IKeyUse>(p => p.GetRequiredService<Resealing>());
        services.AddSingleton<KeyUpkeep>();
        services.AddHostedService(p => p.GetRequiredService<KeyUpkeep>());
        services.AddSingleton(p => new RowSealUpkeep(
            RowsOf(p), p.GetRequiredService<SigningKeyStore>(), p.GetRequiredService<Resealing>(), MachineTimeOf(p),
            p.GetRequiredService<ILogger<RowSealUpkeep>>()));
        services.AddHostedService(p => p.GetRequiredService<RowSealUpkeep>());
        return services;
    }

    // The machine's time: the server's clock may be moved, and a database is as slow as it is.
    private static GuardedDatabase Guard(IServiceProvider provider, IDatabase database) =>
        new(
            database, StorageOptions.CallTimeout, TimeProvider.System, provider.GetRequiredService<Subscriptions>(),
            provider.GetRequiredService<ILogger<GuardedDatabase>>());

    /// <summary>The pseudonyms' database: one of its own, or the store where that is PostgreSQL and nothing else is said.</summary>
    private static KeyDatabase KeysOf(IServiceProvider provider, string store, string? named)
    {
        if (named is null && !StoreConnection.IsSqlite(store))
        {
            return KeyDatabase.Of(DatabaseOf(provider));
        }
        var connection = named ?? StoreConnection.KeysBeside(store);
        return new KeyDatabase(Open, opened => Guard(provider, opened), isNamed: named is not null);

        IDatabase Open()
        {
            IDatabase opened = StoreConnection.IsSqlite(connection)
                ? new SqliteDatabase(connection, scripts: "Keys/Sqlite")
                : new PostgresDatabase(connection, logger: provider.GetService<ILogger<PostgresDatabase>>(), scripts: ["Keys/Postgres"]);
            try
            {
                opened.Migrate();
                return opened;
            }
            catch
            {
                _ = opened.DisposeAsync().AsTask();
                throw;
            }
        }
    }

    /// <summary>Brings the schema up to date. To be called before the server listens and before anything is stored.</summary>
    public static void MigrateStorage(this IServiceProvider services)
    {
        services.GetRequiredService<IDatabase>().Migrate();
        if (services.GetRequiredService<KeyDatabase>() is { IsNamed: true } keys)
        {
            // Whoever has named a place hears at once that it cannot be used.
            _ = keys.Database;
        }
        if (services.GetService<SqliteDatabase>() is { ReadableByOthers: { } file })
        {
            Log.StoreReadableByOthers(services.GetRequiredService<ILogger<SqliteDatabase>>(), file);
        }
    }

    /// <summary>
    /// Finds out whether rows without a seal are those of a version before. To be called before the first row is read, and before a key
    /// for tokens is made.
    /// </summary>
    public static Task BeginRowSealsAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<RowSealUpkeep>().BeginAsync(cancellationToken);

    /// <summary>
    /// Reads the days' secrets, and makes those of today and tomorrow. To be called after the keys were read, and before anything of short
    /// life is stored or read.
    /// </summary>
    public static Task BeginDaysAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<DayKeyUpkeep>().BeginAsync(cancellationToken);

    /// <summary>Refuses a store that knows no STOP any more. To be called before anything is written.</summary>
    /// <exception cref="ConfigurationException">The keys of lines are lost; the message says what to do.</exception>
    public static Task RefuseLostLineKeysAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        LostOf(services).RefuseAsync(cancellationToken);

    /// <summary>The same, where it is accepted. Says under which keys nothing is found any more.</summary>
    public static Task<IReadOnlyList<KeyId>> AcceptLostLineKeysAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        LostOf(services).AcceptAsync(cancellationToken);

    /// <summary>
    /// Looks whether rows are there from before lines had keys. To be called before anything is stored of a line: of a store that is new it
    /// is known from then on that there are none.
    /// </summary>
    public static Task BeginLinesAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<BareRows>().BeginAsync(cancellationToken);

    /// <summary>Claims the store for a mode if nobody has, and returns the mode that it has.</summary>
    public static Task<Mode> ClaimStoreAsync(this IServiceProvider services, Mode mode, CancellationToken cancellationToken) =>
        new StoreMode(services.GetRequiredService<IDatabase>()).ClaimAsync(mode, cancellationToken);

    /// <summary>
    /// Ends what a store that was put back from a backup must not go on with. To be called after the keys were read and before anything
    /// else runs.
    /// </summary>
    /// <param name="tokenLife">How long access tokens live.</param>
    public static Task SettleRestoredAsync(this IServiceProvider services, TimeSpan tokenLife, CancellationToken cancellationToken) =>
        services.GetRequiredService<RestoredStore>().SettleAsync(tokenLife, cancellationToken);

    /// <summary>Asks the store for its time, where nodes share one. To be called before anything that has a moment is stored.</summary>
    public static Task MeasureStoreClockAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetService<StoreClockUpkeep>()?.MeasureAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Logs a pool for which PostgreSQL has no room even if this were the only node.</summary>
    public static async Task CheckPoolAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<PostgresDatabase>() is { } database
            && await database.CountConnectionsAsync(cancellationToken) is var allowed && database.PoolSize + 1 is var needed
            && needed > allowed)
        {
            Log.PoolTooLarge(services.GetRequiredService<ILogger<PostgresDatabase>>(), needed, allowed);
        }
    }

    private static TimeProvider MachineTimeOf(IServiceProvider services) =>
        services.GetRequiredKeyedService<TimeProvider>(ClockKeys.Machine);

    private static IDatabase DatabaseOf(IServiceProvider services) => services.GetRequiredService<IDatabase>();

    private static ILineKeys LinesOf(IServiceProvider services) => services.GetRequiredService<ILineKeys>();

    private static LostLineKeys LostOf(IServiceProvider services) =>
        new(DatabaseOf(services), services.GetRequiredService<KeyDatabase>(), services.GetRequiredService<KeyRing>());

    private static RequestIds RequestsOf(IServiceProvider services) =>
        new(services.GetRequiredService<IOutcomeStore>(), HashesOf(services));

    private static Sealer SealerOf(IServiceProvider services) => services.GetRequiredService<Sealer>();

    private static SecretHasher HasherOf(IServiceProvider services) => services.GetRequiredService<SecretHasher>();

    private static HashSealer HashesOf(IServiceProvider services) => services.GetRequiredService<HashSealer>();

    private static RowSeals RowsOf(IServiceProvider services) => services.GetRequiredService<RowSeals>();

    private static INumberPlan PlanOf(IServiceProvider services) => services.GetRequiredService<INumberPlan>();
}
