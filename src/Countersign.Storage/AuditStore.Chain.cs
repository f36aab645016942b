using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>The chain itself.</summary>
internal sealed partial class AuditStore
{
    private const string Columns =
        "position, previous, hash, body, subject, writer, number, happened_at, actor, act, project_id, target, subject_hash";

    public async Task<int> LinkAsync(
        IReadOnlyList<AuditLink> links, IReadOnlyList<AuditEntry> read, CancellationToken cancellationToken)
    {
        var statements = links.Zip(read).SelectMany(pair => (Statement[])[Link(pair.First, pair.Second), Leave(pair.Second)]);
        var outcomes = await database.WriteAsync([.. statements], cancellationToken);
        return outcomes.Where((_, i) => i % 2 == 0).Sum(outcome => outcome.Changed);
    }

    public async Task<AuditHead?> FindHeadAsync(CancellationToken cancellationToken) => await database.FindAsync(
        new Statement("SELECT position, hash FROM audit_entries ORDER BY position DESC LIMIT 1"),
        row => new AuditHead(row.GetInt64(0), row.GetFieldValue<byte[]>(1)),
        cancellationToken);

    public Task<byte[]?> FindHashAsync(long position, CancellationToken cancellationToken) => database.FindAsync(
        new Statement("SELECT hash FROM audit_entries WHERE position = @position", ("@position", position)),
        row => row.GetFieldValue<byte[]>(0),
        cancellationToken);

    public async Task<IReadOnlyList<AuditLink>> ReadAsync(long after, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement(
                $"SELECT {Columns} FROM audit_entries WHERE position > @after ORDER BY position LIMIT @limit",
                ("@after", after),
                ("@limit", limit)),
            LinkRow.Read,
            cancellationToken);
        return [.. (await OpenLinksAsync(rows, cancellationToken)).Select(row => row.Link)];
    }

    public async Task<IReadOnlyList<FoundAudit>> FindAsync(AuditSearch search, int limit, CancellationToken cancellationToken)
    {
        (string Name, SqlValue Value)[] values =
        [
            ("@before", search.Before ?? long.MaxValue),
            ("@from", search.From?.ToUnixTimeMilliseconds() ?? long.MinValue),
            ("@to", search.To?.ToUnixTimeMilliseconds() ?? long.MaxValue),
            ("@actor", search.Actor),
            ("@act", search.Act),
            ("@project_id", search.Project),
            ("@target", search.Target),
        ];
        const string Where =
            """
            WHERE position < @before AND happened_at >= @from AND happened_at < @to AND (@actor IS NULL OR actor = @actor)
              AND (@act IS NULL OR act = @act) AND (@project_id IS NULL OR project_id = @project_id)
              AND (@target IS NULL OR target = @target)
            """;
        const string Order = "ORDER BY position DESC LIMIT @limit";
        var sought = search.Subject is { } subject
            ? SoughtOf(subject, await KeysOfAsync(subject, search.Project, former: null, cancellationToken)) : null;
        var statement = sought is not null
            ? new Statement("", [.. values, .. HashValues.Sought(sought), ("@limit", limit)])
            {
                Sql = $"SELECT {Columns} FROM audit_entries {Where} AND subject_hash IN ({HashValues.SoughtNames(sought.Count)}) {Order}",
                TakesLong = true,
            }
            : new Statement($"SELECT {Columns} FROM audit_entries {Where} {Order}", [.. values, ("@limit", limit)]) { TakesLong = true };
        var rows = await OpenLinksAsync(await database.ReadAsync(statement, LinkRow.Read, cancellationToken), cancellationToken);
        return [.. rows.Where(row => row.Entry is not null).Select(row => new FoundAudit(row.Link.Position, row.Entry!))];
    }

    public async Task<long> CountBehindAsync(long position, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement(
                "SELECT COUNT(*) FROM audit_entries WHERE position > @position AND act <> @checkpoint",
                ("@position", position),
                ("@checkpoint", AuditChainer.CheckpointAct)),
            row => row.GetInt64(0),
            cancellationToken);
        return rows[0];
    }

    public async Task<bool> TryAddCheckpointAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO audit_checkpoints (kind, position, made_at, body, signature)
                    VALUES (@kind, @position, @made_at, @body, @signature)
                    ON CONFLICT (kind, position) DO NOTHING
                    """,
                    ("@kind", AuditEntry.WordOf(checkpoint.Kind)),
                    ("@position", checkpoint.Position),
                    ("@made_at", checkpoint.At.ToUnixTimeMilliseconds()),
                    ("@body", Encoding.UTF8.GetString(checkpoint.Text)),
                    ("@signature", checkpoint.Signature)),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<IReadOnlyList<AuditCheckpoint>> ListCheckpointsAsync(
        AuditCheckpointKind kind, long after, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                """
                SELECT position, body, signature, kind FROM audit_checkpoints WHERE kind = @kind AND position > @after
                ORDER BY position LIMIT @limit
                """,
                ("@kind", AuditEntry.WordOf(kind)),
                ("@after", after),
                ("@limit", limit)),
            ReadCheckpoint,
            cancellationToken);

    public async Task<AuditCheckpoint?> FindCheckpointAsync(
        AuditCheckpointKind kind, DateTimeOffset madeBefore, CancellationToken cancellationToken) =>
        await database.FindAsync(
            new Statement(
                """
                SELECT position, body, signature, kind FROM audit_checkpoints WHERE kind = @kind AND made_at < @before
                ORDER BY position DESC LIMIT 1
                """,
                ("@kind", AuditEntry.WordOf(kind)),
                ("@before", madeBefore.ToUnixTimeMilliseconds())),
            ReadCheckpoint,
            cancellationToken);

    public async Task<int> PruneAsync(long upTo, int limit, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    DELETE FROM audit_entries WHERE position IN (
                        SELECT position FROM audit_entries WHERE position <= @up_to ORDER BY position LIMIT @limit)
                    """,
                    ("@up_to", upTo),
                    ("@limit", limit)),
                new Statement(
                    """
                    DELETE FROM audit_checkpoints WHERE position < @up_to AND NOT EXISTS (
                        SELECT 1 FROM audit_entries WHERE position <= @up_to)
                    """,
                    ("@up_to", upTo)),
            ],
            cancellationToken);
        return outcomes[0].Changed;
    }

    // Another node may link the same entries at this moment: they have the same bytes and so the same hashes, whoever was first. Behind
    // any other row nothing is linked. Whom the waiting entry is not about any more, since that was erased after it was read, the linked
    // one is not about either.
    private Statement Link(AuditLink link, AuditEntry read) => new(
        """
        INSERT INTO audit_entries (position, previous, hash, body, subject, writer, number, happened_at, actor, act, project_id, target,
            subject_hash)
        SELECT @position, @previous, @hash, @body, CASE WHEN waiting.subject IS NULL THEN NULL ELSE @subject END, @writer, @number,
            @happened_at, @actor, @act, @project_id, @target, CASE WHEN waiting.subject IS NULL THEN NULL ELSE @subject_hash END
        FROM audit_waiting waiting
        WHERE waiting.writer = @writer AND waiting.number = @number AND waiting.is_open = @is_open
          AND (EXISTS (SELECT 1 FROM audit_entries WHERE position = @position - 1 AND hash = @previous)
            OR (@position = 1 AND NOT EXISTS (SELECT 1 FROM audit_entries)))
        ON CONFLICT DO NOTHING
        """,
        ("@position", link.Position),
        ("@previous", link.Previous),
        ("@hash", link.Hash),
        ("@body", sealer.Seal(link.Text, PlaceOf(link.Position))),
        ("@subject", SealSubject(read.Opening, SubjectPlaceOf(link.Position), read.Key)),
        ("@writer", read.Writer),
        ("@number", read.Number),
        ("@happened_at", read.At.ToUnixTimeMilliseconds()),
        ("@actor", read.Act.Actor),
        ("@act", read.Act.Act),
        ("@project_id", read.Act.Project),
        ("@target", read.Act.Target),
        ("@subject_hash", read.Act.Subject is { } subject ? hashes.Seal(Under(read.Key, subject).ToBytes()) : null),
        ("@is_open", read.Act.Outcome == AuditOutcome.Open ? 1 : 0));

    private static Statement Leave(AuditEntry read) => new(
        """
        DELETE FROM audit_waiting WHERE writer = @writer AND number = @number
          AND EXISTS (SELECT 1 FROM audit_entries WHERE writer = @writer AND number = @number)
        """,
        ("@writer", read.Writer),
        ("@number", read.Number));

    private async Task<IEnumerable<(AuditLink Link, AuditEntry? Entry)>> OpenLinksAsync(
        IReadOnlyList<LinkRow> rows, CancellationToken cancellationToken)
    {
        var keys = await lines.OfAsync(rows.Select(row => row.Subject).OfType<byte[]>(), LineRows.None, cancellationToken);
        return rows.Select(row => OpenLink(row, keys));
    }

    private (AuditLink Link, AuditEntry? Entry) OpenLink(LinkRow row, IReadOnlyDictionary<LineKeyId, LineKey> keys)
    {
        var (text, opening) = (Array.Empty<byte>(), (byte[]?)null);
        string? flaw = null;
        try
        {
            text = sealer.Open(row.Body, PlaceOf(row.Position));
            opening = OpenSubject(row.Subject, SubjectPlaceOf(row.Position), keys);
        }
        catch (CryptographicException)
        {
            flaw = "it does not open: changed, moved, or its encryption key is gone";
        }
        var entry = flaw is null ? AuditEntry.Parse(text, opening) : null;
        flaw ??= entry is null ? "it is no entry" : FlawOf(row, entry, keys);
        return (new AuditLink(row.Position, row.Previous, row.Hash, text) { Flaw = flaw }, flaw is null ? entry : null);
    }

    /// <summary>What stands in clear beside the text must be what the text says.</summary>
    private string? FlawOf(LinkRow row, AuditEntry entry, IReadOnlyDictionary<LineKeyId, LineKey> keys)
    {
        var isAsWritten = row.Writer == entry.Writer && row.Number == entry.Number && row.At == entry.At.ToUnixTimeMilliseconds()
            && row.Actor == entry.Act.Actor && row.Act == entry.Act.Act && row.Project == entry.Act.Project
            && row.Target == entry.Act.Target;
        return !isAsWritten ? "what it is found by is not what it says"
            : !entry.IsOpenedBy(entry.Opening) || !IsFoundBy(row, entry.Act.Subject, keys) ? "whom it is about was changed"
            : null;
    }

    // A row that is none of ours names a key that does not exist, so that it is told as one that is not signed.
    private static AuditCheckpoint ReadCheckpoint(DbDataReader row)
    {
        var (text, signature) = (Encoding.UTF8.GetBytes(row.GetString(1)), row.GetFieldValue<byte[]>(2));
        return AuditCheckpoint.Parse(text, signature) is { } checkpoint && checkpoint.Position == row.GetInt64(0)
            && AuditEntry.WordOf(checkpoint.Kind) == row.GetString(3)
            ? checkpoint
            : new AuditCheckpoint(
                AuditCheckpointKind.Checkpoint, row.GetInt64(0), [], DateTimeOffset.UnixEpoch, Key: "", text, signature);
    }

    private sealed record LinkRow(
        long Position, byte[] Previous, byte[] Hash, byte[] Body, byte[]? Subject, string Writer, long Number, long At, string Actor,
        string Act, string? Project, string? Target, byte[]? SubjectHash)
    {
        /// <summary>As <see cref="Columns"/> names them.</summary>
        public static LinkRow Read(DbDataReader row) => new(
            row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3), BytesIn(row, 4),
            row.GetString(5), row.GetInt64(6), row.GetInt64(7), row.GetString(8), row.GetString(9), TextIn(row, 10), TextIn(row, 11),
            BytesIn(row, 12));

        public override string ToString() => $"{Position}";

        private static string? TextIn(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

        private static byte[]? BytesIn(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
    }
}
