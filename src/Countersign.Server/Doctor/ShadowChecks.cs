using System.Globalization;
using Countersign.Core.Doctor;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;

namespace Countersign.Server.Doctor;

/// <summary>Whether what only tells has told for long enough: pure.</summary>
internal static class ShadowChecks
{
    /// <summary>So long, and with so many texts, that a rule has shown what it does to an ordinary week.</summary>
    public static readonly TimeSpan Enough = TimeSpan.FromDays(14);

    private const int EnoughTexts = 100;

    public static IEnumerable<Finding> OfLimits(TextLimitOptions limits, SettingHistory history, ShadowEvidence evidence) =>
        Of(
            Checks.LimitsShadow,
            SettingsChecks.LimitsThatPass(limits).Select(limit => (limit.Name, $"TextLimits:{limit.Name}", limit.Mode)),
            history, evidence,
            name => name != nameof(limits.Country)
                ? "What it would have refused stands in the log alone (event 1107)."
                : evidence.MostInAnHour <= limits.PerCountry
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"No hour had more than {evidence.MostInAnHour}, and it permits {limits.PerCountry}: it would have refused none.")
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"An hour had {evidence.MostInAnHour} texts, and it permits {limits.PerCountry} to a country: look first."));

    public static IEnumerable<Finding> OfPumping(PumpingOptions rules, SettingHistory history, ShadowEvidence evidence) =>
        Of(
            Checks.PumpingShadow,
            SettingsChecks.RulesThatPass(rules).Select(rule => (rule.Rule, $"Pumping:{NameOf(rule.Rule)}", rule.Mode)),
            history, evidence,
            rule => evidence.Found.GetValueOrDefault(rule) is > 0 and var found
                ? string.Create(CultureInfo.InvariantCulture, $"It has found something {found} times: look whether these were persons.")
                : "It has found nothing, and would have refused nothing.");

    private static List<Finding> Of(
        Check check, IEnumerable<(string Name, string Setting, LimitMode Mode)> passing, SettingHistory history, ShadowEvidence evidence,
        Func<string, string> wordsOf)
    {
        var findings = passing.Select(one =>
            Of(check, one.Setting, one.Mode, history.SinceOf(one.Setting), evidence, wordsOf(one.Name)) with { About = one.Name }).ToList();
        return findings.Count > 0 ? findings : [check.IsFine("All refuse.")];
    }

    private static Finding Of(
        Check check, string setting, LimitMode mode, DateTimeOffset? since, ShadowEvidence evidence, string words)
    {
        if (mode == LimitMode.Off)
        {
            return check.IsWeak($"Countersign:{setting} is Off: nothing is looked at.");
        }
        if (since is not { } at)
        {
            return check.IsUnknown("It only tells; since when is not known yet.");
        }
        var days = string.Create(
            CultureInfo.InvariantCulture,
            $"It only tells, since {at:yyyy-MM-dd}; {evidence.Texts} texts in the last {evidence.Days} days.");
        return evidence.Now - at < Enough || evidence.Texts < EnoughTexts
            ? check.IsFine($"{days} That is too little to judge it by: look again after {Enough.TotalDays:0} days and {EnoughTexts} texts.")
            : check.IsWeak($"{days} {words}");
    }

    // What the rules are called in the configuration.
    private static string NameOf(string rule) => rule switch
    {
        PumpingRule.PrefixConversion => nameof(PumpingOptions.PrefixConversion),
        PumpingRule.CountryConversion => nameof(PumpingOptions.CountryConversion),
        PumpingRule.Sequence => nameof(PumpingOptions.Sequence),
        PumpingRule.Address => nameof(PumpingOptions.Address),
        PumpingRule.Growth => nameof(PumpingOptions.Growth),
        _ => nameof(PumpingOptions.Denied),
    };
}

/// <summary>What the store knows of the last days.</summary>
/// <param name="Texts">That were handed over.</param>
/// <param name="MostInAnHour">To all countries together.</param>
/// <param name="Found">What rules that only tell have found, by their names.</param>
internal sealed record ShadowEvidence(
    DateTimeOffset Now, int Days, long Texts, long MostInAnHour, IReadOnlyDictionary<string, int> Found)
{
    public override string ToString() => nameof(ShadowEvidence);
}
