using System.Data.Common;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Keys;

namespace Countersign.Storage;

internal sealed class LinePseudonymStore(
    KeyDatabase keys, SecretHasher hasher, HashSealer hashes, INumberPlan plan) : ILinePseudonyms
{
    // That a line is in use is written once a day: its row is removed weeks later.
    private static readonly TimeSpan _usedAgain = TimeSpan.FromDays(1);

    private static readonly RowsByValue _byHash = new("SELECT number_hash, pseudonym, used_at FROM lines", "number_hash", KeySet.MaxKeys);

    public async Task<IReadOnlyDictionary<PhoneNumber, LinePseudonym>> ObtainAsync(
        IReadOnlyCollection<PhoneNumber> numbers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await FindRowsAsync([.. numbers.Distinct()], cancellationToken);
        var due = found.Where(one => one.Value is not { } row || row.UsedAt < now - _usedAgain).Select(one => one.Key).ToList();
        if (due.Count > 0)
        {
            // By their hashes, so that nodes that meet the same lines do not block each other.
            await keys.Database.WriteAsync(
                [
                    .. due.Select(number => (Number: number, Hash: HashOf(number)))
                        .OrderBy(one => Convert.ToHexStringLower(one.Hash), StringComparer.Ordinal)
                        .SelectMany(one => Put(one.Hash, now)),
                ],
                cancellationToken);
            foreach (var (number, row) in await FindRowsAsync(due, cancellationToken))
            {
                found[number] = row;
            }
        }
        return found.ToDictionary(
            one => one.Key,
            one => one.Value?.Pseudonym ?? throw new InvalidOperationException("A line's pseudonym was removed as it was made."));
    }

    public async Task<LinePseudonym?> FindAsync(PhoneNumber number, CancellationToken cancellationToken) =>
        (await FindRowsAsync([number], cancellationToken))[number]?.Pseudonym;

    public Task<int> RemoveUnusedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        keys.Database.RemoveAsync(
            """
            DELETE FROM lines WHERE used_at < @before
                AND number_hash IN (SELECT number_hash FROM lines WHERE used_at < @before ORDER BY used_at LIMIT @limit)
            """,
            before, limit, cancellationToken);

    /// <summary>All there are: some ten megabytes for each hundred thousand lines, for an administrator who waits.</summary>
    public async Task<HashSet<LinePseudonym>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. await keys.Database.ReadAsync(
            new Statement("SELECT pseudonym FROM lines") { TakesLong = true },
            row => LinePseudonym.FromBytes(row.GetFieldValue<byte[]>(0)), cancellationToken),
    ];

    /// <returns>How many there were.</returns>
    public async Task<int> DestroyAsync(PhoneNumber line, CancellationToken cancellationToken)
    {
        var outcomes = await keys.Database.WriteAsync(
            [
                new Statement(
                    "DELETE FROM lines WHERE number_hash IN (@number_hash, @number_hash_1, @number_hash_2)",
                    hashes.ValuesOf("@number_hash", HashOf(line))),
            ],
            cancellationToken);
        if (outcomes[0].Changed > 0)
        {
            keys.Owe("lines");
        }
        return outcomes[0].Changed;
    }

    private async Task<Dictionary<PhoneNumber, Row?>> FindRowsAsync(
        IReadOnlyCollection<PhoneNumber> numbers, CancellationToken cancellationToken)
    {
        var all = numbers.Select(number => (Number: number, Hashes: hashes.AllOf(HashOf(number)))).ToList();
        var rows = await _byHash.ReadAsync(keys.Database, all.SelectMany(one => one.Hashes), Read, cancellationToken);
        // Where a key is being changed there may be one under each, for the moment: all take the same.
        var byHash = rows.ToLookup(row => row.Hash, StringComparer.Ordinal);
        return all.ToDictionary(
            one => one.Number,
            one => one.Hashes.SelectMany(hash => byHash[Convert.ToHexString(hash)])
                .MinBy(row => row.Pseudonym.Hex, StringComparer.Ordinal));
    }

    private static Row Read(DbDataReader row) => new(
        Convert.ToHexString(row.GetFieldValue<byte[]>(0)), LinePseudonym.FromBytes(row.GetFieldValue<byte[]>(1)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)));

    private Statement[] Put(byte[] hash, DateTimeOffset now)
    {
        var all = hashes.ValuesOf("@number_hash", hash);
        return
        [
            new Statement(
                "UPDATE lines SET used_at = @used_at WHERE number_hash IN (@number_hash, @number_hash_1, @number_hash_2)",
                [("@used_at", now.ToUnixTimeMilliseconds()), .. all]),
            new Statement(
                """
                INSERT INTO lines (number_hash, pseudonym, used_at)
                SELECT @number_hash, @pseudonym, @used_at
                WHERE NOT EXISTS (SELECT 1 FROM lines WHERE number_hash IN (@number_hash, @number_hash_1, @number_hash_2))
                ON CONFLICT (number_hash) DO NOTHING
                """,
                [all[0], ("@pseudonym", LinePseudonym.New().ToBytes()), ("@used_at", now.ToUnixTimeMilliseconds()), .. all[1..]]),
        ];
    }

    private byte[] HashOf(PhoneNumber number) =>
        hasher.Hash("lines.number", new Secret(plan.FormOf(number).E164)).ToBytes();

    private sealed record Row(string Hash, LinePseudonym Pseudonym, DateTimeOffset UsedAt)
    {
        public override string ToString() => nameof(Row);
    }
}
