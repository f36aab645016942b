using System.Runtime.CompilerServices;
using Countersign.Core;
using Countersign.Core.Erasure;
using Countersign.Core.History;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// They are found by the ids of the keys of line and project in what is sealed. Every write names the row as it was read, so it may be
/// broken off and be repeated. Hashes alone (<c>verified_numbers</c>) name no key, and go with their time. An outcome names its line's
/// pseudonym, and goes by the id of its flow, with what else tells of it.
/// </summary>
internal sealed class LostRows(
    IDatabase database, HashSealer hashes, ILineKeys lines, IPersonStore persons, IOutcomeStore outcomes, LinePseudonymStore pseudonyms,
    ErasureOptions options) : ILostRows
{
    // So many wait together until it is certain that their keys are gone.
    private const int AtOnce = 2000;

    // Few enough to leave the store to the calls.
    private const int InOneWrite = 100;

    // What stands under a line's key is of the classes that may have rows from before; the others of these stand under a project's.
    private readonly IReadOnlyList<(SealedTable Table, DataClass Class)> _tables =
    [
        .. from table in SealedTables.All(hashes)
           from one in Inventory.Tables
           where one.Name == table.Name && table.HoldsSealed && one.Class is { } of
               && (of.MayBeBare || DataClass.UnderProjectKey.Contains(of))
           select (table, one.Class),
    ];

    public async Task<ErasedCounts> CountAsync(bool withOutcomes, CancellationToken cancellationToken)
    {
        var counts = new ErasedCounts();
        foreach (var (table, of) in _tables)
        {
            await foreach (var some in FindAsync(table, cancellationToken))
            {
                counts.Add(of, some.Count);
            }
        }
        if (withOutcomes)
        {
            counts.Add(DataClass.Outcomes, (await FindForgottenAsync(cancellationToken)).Count);
        }
        return counts;
    }

    public async Task<ErasedCounts> RemoveAsync(bool withOutcomes)
    {
        var counts = new ErasedCounts();
        foreach (var (table, of) in _tables)
        {
            var waiting = new List<object?[]>();
            await foreach (var some in FindAsync(table, CancellationToken.None))
            {
                waiting.AddRange(some);
                if (waiting.Count >= AtOnce)
                {
                    counts.Add(await RemoveAsync(table, of, waiting));
                    waiting.Clear();
                }
            }
            counts.Add(await RemoveAsync(table, of, waiting));
        }
        foreach (var flows in withOutcomes ? (await FindForgottenAsync(CancellationToken.None)).Chunk(InOneWrite) : [])
        {
            counts.Add(await persons.EraseFlowsAsync(flows, CancellationToken.None));
        }
        return counts;
    }

    /// <summary>Outcomes of lines that have no pseudonym any more.</summary>
    private async Task<IReadOnlyList<CorrelationId>> FindForgottenAsync(CancellationToken cancellationToken)
    {
        var forgotten = new List<(CorrelationId Id, LinePseudonym Line)>();
        HashSet<LinePseudonym>? known = null;
        CorrelationId? after = null;
        do
        {
            var page = await outcomes.ScanAsync(DateTimeOffset.UnixEpoch, after, AtOnce, cancellationToken);
            known ??= page.Outcomes.Count == 0 ? [] : await pseudonyms.ListAsync(cancellationToken);
            forgotten.AddRange(
                from outcome in page.Outcomes
                where outcome.Line is { } line && !known.Contains(line)
                select (outcome.Id, outcome.Line!.Value));
            after = page.Next;
        }
        while (after is not null);
        if (forgotten.Count == 0)
        {
            return [];
        }
        // Those of lines that are new have come meanwhile.
        await Task.Delay(options.Settles, options.Machine, cancellationToken);
        known = await pseudonyms.ListAsync(cancellationToken);
        return [.. forgotten.Where(one => !known.Contains(one.Line)).Select(one => one.Id)];
    }

    private async Task<ErasedCounts> RemoveAsync(SealedTable table, DataClass of, List<object?[]> some)
    {
        var counts = new ErasedCounts();
        if (some.Count == 0)
        {
            return counts;
        }
        // An erasure that keeps STOP writes it under a key that the line has a moment later.
        await Task.Delay(options.Settles, options.Machine, CancellationToken.None);
        var lost = await LostAmongAsync(table, some, CancellationToken.None);
        if (of == DataClass.Identities)
        {
            return await persons.EraseIdentitiesAsync(
                [.. lost.Select(row => new Guid((byte[])row[0]!, bigEndian: true))], CancellationToken.None);
        }
        var sql = of == DataClass.Audit ? ForgetIn(table) : $"DELETE FROM {table.Name} WHERE {table.AsRead}";
        foreach (var rows in lost.Chunk(InOneWrite))
        {
            var results = await database.WriteAsync(
                [.. rows.Select(row => Resealing.Made(sql, table.ValuesOf(row)))], CancellationToken.None);
            counts.Add(of, results.Sum(result => result.Changed));
        }
        return counts;
    }

    /// <summary>The entry stays, and is about nobody.</summary>
    private static string ForgetIn(SealedTable table) =>
        $"UPDATE {table.Name} SET subject = NULL{(table.Name == "audit_entries" ? ", subject_hash = NULL" : "")} WHERE {table.AsRead}";

    /// <summary>A page's after the other, where there are some.</summary>
    private async IAsyncEnumerable<List<object?[]>> FindAsync(
        SealedTable table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        object?[]? last = null;
        do
        {
            var rows = await database.ReadAsync(
                Resealing.PageOf(table, last), row => Resealing.Read(table, row), cancellationToken);
            if (await LostAmongAsync(table, rows, cancellationToken) is { Count: > 0 } lost)
            {
                yield return lost;
            }
            last = rows.Count == Resealing.PageSize ? rows[^1] : null;
        }
        while (last is not null);
    }

    private async Task<List<object?[]>> LostAmongAsync(
        SealedTable table, List<object?[]> rows, CancellationToken cancellationToken)
    {
        var named = rows.Select(row => (Row: row, Keys: KeysOf(table, row))).Where(one => one.Keys.Count > 0).ToList();
        var there = await lines.ListThereAsync([.. named.SelectMany(one => one.Keys).Distinct()], cancellationToken);
        return [.. named.Where(one => one.Keys.Any(id => !there.Contains(id))).Select(one => one.Row)];
    }

    private static IReadOnlyList<LineKeyId> KeysOf(SealedTable table, object?[] row) =>
        [.. table.SealedValuesOf(row).SelectMany(value => Sealer.KeysOfLine(value)).Distinct()];
}
