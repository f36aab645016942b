using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Devices;
using Countersign.Core.Doctor;
using Countersign.Core.Events;
using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Hosting;
using Countersign.Providers;
using Countersign.Providers.Identity;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Hosting;
using Countersign.Server.Security;

namespace Countersign.Server.Doctor;

/// <summary>What a configuration that the server starts with says by itself.</summary>
internal static class SettingsChecks
{
    private const string Outbox = "outbox";

    private static readonly DeviceKeyOptions _ofDevices = new();

    public static IEnumerable<Finding> Of(Settings settings, IConfiguration configuration) =>
    [
        .. Private(configuration), .. Addresses(settings, configuration), .. Lives(settings),
        .. settings.Server.Mode == Mode.Live ? OfLive(settings, configuration) : OfSandbox(settings, configuration),
    ];

    /// <summary>The words for rules that only tell; empty where all refuse.</summary>
    public static IReadOnlyList<(string Name, LimitMode Mode)> LimitsThatPass(TextLimitOptions limits) =>
    [
        .. new[]
        {
            (nameof(limits.Address), limits.Address), (nameof(limits.Client), limits.Client), (nameof(limits.Prefix), limits.Prefix),
            (nameof(limits.Country), limits.Country),
        }.Where(limit => limit.Item2 != LimitMode.Enforce),
    ];

    public static IReadOnlyList<(string Rule, LimitMode Mode)> RulesThatPass(PumpingOptions rules) =>
        [.. PumpingRule.All.Select(rule => (rule, rules.ModeOf(rule))).Where(rule => rule.Item2 != LimitMode.Enforce)];

    private static IEnumerable<Finding> OfLive(Settings settings, IConfiguration configuration)
    {
        yield return Proxy(settings, configuration);
        foreach (var gateway in configuration.GetSection($"{SettingNames.Root}:{GatewayTypes.Section}").GetChildren())
        {
            yield return (gateway["Type"] == Outbox
                ? Checks.TextsOutbox.IsWeak("It is an outbox: it sends nothing and keeps every text readable.")
                : Checks.TextsOutbox.IsFine("It sends them.")) with { About = gateway.Key };
        }
        yield return settings.Caps.ToCaps() is { } caps
            ? Checks.CapsNone.IsFine($"The texts of the whole server may cost {caps} ({caps.Currency}).")
            : Checks.CapsNone.IsWeak("The server has no cap, and its projects have none in the configuration.");
        yield return settings.Budget.GuessProbability is { } probability && probability > BudgetOptions.InLive.GuessProbability
            ? Checks.GuessesLikely.IsWeak(string.Create(
                CultureInfo.InvariantCulture, $"A code of a line may be guessed in a day once in {1 / probability:0} times."))
            : Checks.GuessesLikely.IsFine("Seldom enough: six digits and three entries.");
        yield return Passing(Checks.LimitsShadow, LimitsThatPass(settings.TextLimits));
        yield return Passing(Checks.PumpingShadow, RulesThatPass(settings.Pumping));
        yield return settings.DeviceKeys.Notice
            ? Checks.DevicesTold.IsFine("A text tells them, unless a project chooses otherwise.")
            : Checks.DevicesTold.IsWeak("Nobody tells a person: a code that was stolen proves for as long as the browser's key is good.");
        yield return settings.DeviceKeys.TieOnFetch
            ? Checks.DevicesFetch.IsWeak("A silent check at the network ties a browser's key, and no person has done anything for it.")
            : Checks.DevicesFetch.IsFine("It ties none.");
        foreach (var source in settings.IdentityChain.IdentitySources.Where(source => source.Type == IdentitySourceOptions.Http))
        {
            yield return (source.Url!.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
                ? Checks.SourcesPlain.IsFine("It is asked over https, for three seconds at most.")
                : Checks.SourcesPlain.IsWeak("It is asked over plain http: who is between reads names and numbers.")) with
            {
                About = source.Name,
            };
        }
    }

    private static IEnumerable<Finding> OfSandbox(Settings settings, IConfiguration configuration)
    {
        var isOpen = Array.Exists(ListeningAddresses.Of(configuration), url => !IsOfThisMachine(url))
            || settings.SandboxHosts.AllowedHosts.Length > 0
            || (settings.Server.PublicUrl is { } url && !new Uri(url).IsLoopback);
        yield return isOpen
            ? Checks.SandboxOpen.IsWeak("Other machines reach this sandbox: whoever does reads its texts and moves its clock.")
            : Checks.SandboxOpen.IsFine("This machine alone reaches it.");
    }

    private static IEnumerable<Finding> Private(IConfiguration configuration)
    {
        if ((configuration[ConfigurationFile.Option] ?? configuration[ConfigurationFile.Variable]) is not { Length: > 0 } path
            || OperatingSystem.IsWindows())
        {
            yield break;
        }
        yield return OfFile(Path.GetFullPath(path));
    }

    // A group is how a file that its administrator owns is given to the server's user.
    [UnsupportedOSPlatform("windows")]
    private static Finding OfFile(string path)
    {
        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        try
        {
            return (File.GetUnixFileMode(path) & others) == UnixFileMode.None
                ? Checks.ConfigurationPrivate.IsFine("Its owner, and at most its group, may read it.")
                : Checks.ConfigurationPrivate.IsWeak($"Others than its owner may read {path}, or write to it.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Checks.ConfigurationPrivate.IsUnknown("The file that the server read at its start cannot be looked at any more.");
        }
    }

    private static IEnumerable<Finding> Addresses(Settings settings, IConfiguration configuration)
    {
        if (settings.Server.PublicUrl is { } url)
        {
            yield return url.StartsWith("https:", StringComparison.Ordinal)
                ? Checks.PublicHttps.IsFine("They do.")
                : Checks.PublicHttps.IsWeak(
                    "Browsers and phones speak http with it: no other machine can, or what is sent can be read on the way.");
        }
        if (settings.Admin.IsOn)
        {
            var open = ListeningAddresses.Split(settings.Admin.Urls)
                .Where(own => !IsOfThisMachine(own) && !own.StartsWith("https:", StringComparison.OrdinalIgnoreCase)).ToList();
            yield return open.Count == 0
                ? Checks.AdminListens.IsFine("On this machine, or by https.")
                : Checks.AdminListens.IsWeak(
                    "The admin API listens on other interfaces than loopback, by plain http: who is between reads admin keys.");
        }
        else
        {
            yield return Checks.AdminListens.IsFine("Nowhere: no Countersign:Admin:Keys:<name> is set.");
        }
    }

    private static Finding Proxy(Settings settings, IConfiguration configuration) =>
        settings.TrustedProxies.TrustedProxies.Length > 0 ? Checks.ProxyNamed.IsFine("It is named.")
        : !settings.Server.PublicUrl!.StartsWith("https:", StringComparison.Ordinal)
            || Array.Exists(ListeningAddresses.Of(configuration), url => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            ? Checks.ProxyNamed.IsFine("None is needed: browsers can call the server itself.")
            : Checks.ProxyNamed.IsWeak(
                "The public address is https and the server listens for http alone, so a proxy stands before it, and none is named: all "
                    + "browsers of the world seem to call from one address.");

    private static IEnumerable<Finding> Lives(Settings settings)
    {
        // The pages state the settings' own defaults.
        var longer = new (string Setting, TimeSpan Set, TimeSpan Stated)[]
        {
            ("Countersign:History:Retention", settings.History.Retention, new HistoryOptions().Retention),
            ("Countersign:Events:Retention", settings.Events.Retention, new EventOptions().Retention),
            ("Countersign:Records:Retention", settings.Records.Retention, new RecordOptions().Retention),
            ("Countersign:Audit:Retention", settings.Audit.Retention, new AuditOptions().Retention),
        }.Where(one => one.Set > one.Stated).ToList();
        foreach (var one in longer)
        {
            yield return Checks.RetentionLonger.IsWeak($"It is {Days(one.Set)}; the pages state {Days(one.Stated)}.") with
            {
                About = one.Setting,
            };
        }
        if (longer.Count == 0)
        {
            yield return Checks.RetentionLonger.IsFine("Nothing is.");
        }
        yield return settings.DeviceKeys.MaxAge > _ofDevices.MaxAge || settings.DeviceKeys.MaxIdle > _ofDevices.MaxIdle
            ? Checks.DevicesLong.IsWeak(
                $"A browser stays known for {Days(settings.DeviceKeys.MaxAge)}, and {Days(settings.DeviceKeys.MaxIdle)} without a use.")
            : Checks.DevicesLong.IsFine($"At most {Days(_ofDevices.MaxAge)}, and {Days(_ofDevices.MaxIdle)} without a use.");
        yield return settings.Keys.TokenKeyLifetime > KeyOptions.DefaultTokenKeyLifetime
            ? Checks.TokenKeysLong.IsWeak($"One key signs tokens for {Days(settings.Keys.TokenKeyLifetime)}.")
            : Checks.TokenKeysLong.IsFine($"{Days(settings.Keys.TokenKeyLifetime)}, then the next does.");
    }

    private static Finding Passing(Check check, IReadOnlyList<(string Name, LimitMode Mode)> rules) =>
        rules.Where(rule => rule.Mode == LimitMode.Off).Select(rule => rule.Name).ToList() is { Count: > 0 } off
            ? check.IsWeak($"These are off: {string.Join(", ", off)}.")
        : rules.Count > 0
            ? check.IsUnknown($"These only tell: {string.Join(", ", rules.Select(rule => rule.Name))}. The store knows for how long.")
        : check.IsFine("All refuse.");

    private static string Days(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days");

    private static bool IsOfThisMachine(string url) =>
        url.Contains("://unix:/", StringComparison.OrdinalIgnoreCase)
        || (Uri.TryCreate(url, UriKind.Absolute, out var address)
            && (address.IsLoopback || (IPAddress.TryParse(address.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip))));
}
