using Countersign.Core.Money;

namespace Countersign.Core.Projects;

/// <summary>
/// What a project's settings permit at the server's cost, or tell of persons on record: whoever administers some projects alone may narrow
/// it and not widen it. Attack: with the key of one project, to read all records that it sees, or to spend what others pay.
/// </summary>
public static class GuardedSettings
{
    /// <summary>The settings that a change widens, by their properties.</summary>
    public static IReadOnlyList<string> WidenedBy(ProjectSettings from, ProjectSettings to) =>
    [
        .. new (string Setting, bool IsWider)[]
        {
            (nameof(ProjectSettings.OneCall), to.OneCall.Except(from.OneCall).Any()),
            (nameof(ProjectSettings.DisclosesSsn), to.DisclosesSsn && !from.DisclosesSsn),
            (nameof(ProjectSettings.IdentityReasons), to.IdentityReasons > from.IdentityReasons),
            (nameof(ProjectSettings.Caps), IsWider(from.Caps, to.Caps)),
        }.Where(change => change.IsWider).Select(change => change.Setting),
    ];

    private static bool IsWider(Caps? from, Caps? to) =>
        from is not null && (to is null || to.Currency != from.Currency || IsMore(from.PerDay, to.PerDay)
            || IsMore(from.PerMonth, to.PerMonth));

    private static bool IsMore(decimal? from, decimal? to) => from is { } cap && !(to <= cap);
}
