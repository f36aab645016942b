namespace Countersign.Server.Hosting;

/// <summary>Text gateways and their routes in Live.</summary>
internal static partial class Composition
{
    private static IServiceCollection AddTextGateways(this IServiceCollection services, Settings settings) => services.AddSmsGateways(settings);
}
