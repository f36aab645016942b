using Countersign.Core;

namespace Countersign.Server.Hosting;

/// <summary>
/// Whose time counts: the machine's; where nodes share a store, the store's; in the sandbox either, moved forward by its clock.
/// </summary>
internal static class Clocks
{
    public static IServiceCollection AddClocks(this IServiceCollection services) => services
        .AddKeyedSingleton(ClockKeys.Machine, TimeProvider.System)
        .AddSingleton(provider => provider.GetRequiredKeyedService<TimeProvider>(ClockKeys.Store));

    public static TimeProvider OfMachine(IServiceProvider services) => services.GetRequiredKeyedService<TimeProvider>(ClockKeys.Machine);
}
