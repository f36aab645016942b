using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>What a line's rows may stand under in whichever project: for who looks for them in all at once.</summary>
/// <param name="Line">The line's own key; null when it has none.</param>
/// <param name="Keys">It within each project, then by itself, with all twins.</param>
internal sealed record LineEverywhere(LineKey? Line, IReadOnlyList<LineKey> Keys)
{
    // Those that have rows, also of a project that is not there any more. From one to the next by the index: there are few.
    private const string Projects =
        """
        WITH RECURSIVE of_identities (id) AS (
            SELECT min(project_id) FROM identities
            UNION ALL SELECT (SELECT min(project_id) FROM identities WHERE project_id > one.id)
            FROM of_identities one WHERE one.id IS NOT NULL),
        of_moments (id) AS (
            SELECT min(project_id) FROM verified_numbers
            UNION ALL SELECT (SELECT min(project_id) FROM verified_numbers WHERE project_id > one.id)
            FROM of_moments one WHERE one.id IS NOT NULL)
        SELECT id FROM of_identities WHERE id IS NOT NULL UNION SELECT id FROM of_moments WHERE id IS NOT NULL
        """;

    /// <summary>The keys that need not be read to open the rows.</summary>
    public IReadOnlyDictionary<LineKeyId, LineKey> Known { get; } =
        Keys.SelectMany(key => key.Parts).DistinctBy(key => key.Id).ToDictionary(key => key.Id);

    /// <param name="former">A key that the line had until it was destroyed; null for the one that it has.</param>
    public static async Task<LineEverywhere> FindAsync(
        IDatabase database, ILineKeys lines, PhoneNumber number, LineKey? former, CancellationToken cancellationToken) =>
        await OfAsync(
            lines, number,
            await database.ReadAsync(
                new Statement(Projects), row => (KeyOwner)ProjectId.Parse(row.GetString(0)), cancellationToken),
            former, cancellationToken);

    /// <summary>In some projects.</summary>
    /// <exception cref="UnavailableException">A key is there and cannot be opened: what stands under it would not be found.</exception>
    public static async Task<LineEverywhere> OfAsync(
        ILineKeys lines, PhoneNumber number, IReadOnlyList<KeyOwner> projects, LineKey? former, CancellationToken cancellationToken)
    {
        var found = await lines.FindAsync([number, .. projects], cancellationToken);
        foreach (var (owner, _) in found.Where(one => one.Value is null && (former is null || one.Key != number)))
        {
            throw OneLine.Unreadable(owner);
        }
        var line = former ?? found.GetValueOrDefault(number);
        return new LineEverywhere(line, line is null ? [] :
        [
            .. projects.Where(found.ContainsKey).SelectMany(project => line.Within(found[project]!).All)
                .Where(key => key.Project is not null),
            .. line.All,
        ]);
    }

    public override string ToString() => "***";
}
