using System.Net;
using Countersign.Core;
using Countersign.Core.Doctor;
using Countersign.Core.Events;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Numbers;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Texts;
using Countersign.Providers.Camara;
using Countersign.Providers.Geography;
using Countersign.Providers.Identity;
using Countersign.Providers.Live;
using Countersign.Providers.Numbers;
using Countersign.Providers.Sandbox;
using Countersign.Providers.Texts;
using Countersign.Providers.Webhooks;

namespace Countersign.Providers;

/// <summary>The adapters behind the ports to the world.</summary>
public static class ProviderServices
{
    /// <summary>Registers the adapters of the mode.</summary>
    /// <remarks>
    /// Asks for the stores and the keys, the ports' other sides in the core, the public address, and an <see cref="IFailureLog"/>.
    /// </remarks>
    public static IServiceCollection AddProviders(this IServiceCollection services, ProviderOptions options)
    {
        services
            .AddGeography(options.GeoTable)
            .AddSingleton<INumberPlan, NumberPlan>()
            // In both modes: a sandbox takes imports of records too, though its test users answer.
            .AddSingleton<INumberReader, NumberReader>()
            .AddSingleton<IWebhookSender>(provider => new WebhookSender(
                Dns.GetHostAddressesAsync, options.Receivers, options.ReceiverNetworks,
                provider.GetRequiredKeyedService<TimeProvider>(ClockKeys.Machine), provider.GetRequiredService<TimeProvider>()))
            // The way of a text, in both modes; every registered gateway has its place in it.
            .AddSingleton<TextGateways>()
            .AddSingleton<ITextGateways>(provider => provider.GetRequiredService<TextGateways>())
            .AddSingleton<IProviderStandings>(provider => provider.GetRequiredService<TextGateways>())
            .AddSingleton<ITextRoutes>(provider => new TextRoutes(
                options.TextRoutes, provider.GetRequiredService<ITextGateways>(), provider.GetRequiredService<INumberPlan>()));
        return (options.Mode == Mode.Sandbox ? services.AddSandboxProviders() : services.AddLiveProviders(options))
            .AddOperators(options.Operators, options.Mode);
    }

    /// <summary>What is configured replaces what stands here for "none".</summary>
    private static IServiceCollection AddLiveProviders(this IServiceCollection services, ProviderOptions options) => services
        .AddSingleton<INumberAdmission>(provider =>
        {
            var operators = provider.GetService<MobileOperators>();
            return new LiveNumberAdmission(options.Countries, number => operators?.MayAsk(number) == true);
        })
        .AddSingleton<INumberVerifier, NoOperator>()
        .AddSingleton<ICodeGenerator, RandomCodeGenerator>()
        .AddSmsGateways(options.Gateways)
        .AddIdentitySources(options.IdentitySources, options.RiskSources);
}
