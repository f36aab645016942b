using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Sandbox;
using Countersign.Server.Providers.Camara;
using Countersign.Server.Providers.Sandbox;

namespace Countersign.Server.Hosting;

/// <summary>Mobile operators: Mobile Auth in Live, and in a sandbox that has a simulated operator.</summary>
internal static partial class Composition
{
    private static IServiceCollection AddOperators(this IServiceCollection services, Settings settings)
    {
        var isSandbox = settings.Options.Mode == Mode.Sandbox;
        var operators = OperatorSettings.Read(settings.Options.Operators, needsKeys: !isSandbox);
        if (operators.Count == 0)
        {
            return services;
        }

        services
            .AddSingleton(provider => new MobileOperators(operators, Clocks.ForOthers(provider), provider.GetRequiredService<ILogger<MobileOperators>>()))
            .AddSingleton(_ => new OpenChecks(settings.Key.CreateOperatorSealer()))
            .AddSingleton(provider => new CamaraNumberVerifier(
                provider.GetRequiredService<MobileOperators>(), provider.GetRequiredService<OpenChecks>(), provider.GetRequiredService<PublicAddress>(),
                provider.GetRequiredService<PossessionOptions>(), Clocks.ForOthers(provider), provider.GetRequiredService<ILogger<CamaraNumberVerifier>>()))
            .AddSingleton<IOperatorCallbacks>(provider => provider.GetRequiredService<CamaraNumberVerifier>());
        return isSandbox
            ? services
                .AddSingleton(new SimulatedOperator(new Uri(operators[0].Issuer).GetLeftPart(UriPartial.Authority)))
                .AddSingleton<SandboxNumberVerifier>()
                .AddSingleton<INumberVerifier>(provider => new OperatorsFirst(
                    provider.GetRequiredService<CamaraNumberVerifier>(), provider.GetRequiredService<OpenChecks>(), provider.GetRequiredService<SandboxNumberVerifier>()))
            : services.AddSingleton<INumberVerifier>(provider => provider.GetRequiredService<CamaraNumberVerifier>());
    }
}
