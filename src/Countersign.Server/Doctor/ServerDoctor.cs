using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Audit;
using Countersign.Core.Doctor;
using Countersign.Core.Events;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Core.Texts;
using Countersign.Server.Hosting;
using Countersign.Storage;

namespace Countersign.Server.Doctor;

/// <summary>
/// Looks at a server as it is configured, running or not: what its settings say, and then what its store knows. It changes nothing.
/// </summary>
internal sealed class ServerDoctor(IServiceProvider services, Settings settings, IConfiguration configuration) : IServerDoctor
{
    /// <summary>What rules have found is kept for a month; of a thousand it is clear what they do.</summary>
    private const int MaxFound = 1000;

    private static readonly TimeSpan _week = TimeSpan.FromDays(7);
    private static readonly TimeSpan _month = TimeSpan.FromDays(30);

    public string Configuration => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\n',
        ConfigurationAudit.InWords(configuration, services.GetRequiredService<SecretHasher>())
            .OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase)
            .Select(setting => $"{setting.Key.ToUpperInvariant()}={setting.Value}")))).AsSpan(0, 12));

    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Finding> findings = SettingsChecks.Of(settings, configuration).ToList();
        var ofStore = await LookAtStoreAsync(cancellationToken);
        findings = [.. findings, .. ofStore];
        var isReadable = !ofStore.Any(finding => finding.State == FindingState.Broken);
        foreach (var look in Looks())
        {
            var found = isReadable || !look.NeedsStore ? await FindAsync(look, cancellationToken)
                : [.. look.Checks.Select(check => check.IsUnknown("The store could not be looked at."))];
            findings = Joined(findings, found);
        }
        return findings;
    }

    /// <summary>
    /// What a look at the store, or at those that are called, adds: it says more than the setting alone, unless it saw nothing.
    /// </summary>
    internal static IReadOnlyList<Finding> Joined(IReadOnlyList<Finding> former, IReadOnlyList<Finding> found)
    {
        var seen = found.Where(finding => finding.State != FindingState.Unknown).Select(finding => finding.Check).ToHashSet();
        var looked = found.Select(finding => finding.Check).ToHashSet();
        var kept = former.Where(finding => !seen.Contains(finding.Check)
            && !(finding.State == FindingState.Unknown && looked.Contains(finding.Check))).ToList();
        var known = kept.Select(finding => finding.Check).ToHashSet();
        return [.. kept, .. found.Where(finding => finding.State != FindingState.Unknown || !known.Contains(finding.Check))];
    }

    private async Task<IReadOnlyList<Finding>> LookAtStoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            var facts = await services.LookAtStoreAsync(cancellationToken);
            var findings = StoreChecks.Of(facts, settings.Server.Mode, Now).ToList();
            if (facts is { Problem: null, Lacking: 0 })
            {
                findings.Add(await LookAtKeyAsync(cancellationToken));
            }
            return findings;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return [Checks.StoreAnswers.IsBroken(StoreChecks.WhyOf(exception))];
        }
    }

    private async Task<Finding> LookAtKeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredService<ISigningKeyStore>().ListAsync(cancellationToken);
            return services.GetRequiredService<KeyRing>().Missing is { } missing
                ? Checks.StoreKey.IsBroken($"Others seal with the encryption key {missing}, which this server does not have.")
                : Checks.StoreKey.IsFine("It does.");
        }
        catch (CryptographicException)
        {
            return Checks.StoreKey.IsBroken("The encryption key is not the one that this store was made with: nothing in it can be read.");
        }
    }

    private static async Task<IReadOnlyList<Finding>> FindAsync(Look look, CancellationToken cancellationToken)
    {
        try
        {
            return [.. await look.FindAsync(cancellationToken)];
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return [.. look.Checks.Select(check => check.IsUnknown($"It could not be read: {StoreChecks.WhyOf(exception)}"))];
        }
    }

    private IEnumerable<Look> Looks()
    {
        yield return new Look(WebhookChecks.All, async cancellationToken => WebhookChecks.Of(
            await ListWebhooksAsync(cancellationToken), Now));
        yield return new Look(StandingChecks.All, _ => Task.FromResult(StandingChecks.Of(
            services.GetServices<IProviderStandings>().SelectMany(one => one.Standings)
                .Where(one => settings.Server.Mode == Mode.Live || one.Kind != ProviderKind.Gateway), IsRunning)))
        {
            NeedsStore = false,
        };
        if (settings.Server.Mode != Mode.Live)
        {
            yield break;
        }
        yield return new Look(ProjectChecks.All, async cancellationToken => ProjectChecks.Of(
            await ListProjectsAsync(cancellationToken), settings.Budget.GuessProbability));
        yield return new Look(CapChecks.All, async cancellationToken => CapChecks.Of(
            settings.Caps.ToCaps(), await ListProjectsAsync(cancellationToken), settings.CapRules with { Gateways = [.. Gateways] },
            await services.GetRequiredService<ISpendingStore>().ListAsync(Now, cancellationToken), Now));
        yield return new Look([Checks.GatewaysReceipts], async cancellationToken => StandingChecks.OfReceipts(
            Gateways, await CountAsync(CountedBy.Gateway, _week, cancellationToken), _week.Days));
        yield return new Look([Checks.LimitsShadow, Checks.PumpingShadow], LookAtShadowsAsync);
        yield return new Look([Checks.ClientsOld, Checks.AdminKeysEndless, Checks.KeysOld], LookAtAgesAsync);
        yield return new Look([Checks.SourcesEveryone], LookAtSourcesAsync);
    }

    private async Task<IEnumerable<Finding>> LookAtShadowsAsync(CancellationToken cancellationToken)
    {
        var history = await ReadHistoryAsync(cancellationToken);
        var hours = await CountAsync(CountedBy.Hour, _month, cancellationToken);
        var found = await services.GetRequiredService<IAbuseStore>().ListAsync(MaxFound, cancellationToken);
        var evidence = new ShadowEvidence(
            Now, _month.Days, hours.Sum(hour => hour.Texts), hours.Select(hour => hour.Texts).DefaultIfEmpty().Max(),
            found.Where(one => one is { Verdict: AbuseVerdict.Held, Mode: LimitMode.Shadow })
                .CountBy(one => one.Rule, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal));
        return
        [
            .. ShadowChecks.OfLimits(settings.TextLimits, history, evidence),
            .. ShadowChecks.OfPumping(settings.Pumping, history, evidence),
        ];
    }

    private async Task<IEnumerable<Finding>> LookAtAgesAsync(CancellationToken cancellationToken)
    {
        var history = await ReadHistoryAsync(cancellationToken);
        return
        [
            .. SecretChecks.OfClients(
                await services.GetRequiredService<IProjectStore>().ListClientsAsync(projectId: null, cancellationToken), history, Now),
            .. SecretChecks.OfAdminKeys(
                await services.GetRequiredService<IAdminKeyStore>().ListAsync(cancellationToken), settings.Admin.Keys.Keys, history, Now),
            SecretChecks.OfEncryptionKey(services.GetRequiredService<KeyRing>().Keys.KeptAt(Now).SealsFrom, history, Now),
        ];
    }

    private async Task<IEnumerable<Finding>> LookAtSourcesAsync(CancellationToken cancellationToken)
    {
        var open = await services.GetRequiredService<IRecordSources>().ListSeenByAllAsync(cancellationToken);
        return open.Count == 0 ? [Checks.SourcesEveryone.IsFine("They are.")]
            : open.Select(source => Checks.SourcesEveryone.IsWeak("Every project sees them.") with { About = source.ToString() });
    }

    private bool IsRunning => services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested;

    private IEnumerable<string> Gateways => services.GetRequiredService<ITextGateways>().Names.Select(name => name.ToString());

    private Task<SettingHistory> ReadHistoryAsync(CancellationToken cancellationToken) =>
        SettingHistory.ReadAsync(services.GetRequiredService<IAuditStore>(), cancellationToken);

    private Task<IReadOnlyList<OutcomeCount>> CountAsync(CountedBy by, TimeSpan span, CancellationToken cancellationToken) =>
        services.GetRequiredService<IStatisticsStore>().ReadAsync(
            by, project: null, Now - span, Now, StatisticsQuery.MaxLimit, cancellationToken);

    private DateTimeOffset Now => services.GetRequiredService<TimeProvider>().GetUtcNow();

    private Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken) =>
        services.GetRequiredService<IProjectStore>().ListProjectsAsync(cancellationToken);

    private async Task<IReadOnlyList<SeenWebhook>> ListWebhooksAsync(CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IWebhookStore>();
        var seen = new List<SeenWebhook>();
        foreach (var project in await ListProjectsAsync(cancellationToken))
        {
            foreach (var webhook in await store.ListAsync(project.Id, cancellationToken))
            {
                var counts = await store.CountAsync(webhook.Id, cancellationToken);
                var dead = counts.Dead == 0 ? [] : await store.ListDeadAsync(webhook.Id, 1, cancellationToken);
                seen.Add(new SeenWebhook(webhook, counts, dead is [var last, ..] ? last : null));
            }
        }
        return seen;
    }

    /// <param name="Checks">What is not known when it fails.</param>
    private sealed record Look(IReadOnlyList<Check> Checks, Func<CancellationToken, Task<IEnumerable<Finding>>> FindAsync)
    {
        public bool NeedsStore { get; init; } = true;

        public override string ToString() => nameof(Look);
    }
}

internal static class DoctorServices
{
    public static IServiceCollection AddDoctor(this IServiceCollection services) => services.AddSingleton<IServerDoctor, ServerDoctor>();
}
