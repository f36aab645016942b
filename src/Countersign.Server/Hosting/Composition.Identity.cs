namespace Countersign.Server.Hosting;

/// <summary>Identity records, identity sources and risk signals in Live.</summary>
internal static partial class Composition
{
    private static IServiceCollection AddIdentitySources(this IServiceCollection services, Settings settings) => services;
}
