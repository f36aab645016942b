namespace Countersign.Server.Hosting;

/// <summary>Mobile operators: Mobile Auth in Live, and in a sandbox that has a simulated operator.</summary>
internal static partial class Composition
{
    private static IServiceCollection AddOperators(this IServiceCollection services, Settings settings) => services;
}
