using System.Globalization;
using Countersign.Core.Doctor;
using Countersign.Core.Limits;
using Countersign.Core.Projects;

namespace Countersign.Server.Doctor;

/// <summary>What the projects of a server in Live have chosen: pure.</summary>
internal static class ProjectChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        Checks.ProjectsTap, Checks.ProjectsSsn, Checks.ProjectsOneCall, Checks.ProjectsReasons, Checks.ProjectsNumberChange,
        Checks.ProjectsGuesses, Checks.ProjectsKept,
    ];

    /// <param name="ofServer">How likely a guess may be, for projects that say nothing.</param>
    public static IEnumerable<Finding> Of(IReadOnlyList<Project> projects, decimal? ofServer) =>
    [
        .. Each(projects, Checks.ProjectsTap, "All are confirmed by digits.", project =>
            project.Settings.LinkConfirmation == LinkConfirmation.Tap
                ? "One button confirms its links: a link that reaches the wrong phone proves it." : null),
        .. Each(projects, Checks.ProjectsSsn, "None is.", project =>
            project.Settings.DisclosesSsn ? "Whoever has a client secret of it reads them, number by number." : null),
        .. Each(projects, Checks.ProjectsOneCall, "Nothing may.", project => project.Settings.OneCall is { Count: > 0 } types
            ? $"Without a proof of possession: {string.Join(", ", types)}." : null),
        .. Each(projects, Checks.ProjectsReasons, "They are told one answer for both.", project =>
            project.Settings.IdentityReasons == IdentityReasons.Full ? "\"No record\" and \"another name\" are told apart." : null),
        .. Each(projects, Checks.ProjectsNumberChange, "None may.", project => project.Settings.NumberChange == NumberChangeRule.On
            ? "A flow may end for another number than it began with: who reads success alone takes it for the first." : null),
        .. Each(projects, Checks.ProjectsGuesses, "None does.", project =>
            project.Settings.GuessProbability is { } own && own > (ofServer ?? BudgetOptions.InLive.GuessProbability)
                ? string.Create(CultureInfo.InvariantCulture, $"A code may be guessed in a day once in {1 / own:0} times.") : null),
        .. Each(projects, Checks.ProjectsKept, "None does.", project =>
            project.Kept.Where(setting => setting.Value).Select(setting => setting.Key).Order(StringComparer.Ordinal).ToList()
                is { Count: > 0 } kept ? $"It keeps {string.Join(", ", kept)}." : null),
    ];

    /// <param name="problem">What is weak of one; null for nothing.</param>
    private static List<Finding> Each(
        IReadOnlyList<Project> projects, Check check, string allIsWell, Func<Project, string?> problem)
    {
        var weak = projects
            .Select(project => (project.Id, Problem: problem(project)))
            .Where(one => one.Problem is not null)
            .Select(one => check.IsWeak(one.Problem!) with { About = one.Id.ToString() })
            .ToList();
        return weak.Count > 0 ? weak : [check.IsFine(projects.Count == 0 ? "There is no project yet." : allIsWell)];
    }
}
