using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Numbers;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Projects;
using Countersign.Core.Scenarios;
using Countersign.Core.Texts;
using Countersign.Providers.Live;

namespace Countersign.Providers.Scenarios;

/// <summary>Who stands behind the ports while a scenario is played: the scenario, and a time that stands still between its steps.</summary>
public static class ScenarioServices
{
    // A moment is as good as another; this one is none of anybody's.
    private static readonly DateTimeOffset _begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Takes the place of the adapters that are registered.</summary>
    /// <param name="machine">By which is waited for what hangs.</param>
    public static IServiceCollection AddScenario(this IServiceCollection services, Scenario scenario, TimeProvider machine)
    {
        var clock = new ScenarioClock(machine, _begin);
        var wakeUp = services.Last(service => service.ServiceType == typeof(IWakeUp)).ImplementationFactory!;
        return services
            .AddSingleton<IWakeUp>(provider =>
                new ScenarioWakeUp((IWakeUp)wakeUp(provider), provider.GetRequiredService<ScenarioCalls>()))
            .AddSingleton(clock)
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton(new ScenarioScript(scenario))
            .AddSingleton(new ScenarioCalls(machine))
            .AddSingleton(new PublicAddress(() => "https://id.example"))
            .AddSingleton<INumberAdmission, ScenarioAdmission>()
            .AddSingleton<INumberVerifier, ScenarioNetwork>()
            .AddSingleton<ScenarioSource>()
            .AddSingleton<IIdentitySource>(provider => provider.GetRequiredService<ScenarioSource>())
            .AddSingleton<IPersonSource>(provider => provider.GetRequiredService<ScenarioSource>())
            .AddSingleton<IPhoneRiskSource, ScenarioRiskSource>()
            .AddSingleton<IVerifiedNumbers, NoVerifiedNumbers>()
            .AddSingleton<ICodeGenerator, RandomCodeGenerator>()
            .AddSingleton<ScenarioGateways>()
            .AddSingleton<ITextGateways>(provider => provider.GetRequiredService<ScenarioGateways>())
            .AddSingleton<ITextRoutes>(provider => provider.GetRequiredService<ScenarioGateways>())
            .AddSingleton<ISuppressions>(provider => provider.GetRequiredService<ScenarioGateways>())
            .AddSingleton<ITextPauses>(provider => provider.GetRequiredService<ScenarioGateways>())
            .AddSingleton<IPasskeyCeremony, ScenarioPasskeys>()
            .AddSingleton<ScenarioPhones>()
            .AddSingleton<ScenarioRelyingParty>()
            .AddSingleton<ScenarioBrowser>()
            .AddSingleton<ScenarioPlayer>();
    }

    /// <summary>Brings what a scenario needs into a store that is there for it alone.</summary>
    public static Task PrepareScenarioAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<IProjectStore>().PutAsync(
            services.GetRequiredService<ScenarioPhones>().Project, cancellationToken);

    /// <summary>Plays the scenario that was registered.</summary>
    public static Task<ScenarioPlayed> PlayScenarioAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<ScenarioPlayer>().PlayAsync(cancellationToken);
}
