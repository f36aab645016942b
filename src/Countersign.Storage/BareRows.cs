using Countersign.Core.Erasure;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Keeps, for each class, when it was first seen that none of its rows is from before lines had keys. Where the rows do not show that
/// themselves they are told by their age: all that a server writes that has looked once is under a line's key.
/// </summary>
internal sealed class BareRows(IDatabase database, TimeProvider time) : IBareRows
{
    private const string FirstLook = "keyed";

    // The first look of all; of a store that is new it finds nothing.
    private const string Before = "< (SELECT value FROM settings WHERE name = 'keyed')";

    // An outcome may be written under no key later, too, where none is in reach.
    public static Statement OutcomeIsBare { get; } = new($"DELETE FROM settings WHERE name = '{FirstLook}.project.outcomes'");

    // Each reads a row that may be one. The line's key is named by the first byte of what is sealed with it.
    private static readonly (DataClass Of, Statement Any)[] _underLines =
    [
        // In the words of the index, and in those that are meant.
        (DataClass.Identities, new Statement("SELECT 1 FROM identities WHERE number_form < 3 AND number_form < 2 LIMIT 1")
        {
            TakesLong = true,
        }),
        (DataClass.Records, new Statement("SELECT 1 FROM person_records WHERE number_form < 2 LIMIT 1")),
        (DataClass.Verified, new Statement(
            $"SELECT 1 FROM verified_numbers WHERE verified_at {Before} AND (left_at IS NULL OR left_at {Before}) LIMIT 1")),
        // A STOP that is said again is as old as it was.
        (DataClass.Stops, new Statement(
            "SELECT 1 FROM suppressions WHERE masked IS NULL OR substr(masked, 1, 1) <> @line LIMIT 1",
            ("@line", new[] { Sealer.LineFormat }))
        {
            TakesLong = true,
        }),
        (DataClass.Abuse, new Statement($"SELECT 1 FROM abuse_entries WHERE target = 'number' AND created_at {Before} LIMIT 1")),
        (DataClass.Audit, new Statement(
            $"""
            SELECT 1 FROM audit_waiting WHERE subject IS NOT NULL AND created_at {Before}
            UNION ALL SELECT 1 FROM audit_entries WHERE subject_hash IS NOT NULL AND happened_at {Before}
            LIMIT 1
            """)
        {
            TakesLong = true,
        }),
    ];

    private static readonly (DataClass Of, Statement Any)[] _underProjects =
    [
        (DataClass.Identities, new Statement("SELECT 1 FROM identities WHERE number_form < 3 LIMIT 1")),
        (DataClass.Verified, new Statement("SELECT 1 FROM verified_numbers WHERE number_form < 3 LIMIT 1") { TakesLong = true }),
        (DataClass.Outcomes, new Statement(
            "SELECT 1 FROM outcomes WHERE substr(body, 1, 1) <> @line LIMIT 1", ("@line", new[] { Sealer.LineFormat }))
        {
            TakesLong = true,
        }),
    ];

    /// <summary>Looks for both, so that it is known when one asks.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await AbsentSinceAsync(ErasureOf.Number, cancellationToken);
        await AbsentSinceAsync(ErasureOf.Project, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<DataClass, DateTimeOffset>> AbsentSinceAsync(
        ErasureOf of, CancellationToken cancellationToken)
    {
        var classes = of == ErasureOf.Project ? _underProjects : _underLines;
        var kept = await ReadAsync(cancellationToken);
        var unknown = classes.Where(one => !kept.ContainsKey(NameOf(of, one.Of))).ToList();
        if (unknown.Count == 0)
        {
            return Since(kept);
        }
        await KeepAsync(FirstLook, cancellationToken);
        foreach (var (one, any) in unknown)
        {
            if ((await database.ReadAsync(any, _ => true, cancellationToken)).Count == 0)
            {
                await KeepAsync(NameOf(of, one), cancellationToken);
            }
        }
        return Since(await ReadAsync(cancellationToken));

        Dictionary<DataClass, DateTimeOffset> Since(Dictionary<string, long> marks) => classes
            .Where(one => marks.ContainsKey(NameOf(of, one.Of)))
            .ToDictionary(one => one.Of, one => DateTimeOffset.FromUnixTimeMilliseconds(marks[NameOf(of, one.Of)]));
    }

    private static string NameOf(ErasureOf of, DataClass one) => of == ErasureOf.Project
        ? $"{FirstLook}.project.{one.Name}" : $"{FirstLook}.{one.Name}";

    private async Task<Dictionary<string, long>> ReadAsync(CancellationToken cancellationToken) => (await database.ReadAsync(
        new Statement("SELECT name, value FROM settings WHERE name LIKE 'keyed%'"), row => (Name: row.GetString(0), Value: row.GetInt64(1)),
        cancellationToken)).ToDictionary(row => row.Name, row => row.Value, StringComparer.Ordinal);

    /// <summary>What was kept first stays.</summary>
    private async Task KeepAsync(string name, CancellationToken cancellationToken) => await database.WriteAsync(
        [
            new Statement(
                "INSERT INTO settings (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING",
                ("@name", name), ("@value", time.GetUtcNow().ToUnixTimeMilliseconds())),
        ],
        cancellationToken);
}
