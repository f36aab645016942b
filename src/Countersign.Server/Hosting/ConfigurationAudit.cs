using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Keys;
using Countersign.Server.Endpoints.Admin;

namespace Countersign.Server.Hosting;

/// <summary>
/// Writes down at each start what the configuration says otherwise than at the start before, of whatever node. Of what may be a secret
/// there is a keyed hash, which tells that it was changed.
/// </summary>
internal static class ConfigurationAudit
{
    // Texts that are nobody's secret. Of every other text there is the hash, so that a new setting cannot be forgotten here.
    private static readonly string[] _clear =
    [
        "Countersign:PublicUrl", "Countersign:Countries", "Countersign:Admin:Urls", "Countersign:Admin:Scopes",
        "Countersign:Admin:Projects", "Countersign:TrustedProxies",
    ];

    public static async Task RecordAsync(IServiceProvider services, IConfiguration configuration)
    {
        var (store, hasher) = (services.GetRequiredService<IAuditStore>(), services.GetRequiredService<SecretHasher>());
        var now = InWords(configuration, hasher);
        var before = await store.FindConfigurationAsync(CancellationToken.None);
        var entry = services.GetRequiredService<AuditWriter>().New(
            new AuditAct(AuditKind.Configuration, AuditWriter.Server, AuditWriter.StartAct)
            {
                Asked = [new AuditValue("version", ServerVersion.Text)],
                Changes = ActWords.Between(before ?? ActWords.Nothing, now),
            });
        await store.PutConfigurationAsync(now, entry, CancellationToken.None);
    }

    /// <summary>Every setting of ours that has a value, by its path.</summary>
    public static Dictionary<string, string> InWords(IConfiguration configuration, SecretHasher hasher) =>
        configuration.GetSection(SettingNames.Root).AsEnumerable().Where(setting => !string.IsNullOrEmpty(setting.Value))
            .ToDictionary(
                setting => setting.Key,
                setting => SettingNames.Ours.HoldsNoText(setting.Key) || IsClear(setting.Key)
                    ? ActWords.Cut(setting.Value!)
                    : $"hash:{hasher.Hash($"audit.setting.{setting.Key}", new Secret(setting.Value!)).Fingerprint}",
                StringComparer.OrdinalIgnoreCase);

    private static bool IsClear(string path) => Array.Exists(_clear, clear =>
        path.StartsWith(clear, StringComparison.OrdinalIgnoreCase) && (path.Length == clear.Length || path[clear.Length] == ':'));
}
