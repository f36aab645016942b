using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Countersign.Core.Erasure;
using Countersign.Core.Flows;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Keeps, for each class, when it was first seen that none of its rows is from before lines had keys. Where the rows do not show that
/// themselves they are told by their age: all that a server writes that has looked once is under a line's key.
/// </summary>
internal sealed class BareRows(IDatabase database, TimeProvider time) : IBareRows
{
    private const string FirstLook = "keyed";
    private const string FirstLookForProjects = "keyed.project";

    // The first look of all; of a store that is new it finds nothing.
    private const string Before = $"< (SELECT value FROM settings WHERE name = '{FirstLook}')";

    /// <summary>The same of who looked whether rows stand under keys of projects: the end of a condition on a time.</summary>
    public const string BeforeProjects = $"< (SELECT value FROM settings WHERE name = '{FirstLookForProjects}')";

    // How often an outcome was written under no key.
    private const string Written = "keyed.project.outcomes.written";

    /// <summary>
    /// To stand in a write of outcomes of which one is under no key: that may be later, too, where none is in reach. Whoever looks at that
    /// moment sees by the number that there was one, whether they have come past its place or not.
    /// </summary>
    public static IReadOnlyList<Statement> OutcomeIsBare { get; } =
    [
        new(
            $"""
            INSERT INTO settings (name, value) VALUES ('{Written}', 1)
            ON CONFLICT (name) DO UPDATE SET value = settings.value + 1
            """),
        new($"DELETE FROM settings WHERE name = '{FirstLookForProjects}.outcomes'"),
    ];

    // Each reads a row that may be one. The line's key is named by the first byte of what is sealed with it. Where it goes through a table
    // it says which it has found: as long as that is there, nobody has to go through the table again.
    private static readonly (DataClass Of, Statement Any, Func<byte[], Statement>? Same)[] _underLines =
    [
        // In the words of the index, and in those that are meant.
        (DataClass.Identities, new Statement("SELECT 1 FROM identities WHERE number_form < 3 AND number_form < 2 LIMIT 1")
        {
            TakesLong = true,
        }, null),
        (DataClass.Records, new Statement("SELECT 1 FROM person_records WHERE number_form < 2 LIMIT 1"), null),
        (DataClass.Verified, new Statement(
            $"SELECT 1 FROM verified_numbers WHERE verified_at {Before} AND (left_at IS NULL OR left_at {Before}) LIMIT 1"), null),
        // A STOP that is said again is as old as it was.
        (DataClass.Stops, new Statement(
            "SELECT number_hash FROM suppressions WHERE masked IS NULL OR substr(masked, 1, 1) <> @line LIMIT 1",
            ("@line", new[] { Sealer.LineFormat }))
        {
            TakesLong = true,
        }, hash => new Statement(
            "SELECT 1 FROM suppressions WHERE number_hash = @hash AND (masked IS NULL OR substr(masked, 1, 1) <> @line)",
            ("@hash", hash), ("@line", new[] { Sealer.LineFormat }))),
        (DataClass.Abuse, new Statement($"SELECT 1 FROM abuse_entries WHERE target = 'number' AND created_at {Before} LIMIT 1"),
            null),
        (DataClass.Audit, new Statement(
            $"""
            SELECT 1 FROM audit_waiting WHERE subject IS NOT NULL AND created_at {Before}
            UNION ALL SELECT 1 FROM audit_entries WHERE subject_hash IS NOT NULL AND happened_at {Before}
            LIMIT 1
            """)
        {
            TakesLong = true,
        }, null),
    ];

    private static readonly (DataClass Of, Statement Any, Func<byte[], Statement>? Same)[] _underProjects =
    [
        (DataClass.Identities, new Statement("SELECT 1 FROM identities WHERE number_form < 3 LIMIT 1"), null),
        (DataClass.Verified, new Statement("SELECT number_hash FROM verified_numbers WHERE number_form < 3 LIMIT 1") { TakesLong = true },
            hash => new Statement("SELECT 1 FROM verified_numbers WHERE number_hash = @hash AND number_form < 3", ("@hash", hash))),
        // The youngest, which goes last: when it is gone the others mostly are.
        (DataClass.Outcomes, new Statement(
            "SELECT id FROM outcomes WHERE substr(body, 1, 1) <> @line ORDER BY id DESC LIMIT 1", ("@line", new[] { Sealer.LineFormat }))
        {
            TakesLong = true,
        }, id => new Statement("SELECT 1 FROM outcomes WHERE id = @id", ("@id", id))),
        (DataClass.Receipts, new Statement(
            "SELECT 1 FROM receipts WHERE substr(receipt, 1, 1) <> @line LIMIT 1", ("@line", new[] { Sealer.LineFormat }))
        {
            TakesLong = true,
        }, null),
        // Of which project one is that waits is sealed.
        (DataClass.Audit, new Statement(
            $"""
            SELECT 1 FROM audit_waiting WHERE subject IS NOT NULL AND created_at {BeforeProjects}
            UNION ALL SELECT 1 FROM audit_entries
            WHERE subject_hash IS NOT NULL AND project_id IS NOT NULL AND happened_at {BeforeProjects}
            LIMIT 1
            """)
        {
            TakesLong = true,
        }, null),
    ];

    private readonly ConcurrentDictionary<string, byte[]> _found = new(StringComparer.Ordinal);

    /// <summary>The first look, before anything is stored: what takes long is left to <see cref="LookAsync"/>.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await database.WriteAsync([Keep("WHERE TRUE", FirstLookForProjects)], cancellationToken);
        await AbsentSinceAsync(ErasureOf.Number, cancellationToken);
    }

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
        var written = kept.GetValueOrDefault(Written);
        await database.WriteAsync([Keep("WHERE TRUE", FirstLookOf(of))], cancellationToken);
        foreach (var (one, any, same) in unknown)
        {
            if (!await IsAnyAsync(NameOf(of, one), any, same, cancellationToken))
            {
                await database.WriteAsync(
                    [
                        // Whoever writes an outcome under no key has this row until it is there.
                        new Statement(
                            $"""
                            INSERT INTO settings (name, value) VALUES ('{Written}', 0)
                            ON CONFLICT (name) DO UPDATE SET value = settings.value
                            """),
                        Keep($"WHERE @written = (SELECT value FROM settings WHERE name = '{Written}')", NameOf(of, one),
                            ("@written", written)),
                    ],
                    cancellationToken);
            }
        }
        return Since(await ReadAsync(cancellationToken));

        Dictionary<DataClass, DateTimeOffset> Since(Dictionary<string, long> marks) => classes
            .Where(one => marks.ContainsKey(NameOf(of, one.Of)))
            .ToDictionary(one => one.Of, one => DateTimeOffset.FromUnixTimeMilliseconds(marks[NameOf(of, one.Of)]));
    }

    private static string FirstLookOf(ErasureOf of) => of == ErasureOf.Project ? FirstLookForProjects : FirstLook;

    private static string NameOf(ErasureOf of, DataClass one) => $"{FirstLookOf(of)}.{one.Name}";

    private async Task<Dictionary<string, long>> ReadAsync(CancellationToken cancellationToken) => (await database.ReadAsync(
        new Statement("SELECT name, value FROM settings WHERE name LIKE 'keyed%'"), row => (Name: row.GetString(0), Value: row.GetInt64(1)),
        cancellationToken)).ToDictionary(row => row.Name, row => row.Value, StringComparer.Ordinal);

    private async Task<bool> IsAnyAsync(
        string name, Statement any, Func<byte[], Statement>? same, CancellationToken cancellationToken)
    {
        if (same is not null && _found.TryGetValue(name, out var former)
            && (await database.ReadAsync(same(former), _ => true, cancellationToken)).Count > 0)
        {
            return true;
        }
        List<byte[]> rows;
        try
        {
            rows = await database.ReadAsync(any, row => same is null ? [] : row.GetFieldValue<byte[]>(0), cancellationToken);
        }
        catch (StoreUnavailableException) when (any.TakesLong)
        {
            // Longer than anybody waits: it is not known, which keeps no erasure from being done.
            return true;
        }
        if (same is not null && rows.Count > 0)
        {
            _found[name] = rows[0];
        }
        return rows.Count > 0;
    }

    /// <summary>What was kept first stays.</summary>
    private Statement Keep([ConstantExpected] string where, string name, params (string Name, SqlValue Value)[] values) => new(
        "", [("@name", name), ("@value", time.GetUtcNow().ToUnixTimeMilliseconds()), .. values])
    {
        Sql = $"INSERT INTO settings (name, value) SELECT @name, @value {where} ON CONFLICT (name) DO NOTHING",
    };
}
