using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Texts;
using Countersign.Server.Providers.Live;

namespace Countersign.Server.Hosting;

/// <summary>Who stands behind the ports in Live. What is configured replaces what stands here for "none".</summary>
internal static partial class Composition
{
    private static IServiceCollection AddLiveProviders(this IServiceCollection services, Settings settings) => services
        .AddSingleton<INumberPlan, NumberPlan>()
        .AddSingleton<INumberAdmission, LiveNumberAdmission>()
        .AddSingleton<INumberVerifier, NoOperator>()
        .AddSingleton<ICodeGenerator, RandomCodeGenerator>()
        .AddTextGateways(settings)
        .AddIdentitySources(settings);
}
