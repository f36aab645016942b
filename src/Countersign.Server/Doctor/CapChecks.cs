using System.Globalization;
using Countersign.Core.Doctor;
using Countersign.Core.Money;
using Countersign.Core.Projects;

namespace Countersign.Server.Doctor;

/// <summary>What texts may cost, and have cost: pure.</summary>
internal static class CapChecks
{
    /// <summary>From so much of a cap on operators are to look (event 1510).</summary>
    private const decimal Nearly = 0.8m;

    public static IReadOnlyList<Check> All { get; } = [Checks.CapsNone, Checks.CapsSpent, Checks.CapsUnpriced];

    /// <param name="ofServer">Null for none.</param>
    /// <param name="rules">With the gateways that there are.</param>
    public static IEnumerable<Finding> Of(
        Caps? ofServer, IReadOnlyList<Project> projects, CapRules rules, IReadOnlyList<Spent> spent, DateTimeOffset now)
    {
        (SpendingOwner Owner, Caps Caps)[] capped =
        [
            .. ofServer is null ? [] : ((SpendingOwner, Caps)[])[(SpendingOwner.Server, ofServer)],
            .. projects.Where(project => project.Settings.Caps is not null)
                .Select(project => (SpendingOwner.Of(project.Id), project.Settings.Caps!)),
        ];
        return [.. None(ofServer, projects), .. Prices(capped, rules), .. Spending(capped, spent, now)];
    }

    private static IEnumerable<Finding> None(Caps? ofServer, IReadOnlyList<Project> projects)
    {
        var without = projects.Where(project => project.Settings.Caps is null).ToList();
        return ofServer is not null ? [Checks.CapsNone.IsFine($"The texts of the whole server may cost {ofServer} ({ofServer.Currency}).")]
            : projects.Count == 0 ? [Checks.CapsNone.IsWeak("The server has no cap, and there is no project yet.")]
            : without.Count == 0 ? [Checks.CapsNone.IsFine("Each project has a cap.")]
            : without.Select(project => Checks.CapsNone.IsWeak("Neither the project nor the server has a cap.") with
            {
                About = project.Id.ToString(),
            });
    }

    private static List<Finding> Prices((SpendingOwner Owner, Caps Caps)[] capped, CapRules rules)
    {
        var wrong = capped.Select(one => (one.Owner, Problem: rules.ProblemOf(one.Caps)))
            .Where(one => one.Problem is not null)
            .Select(one => Checks.CapsUnpriced.IsBroken($"The caps {one.Problem}. Texts are not sent.") with { About = NameOf(one.Owner) })
            .ToList();
        return wrong.Count > 0 ? wrong
            : [Checks.CapsUnpriced.IsFine(capped.Length == 0 ? "There are no caps." : "Every gateway has one.")];
    }

    private static List<Finding> Spending(
        (SpendingOwner Owner, Caps Caps)[] capped, IReadOnlyList<Spent> spent, DateTimeOffset now)
    {
        var told = new List<Finding>();
        foreach (var (owner, caps) in capped)
        {
            var own = spent.FirstOrDefault(one => one.Owner == owner) ?? Spent.Nothing(owner, now);
            foreach (var window in Enum.GetValues<CapWindow>())
            {
                if (caps.Of(window) is not { } cap)
                {
                    continue;
                }
                var (sum, end) = (own.In(window, now), CapWindows.EndOf(window, now));
                var words = string.Create(
                    CultureInfo.InvariantCulture, $"{sum:0.##} of {cap:0.##} {caps.Currency} are spent, until {end:yyyy-MM-dd} (UTC)");
                if (own.Reaches(window, cap, now))
                {
                    told.Add(Checks.CapsSpent.IsBroken($"{words}: texts that would pass it are not sent.") with { About = NameOf(owner) });
                }
                else if (sum >= Nearly * cap)
                {
                    told.Add(Checks.CapsSpent.IsWeak($"{words}.") with { About = NameOf(owner) });
                }
            }
        }
        return told.Count > 0 ? told
            : [Checks.CapsSpent.IsFine(capped.Length == 0 ? "There are no caps." : "More than a fifth of each cap.")];
    }

    private static string NameOf(SpendingOwner owner) => owner.Project?.ToString() ?? "server";
}
