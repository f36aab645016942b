using Countersign.Core.Numbers;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Texts;
using Countersign.Providers.Identity;
using Countersign.Providers.Sms;

namespace Countersign.Providers.Live;

/// <summary>Who stands behind the ports in Live. What is configured replaces what stands here for "none".</summary>
internal static class LiveServices
{
    public static IServiceCollection AddLiveProviders(this IServiceCollection services, ProviderOptions options) => services
        .AddSingleton<INumberAdmission, LiveNumberAdmission>()
        .AddSingleton<INumberVerifier, NoOperator>()
        .AddSingleton<ICodeGenerator, RandomCodeGenerator>()
        .AddSmsGateways(options.Gateways)
        .AddIdentitySources(options);
}
