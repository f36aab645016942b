using Countersign.Core.IdentityMatching;
using Countersign.Core.Projects;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What a project makes of risk signals, as the admin API reads it: an object with a word for each signal.</summary>
internal static class RiskSettings
{
    private const string Description =
        "What is made of risk signals where possession was proven by a code or a link. `report`: told, decides nothing. `refuse`: such a "
        + "possession is not accepted.";

    private static readonly TextShape<RiskRule> _rule = AdminWords.Shape<RiskRule>();

    private static readonly (Member<RiskRule> Member, Func<RiskPolicy, RiskRule, RiskPolicy> Set)[] _signals =
    [
        (Signal("simSwap", "The SIM changed within 24 hours."), (policy, rule) => policy with { SimSwap = rule }),
        (Signal("simSwapInWeek", "The SIM changed within seven days, and not within 24 hours."),
            (policy, rule) => policy with { SimSwapInWeek = rule }),
        (Signal("recycled", "The number has gone to somebody else since it was last verified."),
            (policy, rule) => policy with { Recycled = rule }),
        (Signal("veryShortTenure", "The subscriber has had the number for a very short time."),
            (policy, rule) => policy with { VeryShortTenure = rule }),
        (Signal("shortTenure", "The subscriber has had the number for a short time."),
            (policy, rule) => policy with { ShortTenure = rule }),
    ];

    private static readonly Member<bool> _refusesUnknown = Member.Standard(
        "refusesUnknown", Shape.Flag(), false, "A signal that is to be refused counts as given when nobody knows.");

    private static readonly Member[] _members = [.. _signals.Select(signal => signal.Member), _refusesUnknown];

    public static ObjectMember Given { get; } = new(
        "risk", Schema.Closed(
            Description + " A signal that is not named stays as it is.",
            [.. _signals.Select(signal => signal.Member.OrNull(AdminWords.Of(default(RiskRule)))), _refusesUnknown.OrNull("false")]));

    public static Member Answered { get; } = new(
        Given, Schema.Closed(Description, [.. _members.Select(member => member with { IsRequired = true })]), IsRequired: true);

    /// <summary>
    /// Lays what the member says over the settings: a signal that it does not name stays as it is, null gives it its default.
    /// </summary>
    public static ProjectSettings Read(RequestMembers body, ProjectSettings settings)
    {
        if (body.Read(Given) is not { } risk)
        {
            return settings;
        }
        var policy = _signals.Where(signal => risk.IsNamed(signal.Member)).Aggregate(
            settings.Risk ?? RiskPolicy.Default, (present, signal) => signal.Set(present, risk.Read(signal.Member)));
        if (risk.IsNamed(_refusesUnknown))
        {
            policy = policy with { RefusesUnknown = risk.Read(_refusesUnknown) };
        }
        return settings with { Risk = policy.OrNullIfDefault() };
    }

    private static Member<RiskRule> Signal(string name, string description) => Member.Standard(name, _rule, default, description);
}

/// <summary>What a project makes of risk signals, as it is answered: "report" or "refuse" for each, always all of them.</summary>
internal sealed record RiskResponse(
    string SimSwap, string SimSwapInWeek, string Recycled, string VeryShortTenure, string ShortTenure, bool RefusesUnknown)
{
    public static RiskResponse Of(RiskPolicy policy) => new(
        AdminWords.Of(policy.SimSwap), AdminWords.Of(policy.SimSwapInWeek), AdminWords.Of(policy.Recycled),
        AdminWords.Of(policy.VeryShortTenure), AdminWords.Of(policy.ShortTenure), policy.RefusesUnknown);
}
