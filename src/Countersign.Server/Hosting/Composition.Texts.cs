using Countersign.Core.Texts;
using Countersign.Server.Providers.Texts;
using Countersign.Server.Security;

namespace Countersign.Server.Hosting;

/// <summary>Texts: their way to the gateways, and in Live the gateways themselves.</summary>
internal static partial class Composition
{
    /// <summary>The way of a text, in the sandbox as in Live; every registered <see cref="ISmsGateway"/> has its place in it.</summary>
    private static IServiceCollection AddTexts(this IServiceCollection services, Settings settings) => services
        .AddSingleton<ITextGateways, TextGateways>()
        .AddSingleton<ITextRoutes, TextRoutes>()
        .AddSingleton<IReceiptTokens>(_ => new ReceiptTokens(settings.Key.DeriveReceiptTokenKey()))
        .AddSingleton<ITextJournal, TextLog>()
        .AddSingleton<TextDispatcher>()
        .AddSingleton<ITextReceipts>(provider => provider.GetRequiredService<Core.Flows.FlowRunner>())
        .AddSingleton<DueTexts>()
        .AddHostedService(provider => provider.GetRequiredService<DueTexts>());

    /// <summary>The gateways of <c>Countersign:Gateways</c>: each an <see cref="ISmsGateway"/> of its own.</summary>
    private static IServiceCollection AddTextGateways(this IServiceCollection services, Settings settings) => services.AddSmsGateways(settings);
}
