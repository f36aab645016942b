using System.Data.Common;
using System.Text;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Texts;

namespace Countersign.Storage;

/// <summary>
/// The number is kept as a keyed hash and, for lists, sealed as it is masked: enough to obey a person, too little to call them.
/// </summary>
internal sealed class SuppressionStore(
    IDatabase database, Sealer sealer, SecretHasher hasher, HashSealer hashes, INumberPlan plan, ILineKeys lines) : ISuppressionList
{
    private const string EverySender = "";

    private readonly NumberHashes _numbers = HashesOf(hasher, hashes, plan);

    public async Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken)
    {
        var said = await FindAsync(to, all => SendersOfAsync(all, cancellationToken), cancellationToken);
        return said.Any(one => sender is null || one == EverySender || SenderId.AreOne(one, sender, plan));
    }

    public async Task SuppressAsync(PhoneNumber number, string? sender, DateTimeOffset at, CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await lines.ObtainAsync(number, cancellationToken);
            var (all, hash) = (_numbers.AllOf(number, line), _numbers.Of(number, line));
            // Those from before lines had keys are known now, and come under the line's.
            var senders = (await SendersOfAsync(all, cancellationToken)).Append(StoredFormOf(sender)).Distinct(StringComparer.Ordinal);
            await database.WriteAsync([.. senders.SelectMany(one => Put(number, line, all, one, at))], cancellationToken);
            // What was written is settled, whoever still waits.
            if (await lines.IsThereAsync(line, CancellationToken.None))
            {
                return;
            }
            // The line was erased meanwhile: what it says now is said of the line as it is from now on.
            await database.WriteAsync(
                [new Statement("DELETE FROM suppressions WHERE number_hash = @number_hash", ("@number_hash", hash))],
                CancellationToken.None);
        }
    }

    public async Task KeepAsync(
        PhoneNumber number, IReadOnlyList<Suppression> said, LineKey next, CancellationToken cancellationToken)
    {
        var all = _numbers.AllOf(number, next);
        await database.WriteAsync(
            [.. said.Select(one => Add(number, next, all, StoredFormOf(one.Sender), one.Since))], cancellationToken);
    }

    /// <summary>A word of a line stands once, under what rows are written with, and is as old as it was.</summary>
    private Statement[] Put(
        PhoneNumber number, LineKey line, (string Name, SqlValue Value)[] all, string sender, DateTimeOffset at) =>
    [
        Add(number, line, all, sender, at),
        new Statement(
            $"DELETE FROM suppressions WHERE number_hash IN {NumberHashes.All} AND sender = @sender AND number_hash <> @hash",
            [.. all, ("@sender", sender), ("@hash", _numbers.Of(number, line))]),
    ];

    private Statement Add(
        PhoneNumber number, LineKey line, (string Name, SqlValue Value)[] all, string sender, DateTimeOffset at)
    {
        var hash = _numbers.Of(number, line);
        var masked = Encoding.UTF8.GetBytes(_numbers.FormOf(number).ToString());
        return new Statement(
            $"""
            INSERT INTO suppressions (number_hash, sender, created_at, masked)
            SELECT @hash, @sender,
                COALESCE(
                    (SELECT MIN(created_at) FROM suppressions WHERE number_hash IN {NumberHashes.All} AND sender = @sender),
                    @created_at),
                @masked
            WHERE TRUE
            ON CONFLICT DO NOTHING
            """,
            [
                ("@hash", hash), ("@sender", sender), .. all, ("@created_at", at.ToUnixTimeMilliseconds()),
                ("@masked", sealer.Seal(masked, PlaceOf(_numbers.Open(hash), sender), line)),
            ]);
    }

    public async Task LiftAsync(PhoneNumber number, string? sender, CancellationToken cancellationToken)
    {
        var all = _numbers.AllOf(number, await lines.FindAsync(number, cancellationToken));
        if (sender is null)
        {
            await database.WriteAsync(
                [new Statement($"DELETE FROM suppressions WHERE number_hash IN {NumberHashes.All}", all)], cancellationToken);
            return;
        }
        var said = await SendersOfAsync(all, cancellationToken);
        var lifted = said.Where(one => one == EverySender || SenderId.AreOne(one, sender, plan)).Distinct(StringComparer.Ordinal).ToArray();
        if (lifted.Length > 0)
        {
            await database.WriteAsync(
                [
                    .. lifted.Select(one => new Statement(
                        $"DELETE FROM suppressions WHERE number_hash IN {NumberHashes.All} AND sender = @sender",
                        [.. all, ("@sender", one)])),
                ],
                cancellationToken);
        }
    }

    public async Task<IReadOnlyList<Suppression>> ListAsync(PhoneNumber? number, int limit, CancellationToken cancellationToken)
    {
        var rows = number is { } one
            ? await FindAsync(one, all => ReadAsync(
                new Statement(
                    $"""
                    SELECT number_hash, sender, created_at, masked FROM suppressions WHERE number_hash IN {NumberHashes.All}
                    ORDER BY created_at DESC, sender LIMIT @limit
                    """,
                    [.. all, ("@limit", limit)])), cancellationToken)
            : await ReadAsync(new Statement(
                "SELECT number_hash, sender, created_at, masked FROM suppressions ORDER BY created_at DESC, sender LIMIT @limit",
                ("@limit", limit)));
        // Of a line that was asked for nothing has to be opened.
        var masks = number is null ? rows.Select(row => row.Masked).OfType<byte[]>() : [];
        var known = await lines.OfAsync(masks, LineRows.None, cancellationToken);
        // One whose line's key is gone is as if it were not there: its line was erased.
        return
        [
            .. rows.Where(row => number is not null || row.Masked is not { } masked || known.CanOpen(masked))
                .Select(row => Open(row, number, known)),
        ];

        Task<List<Row>> ReadAsync(Statement statement) => database.ReadAsync(statement, Read, cancellationToken);
    }

    public static NumberHashes HashesOf(SecretHasher hasher, HashSealer hashes, INumberPlan plan) =>
        new(hasher, hashes, plan, "suppressions.number");

    /// <summary>
    /// Rows of a line, found by its key. Whoever erases all of a line but its STOPs, and whoever writes down the first, brings them under
    /// another key: where none are found they are looked for again by the key that the line has by now.
    /// </summary>
    private async Task<List<T>> FindAsync<T>(
        PhoneNumber number, Func<(string Name, SqlValue Value)[], Task<List<T>>> read, CancellationToken cancellationToken)
    {
        var line = await lines.FindAsync(number, cancellationToken);
        while (true)
        {
            var rows = await read(_numbers.AllOf(number, line));
            if (rows.Count > 0)
            {
                return rows;
            }
            var now = await lines.FindAsync(number, cancellationToken);
            if ((now?.Id, now?.Twin?.Id) == (line?.Id, line?.Twin?.Id))
            {
                return rows;
            }
            line = now;
        }
    }

    // The senders are compared here: a number has more spellings than a statement can name. Few persons say STOP to more than one.
    private Task<List<string>> SendersOfAsync((string Name, SqlValue Value)[] all, CancellationToken cancellationToken) =>
        database.ReadAsync(
            new Statement($"SELECT sender FROM suppressions WHERE number_hash IN {NumberHashes.All}", all), row => row.GetString(0),
            cancellationToken);

    private static Row Read(DbDataReader row) => new(
        row.GetFieldValue<byte[]>(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
        row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3));

    private Suppression Open(Row row, PhoneNumber? asked, IReadOnlyDictionary<LineKeyId, LineKey> known)
    {
        var masked = asked?.ToString() ?? (row.Masked is { } kept
            ? Encoding.UTF8.GetString(sealer.Open(kept, PlaceOf(_numbers.Open(row.Hash), row.Sender), known))
            : null);
        return new Suppression(masked, row.Sender == EverySender ? null : row.Sender, row.CreatedAt);
    }

    /// <param name="hash">As it is under no key.</param>
    public static string PlaceOf(byte[] hash, string sender) => $"suppressions.masked:{Convert.ToHexStringLower(hash)}:{sender}";

    // A sender of which nothing is left must not become every sender.
    private static string StoredFormOf(string? sender) => sender is null ? EverySender
        : SenderId.Normalize(sender) is { Length: > 0 } form ? form
        : throw new ArgumentException("No text comes from this sender.", nameof(sender));

    private sealed record Row(byte[] Hash, string Sender, DateTimeOffset CreatedAt, byte[]? Masked)
    {
        public override string ToString() => "***";
    }
}
