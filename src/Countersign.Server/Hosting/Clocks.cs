using Countersign.Server.Storage;

namespace Countersign.Server.Hosting;

/// <summary>Whose time counts: the machine's; where nodes share a store, the store's; in the sandbox either, moved forward by its clock.</summary>
internal static class Clocks
{
    /// <summary>Key of the machine's own time.</summary>
    public const string Machine = "machine";

    public static IServiceCollection AddClocks(this IServiceCollection services, Settings settings)
    {
        services.AddKeyedSingleton(Machine, TimeProvider.System);
        if (!StorageServices.IsSqlite(settings.Options.Store))
        {
            services
                .AddSingleton(provider => new StoreClock(OfMachine(provider)))
                .AddSingleton(provider => new StoreClockUpkeep(
                    provider.GetRequiredService<StoreClock>(), provider.GetRequiredService<IDatabase>(), OfMachine(provider),
                    provider.GetRequiredService<ILogger<StoreClockUpkeep>>()))
                .AddHostedService(provider => provider.GetRequiredService<StoreClockUpkeep>());
        }
        return settings.Options.Mode == Mode.Sandbox
            ? services
                .AddSingleton(provider => new SandboxClock(OfStore(provider)))
                .AddSingleton<TimeProvider>(provider => provider.GetRequiredService<SandboxClock>())
            : services.AddSingleton<TimeProvider>(OfStore);
    }

    /// <summary>The time in which to speak with others: neither a moved sandbox nor a database's wrong clock must make old what they sign.</summary>
    public static TimeProvider ForOthers(IServiceProvider services) =>
        services.GetRequiredService<TimeProvider>() is var time and not (SandboxClock or StoreClock) ? time : OfMachine(services);

    public static TimeProvider OfMachine(IServiceProvider services) => services.GetRequiredKeyedService<TimeProvider>(Machine);

    private static TimeProvider OfStore(IServiceProvider services) => services.GetService<StoreClock>() ?? OfMachine(services);
}
