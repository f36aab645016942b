using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.Doctor;
using Countersign.Core.IdentityMatching;
using Countersign.Providers.Camara;
using Countersign.Providers.Live;
using Countersign.Providers.Records;

namespace Countersign.Providers.Identity;

/// <summary>Identity sources and risk signals in Live.</summary>
internal static class IdentityServices
{
    public static IServiceCollection AddIdentitySources(
        this IServiceCollection services, IReadOnlyList<IdentitySourceOptions> identitySources,
        IReadOnlyList<RiskSourceOptions> riskSources)
    {
        // Nobody said otherwise: own records.
        IReadOnlyList<IdentitySourceOptions> sources = identitySources is { Count: > 0 } ? identitySources : [new IdentitySourceOptions()];
        services.AddSingleton<RecordIdentitySource>();
        services.AddSingleton(provider =>
            new IdentityChain(
                [.. sources.Select(source => new IdentityLink(NameOf(source), NewSource(provider, source), source.StopOn))],
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<IdentityChain>>()));
        services.AddSingleton<IIdentitySource>(provider => provider.GetRequiredService<IdentityChain>());
        services.AddSingleton<IProviderStandings>(provider => provider.GetRequiredService<IdentityChain>());
        return services
            .AddPersons(hasRecords: sources.Any(source => source.Type == IdentitySourceOptions.Records))
            .AddRiskSources(riskSources);
    }

    private static IIdentitySource NewSource(IServiceProvider provider, IdentitySourceOptions options) => options.Type switch
    {
        IdentitySourceOptions.Camara => new CamaraIdentitySource(
            OperatorOf(provider, options.Operator), options.ApiVersion, provider.GetRequiredService<ILogger<CamaraIdentitySource>>()),
        IdentitySourceOptions.Http => new HttpIdentitySource(
            options, DerivedClock.ForOthers(provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<ILogger<HttpIdentitySource>>()),
        _ => provider.GetRequiredService<RecordIdentitySource>(),
    };

    private static SourceName NameOf(IdentitySourceOptions options) => SourceName.Parse(options.Type switch
    {
        IdentitySourceOptions.Camara => options.Operator!,
        IdentitySourceOptions.Http => options.Name,
        _ => options.Type,
    });

    /// <summary>Persons are given out of own records and of nothing else: no other source has any.</summary>
    private static IServiceCollection AddPersons(this IServiceCollection services, bool hasRecords) => hasRecords
        ? services.AddSingleton<IAssuranceSource, RecordAssuranceSource>().AddSingleton<IPersonSource, RecordPersonSource>()
        : services.AddSingleton<IAssuranceSource, NoIdentitySource>().AddSingleton<IPersonSource, NoIdentitySource>();

    private static IServiceCollection AddRiskSources(this IServiceCollection services, IReadOnlyList<RiskSourceOptions> sources)
    {
        if (sources.Count == 0)
        {
            return services.AddSingleton<IPhoneRiskSource, NoIdentitySource>().AddSingleton<IVerifiedNumbers, NoVerifiedNumbers>();
        }
        services.AddSingleton<IPhoneRiskSource>(provider => new RiskSources([.. sources.Select(source => new CamaraRiskSource(
            OperatorOf(provider, source.Operator), source, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CamaraRiskSource>>()))]));
        return sources.Any(source => source.Recycling)
            ? services.AddSingleton<IVerifiedNumbers>(provider => provider.GetRequiredService<IVerifiedNumberStore>())
            : services.AddSingleton<IVerifiedNumbers, NoVerifiedNumbers>();
    }

    // Checked at start: there is one of this name.
    private static MobileOperator OperatorOf(IServiceProvider provider, string? name) =>
        provider.GetRequiredService<MobileOperators>().Find(name!)!;
}
