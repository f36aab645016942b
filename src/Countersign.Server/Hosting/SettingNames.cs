using Countersign.Core.Audit;
using Countersign.Core.Devices;
using Countersign.Core.Events;
using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Names;
using Countersign.Core.Possession;
using Countersign.Core.Pumping;
using Countersign.Hosting;
using Countersign.Providers;
using Countersign.Providers.Camara;
using Countersign.Providers.Geography;
using Countersign.Providers.Identity;
using Countersign.Providers.Live;
using Countersign.Providers.Sandbox;
using Countersign.Providers.Sms;
using Countersign.Providers.Texts;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Browser;
using Countersign.Server.Endpoints.Gateways;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty;
using Countersign.Server.Endpoints.Sandbox;
using Countersign.Server.Security;
using Countersign.Storage;

namespace Countersign.Server.Hosting;

/// <summary>Which settings there are: every section of every room, those of the framework, and what is nearly one of ours.</summary>
internal static class SettingNames
{
    /// <summary>Where ours stand.</summary>
    public const string Root = "Countersign";

    /// <summary>Ours; those of gateways are judged by their type.</summary>
    public static KnownSettings Ours { get; } = new KnownSettings(Root)
        .With<ServerOptions>()
        .With<StorageOptions>()
        .With<EncryptionOptions>()
        .With<KeyOptions>(KeyOptions.Section)
        .With<RequestRateOptions>()
        .With<BrowserLimitOptions>()
        .With<ErrorCodeOptions>()
        .With<TrustedProxiesOptions>()
        .With<SandboxHostsOptions>()
        .With<AdminOptions>(AdminOptions.Section)
        .With<ConfiguredProjectsOptions>().Within<ProjectOptions>().Within<RiskOptions>()
        .With<CountryOptions>()
        .With<PossessionOptions>(PossessionOptionsValidator.Section)
        .With<BudgetOptions>(BudgetOptions.Section)
        .With<TextLimitOptions>(TextLimitOptions.Section)
        .With<DeviceKeyOptions>(DeviceKeyOptions.Section)
        .With<PricesOptions>()
        .With<CapOptions>(CapOptions.Section)
        .With<PumpingOptions>(PumpingOptions.Section)
        .With<TextRoutesOptions>().Within<TextRouteOptions>()
        .With<HistoryOptions>(HistoryOptions.Section)
        .With<EventOptions>(EventOptions.Section)
        .With<RecordOptions>(RecordOptions.Section)
        .With<AuditOptions>(AuditOptions.Section)
        .With<IdentityChainOptions>().Within<IdentitySourceOptions>()
        .With<RiskSourcesOptions>().Within<RiskSourceOptions>()
        .With<MobileOperatorsOptions>().Within<OperatorOptions>()
        .With<GeoTableOptions>()
        .With<SandboxOptions>(SandboxOptions.Section)
        .With<HelpOptions>()
        .Beside(GatewayTypes.Section);

    /// <summary>What is wrong with names and shapes.</summary>
    public static IReadOnlyList<SettingProblem> Problems(IConfiguration configuration) =>
    [
        .. Ours.Problems(configuration),
        .. FrameworkSections.Problems(configuration),
        .. NearlyOurs(configuration),
    ];

    // The environment is shared with other programs, so not everything in it can be known. What is nearly ours was meant for us: a
    // sandbox would start instead.
    private static IEnumerable<SettingProblem> NearlyOurs(IConfiguration configuration)
    {
        var written = Ours.All.ToDictionary(path => path.Replace(':', '_'), StringComparer.OrdinalIgnoreCase);
        foreach (var section in configuration.GetChildren().Where(section => !section.Key.Equals(Root, StringComparison.OrdinalIgnoreCase)))
        {
            if (section.GetChildren().Any() && EditDistance.Between(section.Key.ToUpperInvariant(), Root.ToUpperInvariant(), max: 2) <= 2)
            {
                yield return SettingProblem.Misnamed(
                    $"{section.Key} is no section. Did you mean {Root}?", section.Path, Root, configuration);
            }
            else if (written.TryGetValue(section.Key, out var path))
            {
                var name = path.Replace(":", "__", StringComparison.Ordinal);
                yield return SettingProblem.Misnamed(
                    $"{section.Key} is no setting. Did you mean {name}, with two underscores for each colon?",
                    section.Path, path, configuration);
            }
        }
    }
}
