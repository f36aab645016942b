using Countersign.Core.Assurance;
using Countersign.Core.Identity;
using Countersign.Core.Identity.Records;
using Countersign.Server.Providers.Camara;
using Countersign.Server.Providers.Identity;
using Countersign.Server.Providers.Live;
using Countersign.Server.Providers.Records;

namespace Countersign.Server.Hosting;

/// <summary>Identity records, identity sources and risk signals in Live.</summary>
internal static partial class Composition
{
    private static IServiceCollection AddIdentitySources(this IServiceCollection services, Settings settings)
    {
        // Nobody said otherwise: own records.
        var sources = settings.Options.IdentitySources is { Count: > 0 } configured ? configured : [new IdentitySourceOptions()];
        services.AddSingleton<RecordIdentitySource>();
        services.AddSingleton<IIdentitySource>(provider =>
            new IdentityChain([.. sources.Select(source => (NewSource(provider, source), source.StopOn))], provider.GetRequiredService<TimeProvider>()));
        return services.AddPersons(hasRecords: sources.Exists(source => source.Type == IdentitySourceOptions.Records)).AddRiskSources(settings);
    }

    private static IIdentitySource NewSource(IServiceProvider provider, IdentitySourceOptions options) => options.Type switch
    {
        IdentitySourceOptions.Camara => new CamaraIdentitySource(
            OperatorOf(provider, options.Operator), options.ApiVersion, provider.GetRequiredService<ILogger<CamaraIdentitySource>>()),
        IdentitySourceOptions.Http => new HttpIdentitySource(
            options, Clocks.ForOthers(provider), provider.GetRequiredService<ILogger<HttpIdentitySource>>()),
        _ => provider.GetRequiredService<RecordIdentitySource>(),
    };

    /// <summary>Persons are given out of own records and of nothing else: no other source has any.</summary>
    private static IServiceCollection AddPersons(this IServiceCollection services, bool hasRecords) => hasRecords
        ? services.AddSingleton<IAssuranceSource, RecordAssuranceSource>().AddSingleton<IPersonSource, RecordPersonSource>()
        : services.AddSingleton<IAssuranceSource, NoIdentitySource>().AddSingleton<IPersonSource, NoIdentitySource>();

    private static IServiceCollection AddRiskSources(this IServiceCollection services, Settings settings)
    {
        var sources = settings.Options.RiskSources;
        if (sources.Count == 0)
        {
            return services.AddSingleton<IPhoneRiskSource, NoIdentitySource>().AddSingleton<IVerifiedNumbers, NoVerifiedNumbers>();
        }
        services.AddSingleton<IPhoneRiskSource>(provider => new RiskSources([.. sources.Select(source => new CamaraRiskSource(
            OperatorOf(provider, source.Operator), source, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<CamaraRiskSource>>()))]));
        return sources.Exists(source => source.Recycling)
            ? services.AddSingleton<IVerifiedNumbers>(provider => provider.GetRequiredService<IVerifiedNumberStore>())
            : services.AddSingleton<IVerifiedNumbers, NoVerifiedNumbers>();
    }

    // Checked at start: there is one of this name.
    private static MobileOperator OperatorOf(IServiceProvider provider, string? name) => provider.GetRequiredService<MobileOperators>().Find(name!)!;

    /// <summary>In both modes: a sandbox takes imports too, though its test users answer.</summary>
    private static IServiceCollection AddRecords(this IServiceCollection services, Settings settings) => services
        .AddSingleton(settings.Options.Records)
        .AddSingleton<INumberReader, NumberReader>()
        .AddSingleton<RecordImports>()
        .AddSingleton<RecordUpkeep>()
        .AddHostedService(provider => provider.GetRequiredService<RecordUpkeep>());
}
