using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Money;
using Countersign.Core.Texts;

namespace Countersign.Storage;

/// <summary>Reads texts and keeps their fate; <see cref="FlowStore"/> writes them, together with the flow that wants them sent.</summary>
internal sealed class TextStore(IDatabase database, Sealer sealer, SecretHasher hasher, HashSealer hashes) : ITextStore
{
    private const string Changes =
        """
        UPDATE texts
        SET state = @state, sent_at = @sent_at, due_at = @due_at, attempts = @attempts, version = version + 1
        """;

    /// <summary>Leaves a mark that no other save leaves, for what goes with it in the same transaction.</summary>
    private const string Marked = $"{Changes}, charge_id = @charge_id\nWHERE id = @id AND version = @version";

    private readonly EventOutbox _outbox = new(sealer);

    public async Task<StoredText?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await database.FindAsync(
            new Statement($"SELECT {TextRow.Columns} FROM texts WHERE id = @id", ("@id", id.ToByteArray(bigEndian: true))), TextRow.Read,
            cancellationToken);
        return row?.Open(sealer);
    }

    public async Task<StoredText?> FindLastAsync(CorrelationId flow, CancellationToken cancellationToken)
    {
        var row = await database.FindAsync(
            new Statement(
                $"SELECT {TextRow.Columns} FROM texts WHERE id = (SELECT last_text FROM flows WHERE id = @flow_id)",
                ("@flow_id", flow.ToBytes())),
            TextRow.Read,
            cancellationToken);
        return row?.Open(sealer);
    }

    public async Task<IReadOnlyList<StoredText>> ListAsync(CorrelationId flow, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement($"SELECT {TextRow.Columns} FROM texts WHERE flow_id = @flow_id ORDER BY seq", ("@flow_id", flow.ToBytes())),
            TextRow.Read,
            cancellationToken);
        return rows.ConvertAll(row => row.Open(sealer));
    }

    public async Task<IReadOnlyList<StoredText>> ListAsync(PhoneNumber to, CancellationToken cancellationToken)
    {
        // The sequence settles texts of the same millisecond.
        var rows = await database.ReadAsync(
            new Statement(
                $"SELECT {TextRow.Columns} FROM texts WHERE to_hash IN {HashValues.OfDays} ORDER BY created_at, seq",
                hashes.ValuesOfDays(TextRow.Table, TextRow.HashOf(to, hasher))),
            TextRow.Read,
            cancellationToken);
        return rows.ConvertAll(row => row.Open(sealer));
    }

    public async Task<IReadOnlyList<Guid>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                "SELECT id FROM texts WHERE due_at <= @now ORDER BY due_at LIMIT @limit",
                ("@now", now.ToUnixTimeMilliseconds()),
                ("@limit", limit)),
            row => new Guid(row.GetFieldValue<byte[]>(0), bigEndian: true),
            cancellationToken);

    public async Task<bool> TrySaveAsync(StoredText text, CancellationToken cancellationToken)
    {
        var mark = RandomNumberGenerator.GetBytes(16);
        var outcomes = await database.WriteAsync(
            text.News.Count == 0
                ? [new Statement($"{Changes}\nWHERE id = @id AND version = @version", [.. ValuesOf(text), .. PlaceOf(text)])]
                : [new Statement(Marked, [.. ValuesOf(text), ("@charge_id", mark), .. PlaceOf(text)]), .. Announce(text, mark)],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<ClaimOutcome> TryClaimAsync(StoredText text, SpendingCharge charge, CancellationToken cancellationToken)
    {
        var rows = SpendingRow.Of(charge);
        var (id, last) = (IdOf(text), rows[^1]);
        Statement[] statements =
        [
            .. rows.Select((row, index) => row.Count(index == 0 ? null : rows[index - 1])),
            new Statement(
                $"""
                {Changes}, charge_id = @charge_id
                WHERE id = @id AND version = @version
                    AND EXISTS (SELECT 1 FROM spending WHERE owner = @owner AND month = @month AND charge_id = @charge_id)
                """,
                [
                    .. ValuesOf(text), ("@charge_id", last.ChargeId), .. PlaceOf(text), ("@owner", last.Capped.Owner.Key),
                    ("@month", CapWindows.MonthOf(charge.At)),
                ]),
            .. rows.Select(row => row.TakeBack(id)),
        ];
        var outcomes = await database.WriteAsync(statements, cancellationToken);
        var counted = outcomes.Take(rows.Length).ToList();
        return counted.Exists(outcome => outcome.Row is null) ? new ClaimOutcome.Over()
            : outcomes[rows.Length].Changed == 0 ? new ClaimOutcome.Taken()
            : new ClaimOutcome.Counted(counted.ConvertAll(outcome => SpendingRow.Read(outcome.Row!)));
    }

    public async Task<bool> TrySaveAsync(StoredText text, SpendingCharge back, CancellationToken cancellationToken)
    {
        var rows = SpendingRow.Of(back);
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    Marked,
                    [.. ValuesOf(text), ("@charge_id", rows[0].ChargeId), .. PlaceOf(text)])
                {
                    Lock = SpendingRow.LockOf(rows[0].Capped.Owner.Key),
                },
                .. rows.Select(row => row.GiveBack(IdOf(text))),
                .. Announce(text, rows[0].ChargeId),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<int> RemoveAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken)
    {
        // The range of ids finds the old ones, the column decides: see FlowStore.RemoveExpiredAsync.
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    DELETE FROM texts WHERE id IN (
                        SELECT id FROM texts
                        WHERE id < @created_before_id AND created_at < @created_before
                            AND NOT EXISTS (SELECT 1 FROM flows WHERE flows.id = texts.flow_id)
                        ORDER BY id LIMIT @limit)
                    """,
                    ("@created_before_id", TimeOrderedId.LowestAt(createdBefore)),
                    ("@created_before", createdBefore.ToUnixTimeMilliseconds()),
                    ("@limit", limit)),
            ],
            cancellationToken);
        return outcomes[0].Changed;
    }

    private IEnumerable<Statement> Announce(StoredText text, byte[] mark) => _outbox.Insert(
        text.News, "EXISTS (SELECT 1 FROM texts WHERE id = @id AND charge_id = @charge_id)", ("@id", IdOf(text)), ("@charge_id", mark));

    private static (string Name, SqlValue Value)[] ValuesOf(StoredText text) =>
    [
        ("@state", (long)text.Fate.State),
        ("@sent_at", text.Fate.SentAt?.ToUnixTimeMilliseconds()),
        ("@due_at", TextRow.MomentOf(text.Fate.DueAt)),
        ("@attempts", TextRow.AttemptsOf(text.Fate)),
    ];

    private static (string Name, SqlValue Value)[] PlaceOf(StoredText text) => [("@id", IdOf(text)), ("@version", text.Version)];

    private static byte[] IdOf(StoredText text) => text.Text.Id.ToByteArray(bigEndian: true);
}
