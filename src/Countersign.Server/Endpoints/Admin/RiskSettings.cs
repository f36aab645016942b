using Countersign.Core.Identity;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What a project makes of risk signals, as the admin API reads it: an object with a word for each signal.</summary>
internal static class RiskSettings
{
    private const string Unknown = "refusesUnknown";

    private static readonly (string Name, Func<RiskPolicy, RiskRule, RiskPolicy> Set)[] _signals =
    [
        ("simSwap", (policy, rule) => policy with { SimSwap = rule }),
        ("simSwapInWeek", (policy, rule) => policy with { SimSwapInWeek = rule }),
        ("recycled", (policy, rule) => policy with { Recycled = rule }),
        ("veryShortTenure", (policy, rule) => policy with { VeryShortTenure = rule }),
        ("shortTenure", (policy, rule) => policy with { ShortTenure = rule }),
    ];

    /// <summary>Lays what the member says over the settings: a signal that it does not name stays as it is, null gives it its default.</summary>
    public static ProjectSettings Read(RequestMembers body, ProjectSettings settings)
    {
        if (IsBlank(body, "risk", "must be an object") || body.Object("risk") is not { } risk)
        {
            return settings;
        }
        // A signal with a wrong name would be believed to be refused.
        risk.AllowOnly([.. _signals.Select(signal => signal.Name), Unknown]);
        var policy = _signals.Where(signal => risk.IsNamed(signal.Name)).Aggregate(
            settings.Risk ?? RiskPolicy.Default, (present, signal) => signal.Set(present, RuleOf(risk, signal.Name)));
        if (risk.IsNamed(Unknown) && !IsBlank(risk, Unknown, "must be true or false"))
        {
            policy = policy with { RefusesUnknown = risk.Flag(Unknown) };
        }
        return settings with { Risk = policy.OrNullIfDefault() };
    }

    private static RiskRule RuleOf(RequestMembers risk, string name)
    {
        var words = Enum.GetValues<RiskRule>().ToDictionary(ProjectSetting.WordOf, StringComparer.Ordinal);
        var reason = $"must be {string.Join(" or ", words.Keys)}";
        return !IsBlank(risk, name, reason) && risk.Text(name, check: text => words.ContainsKey(text) ? null : reason) is { } word ? words[word] : default;
    }

    // "" counts as absent; here absent means the default, and nobody who writes "" has asked for that.
    private static bool IsBlank(RequestMembers members, string name, string reason)
    {
        var isBlank = members.IsPresent(name) && !members.IsGiven(name);
        if (isBlank)
        {
            members.Invalid(name, reason);
        }
        return isBlank;
    }
}

/// <summary>What a project makes of risk signals, as it is answered: "report" or "refuse" for each, always all of them.</summary>
internal sealed record RiskResponse(
    string SimSwap, string SimSwapInWeek, string Recycled, string VeryShortTenure, string ShortTenure, bool RefusesUnknown)
{
    public static RiskResponse Of(RiskPolicy policy) => new(
        ProjectSetting.WordOf(policy.SimSwap), ProjectSetting.WordOf(policy.SimSwapInWeek), ProjectSetting.WordOf(policy.Recycled),
        ProjectSetting.WordOf(policy.VeryShortTenure), ProjectSetting.WordOf(policy.ShortTenure), policy.RefusesUnknown);
}
