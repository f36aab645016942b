using Countersign.Core;
using Countersign.Core.Doctor;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Sandbox;
using Countersign.Providers.Sandbox;

namespace Countersign.Providers.Camara;

/// <summary>Mobile operators: Mobile Auth in Live, and in a sandbox that has a simulated operator.</summary>
internal static class OperatorServices
{
    public static IServiceCollection AddOperators(
        this IServiceCollection services, IReadOnlyDictionary<string, OperatorOptions> configured, Mode mode)
    {
        var isSandbox = mode == Mode.Sandbox;
        var operators = OperatorSettings.Read(configured);
        if (operators.Count == 0)
        {
            return services;
        }

        services
            .AddSingleton(provider =>
                new MobileOperators(operators, TimeForOthers(provider), provider.GetRequiredService<ILogger<MobileOperators>>()))
            .AddSingleton<IProviderStandings>(provider => provider.GetRequiredService<MobileOperators>())
            .AddSingleton(provider => new PendingAuthorizations(new Sealer(provider.GetRequiredService<KeyRing>(), "operator")))
            .AddSingleton(provider => new CamaraNumberVerifier(
                provider.GetRequiredService<MobileOperators>(), provider.GetRequiredService<PendingAuthorizations>(),
                provider.GetRequiredService<PublicAddress>(), provider.GetRequiredService<PossessionOptions>(), mode,
                TimeForOthers(provider), provider.GetRequiredService<ILogger<CamaraNumberVerifier>>()))
            .AddSingleton<IOperatorCallbacks>(provider => provider.GetRequiredService<CamaraNumberVerifier>());
        return isSandbox
            ? services
                .AddSingleton(new SimulatedOperator(new Uri(operators[0].Issuer).GetLeftPart(UriPartial.Authority)))
                .AddSingleton<SandboxNumberVerifier>()
                .AddSingleton<INumberVerifier>(provider => new OperatorsFirst(
                    provider.GetRequiredService<CamaraNumberVerifier>(), provider.GetRequiredService<PendingAuthorizations>(),
                    provider.GetRequiredService<SandboxNumberVerifier>()))
            : services.AddSingleton<INumberVerifier>(provider => provider.GetRequiredService<CamaraNumberVerifier>());
    }

    private static TimeProvider TimeForOthers(IServiceProvider services) =>
        DerivedClock.ForOthers(services.GetRequiredService<TimeProvider>());
}
