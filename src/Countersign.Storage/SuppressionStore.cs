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

    // Statements of one word.
    private const int PutSize = 3;

    private readonly NumberHashes _numbers = HashesOf(hasher, hashes, plan);

    public async Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken)
    {
        var said = await FindAsync(to, all => SendersOfAsync(all, cancellationToken), cancellationToken);
        return said.Any(one => sender is null || one == EverySender || SenderId.AreOne(one, sender, plan));
    }

    /// <remarks>
    /// What stands there already is sealed anew: whoever takes back a copy that they have made sees by that that it was said since.
    /// </remarks>
    public async Task SuppressAsync(PhoneNumber number, string? sender, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var late = new List<Statement>();
        try
        {
            while (true)
            {
                var line = await lines.ObtainAsync(number, cancellationToken);
                var all = _numbers.AllOf(number, line);
                // Those from before lines had keys are known now, and come under the line's. In one order, so that nobody blocks another.
                Word[] words =
                [
                    .. (await SendersOfAsync(all, cancellationToken)).Append(StoredFormOf(sender)).Distinct(StringComparer.Ordinal)
                        .Order(StringComparer.Ordinal).Select(one => WordOf(number, line, one, at)),
                ];
                var put = await database.WriteAsync([.. words.SelectMany(word => Put(word, all))], cancellationToken);
                // What was written is settled, whoever still waits.
                if (await lines.IsThereAsync(line, CancellationToken.None))
                {
                    return;
                }
                // The line was erased meanwhile: what it says now is said of the line as it is from now on. What was added goes after that:
                // whoever keeps what was said looks whether it is still there.
                late.AddRange(words.Where((_, i) => put[(i * PutSize) + 1].Changed > 0).Select(word => new Statement(
                    "DELETE FROM suppressions WHERE number_hash = @hash AND sender = @sender",
                    ("@hash", word.Hash), ("@sender", word.Sender))));
            }
        }
        finally
        {
            await WriteIfAnyAsync(late);
        }
    }

    public async Task KeepAsync(PhoneNumber number, Func<LineKey?, Task<LineKey?>> change, CancellationToken cancellationToken)
    {
        var said = await ListAsync(number, int.MaxValue, cancellationToken);
        var next = said.Count > 0 ? LineKey.New() : null;
        var copies = said.OrderBy(one => one.Sender, StringComparer.Ordinal).SelectMany(one => next is null ? []
            : ((Suppression Said, Word Word)[])[(one, WordOf(number, next, StoredFormOf(one.Sender), one.Since))]).ToList();
        if (next is not null)
        {
            var all = _numbers.AllOf(number, next);
            await database.WriteAsync([.. copies.Select(copy => Add(copy.Word, all))], cancellationToken);
        }
        var former = _numbers.AllOf(number, await change(next));
        // Else another server was first to give the line a key, and nobody reads the copies.
        var isNext = next is not null && await lines.IsThereAsync(next, CancellationToken.None);
        // Whoever says something from now on says it under the new key, or looks whether theirs is still there and says it again. So what
        // has come under the former was said meanwhile, and what has gone from there was lifted, or brought elsewhere by another server.
        var now = await ReadAsync(number, former, int.MaxValue, CancellationToken.None);
        foreach (var one in isNext ? now.Except(said) : now)
        {
            await SuppressAsync(number, one.Sender, one.Since, CancellationToken.None);
        }
        // After that, and as they were sealed here: a copy that anybody has said, or brought, again since stays. Not by when it was said,
        // which changes where what stood under two keys comes under one.
        var still = now.Select(one => one.Sender).ToHashSet(StringComparer.Ordinal);
        await WriteIfAnyAsync([.. copies.Where(copy => !isNext || !still.Contains(copy.Said.Sender)).Select(copy => Withdraw(copy.Word))]);
        await database.WriteAsync(
            [new Statement($"DELETE FROM suppressions WHERE number_hash IN {NumberHashes.All}", former)], CancellationToken.None);
    }

    private async Task WriteIfAnyAsync(List<Statement> statements)
    {
        if (statements.Count > 0)
        {
            await database.WriteAsync([.. statements], CancellationToken.None);
        }
    }

    private Word WordOf(PhoneNumber number, LineKey line, string sender, DateTimeOffset at)
    {
        var hash = _numbers.Of(number, line);
        var masked = Encoding.UTF8.GetBytes(_numbers.FormOf(number).ToString());
        return new Word(hash, sender, at, sealer.Seal(masked, PlaceOf(_numbers.Open(hash), sender), line));
    }

    /// <summary>
    /// A word of a line stands once, under what rows are written with, and is as old as it was. The second statement adds it where it is
    /// not there.
    /// </summary>
    private static Statement[] Put(Word word, (string Name, SqlValue Value)[] all) =>
    [
        new Statement(
            "UPDATE suppressions SET masked = @masked WHERE number_hash = @hash AND sender = @sender",
            ("@masked", word.Masked), ("@hash", word.Hash), ("@sender", word.Sender))
        {
            Lock = word.Hash,
        },
        Add(word, all),
        new Statement(
            $"DELETE FROM suppressions WHERE number_hash IN {NumberHashes.All} AND sender = @sender AND number_hash <> @hash",
            [.. all, ("@sender", word.Sender), ("@hash", word.Hash)]),
    ];

    private static Statement Add(Word word, (string Name, SqlValue Value)[] all) => new(
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
            ("@hash", word.Hash), ("@sender", word.Sender), .. all, ("@created_at", word.At.ToUnixTimeMilliseconds()),
            ("@masked", word.Masked),
        ]);

    private static Statement Withdraw(Word word) => new(
        "DELETE FROM suppressions WHERE number_hash = @hash AND sender = @sender AND masked = @masked",
        ("@hash", word.Hash), ("@sender", word.Sender), ("@masked", word.Masked))
    {
        Lock = word.Hash,
    };

    public async Task LiftAsync(PhoneNumber number, string? sender, CancellationToken cancellationToken)
    {
        var line = await lines.FindAsync(number, cancellationToken);
        while (true)
        {
            await LiftAsync(_numbers.AllOf(number, line), sender, cancellationToken);
            // Whoever changes the line's key meanwhile may have taken over what was said before this was heard.
            var now = await lines.FindAsync(number, CancellationToken.None);
            if (AreOne(now, line))
            {
                return;
            }
            line = now;
        }
    }

    private async Task LiftAsync((string Name, SqlValue Value)[] all, string? sender, CancellationToken cancellationToken)
    {
        if (sender is null)
        {
            await database.WriteAsync(
                [new Statement($"DELETE FROM suppressions WHERE number_hash IN {NumberHashes.All}", all)], cancellationToken);
            return;
        }
        var said = await SendersOfAsync(all, cancellationToken);
        string[] lifted =
        [
            .. said.Where(one => one == EverySender || SenderId.AreOne(one, sender, plan)).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
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
        if (number is { } one)
        {
            return await FindAsync(one, all => ReadAsync(one, all, limit, cancellationToken), cancellationToken);
        }
        var rows = await database.ReadAsync(
            new Statement(
                "SELECT number_hash, sender, created_at, masked FROM suppressions ORDER BY created_at DESC, sender LIMIT @limit",
                ("@limit", limit)),
            Read, cancellationToken);
        var known = await lines.OfAsync(rows.Select(row => row.Masked).OfType<byte[]>(), LineRows.None, cancellationToken);
        // One whose line's key is gone is as if it were not there: its line was erased.
        return [.. rows.Where(row => row.Masked is not { } masked || known.CanOpen(masked)).Select(row => Open(row, known))];
    }

    // Of a line that was asked for nothing has to be opened. Under two keys of a line the same may stand twice: it was said once.
    private Task<List<Suppression>> ReadAsync(
        PhoneNumber number, (string Name, SqlValue Value)[] all, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            new Statement(
                $"""
                SELECT sender, MIN(created_at) AS since FROM suppressions WHERE number_hash IN {NumberHashes.All}
                GROUP BY sender ORDER BY since DESC, sender LIMIT @limit
                """,
                [.. all, ("@limit", limit)]),
            row => new Suppression(
                number.ToString(), SenderIn(row.GetString(0)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))),
            cancellationToken);

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
            if (AreOne(now, line))
            {
                return rows;
            }
            line = now;
        }
    }

    private static bool AreOne(LineKey? one, LineKey? other) => (one?.Id, one?.Twin?.Id) == (other?.Id, other?.Twin?.Id);

    // The senders are compared here: a number has more spellings than a statement can name. Few persons say STOP to more than one.
    private Task<List<string>> SendersOfAsync((string Name, SqlValue Value)[] all, CancellationToken cancellationToken) =>
        database.ReadAsync(
            new Statement($"SELECT sender FROM suppressions WHERE number_hash IN {NumberHashes.All}", all), row => row.GetString(0),
            cancellationToken);

    private static Row Read(DbDataReader row) => new(
        row.GetFieldValue<byte[]>(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
        row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3));

    private Suppression Open(Row row, IReadOnlyDictionary<LineKeyId, LineKey> known) => new(
        row.Masked is { } kept ? Encoding.UTF8.GetString(sealer.Open(kept, PlaceOf(_numbers.Open(row.Hash), row.Sender), known)) : null,
        SenderIn(row.Sender), row.CreatedAt);

    private static string? SenderIn(string stored) => stored == EverySender ? null : stored;

    /// <param name="hash">As it is under no key.</param>
    public static string PlaceOf(byte[] hash, string sender) => $"suppressions.masked:{Convert.ToHexStringLower(hash)}:{sender}";

    // A sender of which nothing is left must not become every sender.
    private static string StoredFormOf(string? sender) => sender is null ? EverySender
        : SenderId.Normalize(sender) is { Length: > 0 } form ? form
        : throw new ArgumentException("No text comes from this sender.", nameof(sender));

    /// <summary>What a line has said to a sender, as it stands under a key.</summary>
    private sealed record Word(byte[] Hash, string Sender, DateTimeOffset At, byte[] Masked)
    {
        public override string ToString() => "***";
    }

    private sealed record Row(byte[] Hash, string Sender, DateTimeOffset CreatedAt, byte[]? Masked)
    {
        public override string ToString() => "***";
    }
}
