using Countersign.Core;
using Countersign.Core.Clock;

namespace Countersign.Server.Hosting;

/// <summary>Whose time counts: the machine's; where nodes share a store, the store's; in the sandbox either, moved forward by its clock.</summary>
internal static class Clocks
{
    public static IServiceCollection AddClocks(this IServiceCollection services, Settings settings)
    {
        services.AddKeyedSingleton(ClockKeys.Machine, TimeProvider.System);
        return settings.Options.Mode == Mode.Sandbox
            ? services
                .AddSingleton(provider => new SandboxClock(OfStore(provider)))
                .AddSingleton<TimeProvider>(provider => provider.GetRequiredService<SandboxClock>())
            : services.AddSingleton(OfStore);
    }

    public static TimeProvider ForOthers(IServiceProvider services) => DerivedClock.ForOthers(services.GetRequiredService<TimeProvider>());

    public static TimeProvider OfMachine(IServiceProvider services) => services.GetRequiredKeyedService<TimeProvider>(ClockKeys.Machine);

    private static TimeProvider OfStore(IServiceProvider services) => services.GetRequiredKeyedService<TimeProvider>(ClockKeys.Store);
}
