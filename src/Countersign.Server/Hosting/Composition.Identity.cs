using Countersign.Core.Assurance;
using Countersign.Core.Identity;
using Countersign.Core.Identity.Records;
using Countersign.Server.Providers.Live;
using Countersign.Server.Providers.Records;

namespace Countersign.Server.Hosting;

/// <summary>Identity records, identity sources and risk signals in Live.</summary>
internal static partial class Composition
{
    private static IServiceCollection AddIdentitySources(this IServiceCollection services, Settings settings) => services
        .AddSingleton<IIdentitySource, RecordIdentitySource>()
        .AddSingleton<IAssuranceSource, RecordAssuranceSource>()
        .AddSingleton<IPersonSource, RecordPersonSource>()
        .AddSingleton<IPhoneRiskSource, NoIdentitySource>()
        .AddSingleton<IVerifiedNumbers, NoVerifiedNumbers>();

    /// <summary>In both modes: a sandbox takes imports too, though its test users answer.</summary>
    private static IServiceCollection AddRecords(this IServiceCollection services, Settings settings) => services
        .AddSingleton(settings.Options.Records)
        .AddSingleton<INumberReader, NumberReader>()
        .AddSingleton<RecordImports>()
        .AddSingleton<RecordUpkeep>()
        .AddHostedService(provider => provider.GetRequiredService<RecordUpkeep>());
}
