using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Enrolments;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Brings identities that were stored under their number as typed to the one form of its line, and those from before lines and projects had
/// keys under both. Of two that turn out to be one line the
/// older stays, and answers to the id of the other. Every write names the rows as they were read: what somebody changes meanwhile is
/// theirs, and the row is looked at again. So it may be done by many nodes at once, be broken off and be repeated.
/// </summary>
internal sealed class IdentityLines(IDatabase database, Sealer sealer, NumberHashes numbers, RowSeals seals, ILineKeys lines)
{
    /// <summary>PostgreSQL's; SQLite has one writer, for whom nobody comes between.</summary>
    public const string UniqueViolation = "23505";

    private const string Columns = "id, project_id, number_hash, standing, created_at, body";

    /// <summary>Looks at all rows that were not looked at.</summary>
    /// <param name="atOnce">The most rows of one write.</param>
    public async Task<LineCounts> CatchUpAsync(int atOnce, CancellationToken cancellationToken)
    {
        var counts = new LineCounts();
        byte[] after = [];
        while (true)
        {
            var rows = await database.ReadAsync(
                new Statement(
                    $"SELECT {Columns} FROM identities WHERE number_form < 3 AND id > @after ORDER BY id LIMIT @limit",
                    ("@after", after),
                    ("@limit", atOnce)),
                Read,
                cancellationToken);
            if (rows.Count == 0)
            {
                return counts;
            }
            counts += await LookAsync(rows, cancellationToken);
            after = rows[^1].Id;
        }
    }

    private async Task<LineCounts> LookAsync(List<Row> rows, CancellationToken cancellationToken)
    {
        var counts = new LineCounts(Looked: rows.Count);
        var asTheyAre = new List<Statement>(rows.Count);
        var known = await lines.OfAsync(rows.Select(row => row.Body), LineRows.None, cancellationToken);
        var opened = rows.Select(row => (Row: row, Body: OpenOrNull(row, known))).ToList();
        var obtained = await lines.ObtainAsync(
            [.. opened.Where(one => one.Body is not null).SelectMany(one => (KeyOwner[])[one.Body!.Number, one.Row.ProjectId])],
            cancellationToken);
        foreach (var (row, body) in opened)
        {
            // One whose line's or project's key cannot be opened stays, and keeps no other waiting.
            if (body is null || obtained[row.ProjectId] is not { } project || obtained[body.Number]?.Within(project) is not { } line)
            {
                counts += new LineCounts(Unreadable: 1);
            }
            else if (!numbers.IsUnder(row.NumberHash, body.Number, line))
            {
                // It was taken away from its number: no number shall lead to it again.
                asTheyAre.Add(Rename(row, row.NumberHash, body, line));
            }
            else if (row.NumberHash.AsSpan().SequenceEqual(numbers.Of(body.Number, line)))
            {
                asTheyAre.Add(new Statement(
                    "UPDATE identities SET number_form = 3 WHERE id = @id AND number_hash = @number_hash",
                    ("@id", row.Id),
                    ("@number_hash", row.NumberHash)));
            }
            else
            {
                counts += await MoveAsync(row, body, line, cancellationToken);
            }
        }
        if (asTheyAre.Count > 0)
        {
            await database.WriteAsync([.. asTheyAre], cancellationToken);
        }
        return counts;
    }

    private async Task<LineCounts> MoveAsync(Row row, IdentityBody body, LineKey line, CancellationToken cancellationToken)
    {
        var hash = numbers.Of(body.Number, line);
        var holder = await database.FindAsync(
            new Statement(
                $"SELECT {Columns} FROM identities WHERE project_id = @project_id AND number_hash = @number_hash",
                ("@project_id", row.ProjectId),
                ("@number_hash", hash)),
            Read,
            cancellationToken);
        if (holder is null)
        {
            return new LineCounts(Moved: await RenameAsync(row, hash, body, line, cancellationToken));
        }
        if (OpenOrNull(holder, await lines.OfAsync([holder.Body], LineRows.Of(line), cancellationToken)) is not { } held)
        {
            return new LineCounts(Unreadable: 1);
        }
        return IsOlder(row, holder)
            ? await JoinAsync((row, body), (holder, held), hash, line, cancellationToken)
            : await JoinAsync((holder, held), (row, body), hash, line, cancellationToken);
    }

    /// <summary>Returns 0 when the number has a holder by now, or the row is another than was read.</summary>
    private async Task<int> RenameAsync(
        Row row, byte[] hash, IdentityBody body, LineKey line, CancellationToken cancellationToken)
    {
        try
        {
            return (await database.WriteAsync([Rename(row, hash, body, line)], cancellationToken))[0].Changed;
        }
        catch (DbException exception) when (exception.SqlState == UniqueViolation)
        {
            // Two nodes were at two rows of one line, neither of which held its number: the next look joins them.
            return 0;
        }
    }

    private Statement Rename(Row row, byte[] hash, IdentityBody body, LineKey line) => new(
        """
        UPDATE identities SET number_hash = @number_hash, body = @body, number_form = 3
        WHERE id = @id AND body = @read AND number_hash = @former_hash
          AND NOT EXISTS (
            SELECT 1 FROM identities other
            WHERE other.project_id = @project_id AND other.number_hash = @number_hash AND other.id <> @id)
        """,
        ("@number_hash", hash),
        ("@body", Seal(row.Id, body with { Number = numbers.FormOf(body.Number) }, line)),
        ("@id", row.Id),
        ("@read", row.Body),
        ("@former_hash", row.NumberHash),
        ("@project_id", row.ProjectId));

    /// <summary>
    /// Makes two identities one. The first two statements change nothing: they hold both rows, so that what the third finds is true for all
    /// that follow, and those follow it or do nothing.
    /// </summary>
    private async Task<LineCounts> JoinAsync(
        (Row Row, IdentityBody Body) older, (Row Row, IdentityBody Body) younger, byte[] hash, LineKey line,
        CancellationToken cancellationToken)
    {
        var (stays, goes) = (older.Row, younger.Row);
        var isEnrolledAnew = goes.Status != IdentityStatus.Known;
        var standing = isEnrolledAnew ? goes.Status : stays.Status;
        var details = isEnrolledAnew ? younger.Body.Details.Over(older.Body.Details) : older.Body.Details;
        var body = Seal(stays.Id, new IdentityBody(numbers.FormOf(older.Body.Number), details), line);
        var (aliases, devices) = (await AliasesOfAsync(goes, cancellationToken), await DevicesOfAsync(goes, cancellationToken));
        var outcomes = await database.WriteAsync(
            [
                Hold(stays),
                Hold(goes),
                Alias(stays, goes),
                .. aliases.Select(alias => Lead(alias, stays, goes)),
                .. devices.Select(device => Tie(device, stays, goes)),
                new Statement(
                    "DELETE FROM identities WHERE id = @goes AND EXISTS (SELECT 1 FROM identity_aliases WHERE identity_aliases.id = @goes "
                        + "AND identity_id = @stays)",
                    ("@goes", goes.Id),
                    ("@stays", stays.Id)),
                new Statement(
                    """
                    UPDATE identities SET number_hash = @number_hash, standing = @standing, body = @body, number_form = 3
                    WHERE id = @stays AND body = @stays_body
                      AND EXISTS (SELECT 1 FROM identity_aliases WHERE identity_aliases.id = @goes AND identity_id = @stays)
                    """,
                    ("@number_hash", hash),
                    ("@standing", (long)standing),
                    ("@body", body),
                    ("@stays", stays.Id),
                    ("@stays_body", stays.Body),
                    ("@goes", goes.Id)),
            ],
            cancellationToken);
        return new LineCounts(Joined: outcomes[2].Changed);
    }

    /// <summary>
    /// The ids that the identity that goes answers for. One that is added meanwhile changes its row, and then nothing is joined.
    /// </summary>
    private async Task<List<byte[]>> AliasesOfAsync(Row goes, CancellationToken cancellationToken) =>
    [
        .. (await database.ReadAsync(
            new Statement(
                "SELECT id, project_id, identity_id, seal FROM identity_aliases WHERE identity_id = @goes", ("@goes", goes.Id)),
            seals.Checked(row => row.GetFieldValue<byte[]>(0), BoundColumns.Aliases), cancellationToken)).OfType<byte[]>(),
    ];

    /// <summary>Its devices. One that is tied to it meanwhile stays so, and the identity that stays answers for it.</summary>
    private async Task<List<byte[]>> DevicesOfAsync(Row goes, CancellationToken cancellationToken) =>
    [
        .. (await database.ReadAsync(
            new Statement("SELECT id, identity_id, tie_seal FROM devices WHERE identity_id = @goes", ("@goes", goes.Id)),
            seals.Checked(row => row.GetFieldValue<byte[]>(0), BoundColumns.Ties), cancellationToken)).OfType<byte[]>(),
    ];

    private Statement Lead(byte[] alias, Row stays, Row goes) => new(
        """
        UPDATE identity_aliases SET identity_id = @stays, seal = @seal
        WHERE id = @id AND identity_id = @goes
          AND EXISTS (SELECT 1 FROM identity_aliases joined WHERE joined.id = @goes AND joined.identity_id = @stays)
        """,
        ("@stays", stays.Id),
        ("@seal", SealOf(alias, goes.ProjectId, stays)),
        ("@id", alias),
        ("@goes", goes.Id));

    private Statement Tie(byte[] device, Row stays, Row goes) => new(
        """
        UPDATE devices SET identity_id = @stays, tie_seal = @tie_seal
        WHERE id = @id AND identity_id = @goes
          AND EXISTS (
            SELECT 1 FROM identity_aliases WHERE identity_aliases.id = @goes AND identity_aliases.identity_id = @stays)
        """,
        ("@stays", stays.Id),
        ("@tie_seal", DeviceStore.TieOf(seals, device, stays.Id)),
        ("@id", device),
        ("@goes", goes.Id));

    private byte[]? SealOf(byte[] alias, ProjectId projectId, Row stays) =>
        seals.SealOf(BoundColumns.Aliases, [("@id", alias), ("@project_id", projectId), ("@identity_id", stays.Id)]);

    /// <summary>The identity that goes becomes another name of the one that stays, if both are as they were read.</summary>
    private Statement Alias(Row stays, Row goes) => new(
        """
        INSERT INTO identity_aliases (id, project_id, identity_id, seal)
        SELECT @goes, @project_id, @stays, @seal
        WHERE EXISTS (
            SELECT 1 FROM identities
            WHERE id = @goes AND body = @goes_body AND number_hash = @goes_hash AND standing = @goes_standing)
          AND EXISTS (
            SELECT 1 FROM identities
            WHERE id = @stays AND body = @stays_body AND number_hash = @stays_hash AND standing = @stays_standing)
        ON CONFLICT DO NOTHING
        """,
        ("@goes", goes.Id),
        ("@project_id", goes.ProjectId),
        ("@stays", stays.Id),
        ("@seal", SealOf(goes.Id, goes.ProjectId, stays)),
        ("@goes_body", goes.Body),
        ("@goes_hash", goes.NumberHash),
        ("@goes_standing", (long)goes.Status),
        ("@stays_body", stays.Body),
        ("@stays_hash", stays.NumberHash),
        ("@stays_standing", (long)stays.Status));

    private static Statement Hold(Row row) => new("UPDATE identities SET number_form = number_form WHERE id = @id", ("@id", row.Id));

    private static bool IsOlder(Row one, Row other) =>
        one.CreatedAt != other.CreatedAt ? one.CreatedAt < other.CreatedAt : one.Id.AsSpan().SequenceCompareTo(other.Id) < 0;

    private IdentityBody? OpenOrNull(Row row, IReadOnlyDictionary<LineKeyId, LineKey> known)
    {
        try
        {
            return IdentityStore.Open(sealer, row.Id, row.Body, known);
        }
        catch (Exception)
        {
            // A row that cannot be opened must not keep the others waiting; whoever needs it is told by the store.
            return null;
        }
    }

    private byte[] Seal(byte[] id, IdentityBody body, LineKey line) =>
        IdentityStore.Seal(sealer, new Guid(id, bigEndian: true), body, line);

    private static Row Read(DbDataReader row) => new(
        row.GetFieldValue<byte[]>(0), ProjectId.Parse(row.GetString(1)), row.GetFieldValue<byte[]>(2), (IdentityStatus)row.GetInt64(3),
        row.GetInt64(4), row.GetFieldValue<byte[]>(5));

    private sealed record Row(byte[] Id, ProjectId ProjectId, byte[] NumberHash, IdentityStatus Status, long CreatedAt, byte[] Body)
    {
        public override string ToString() => "***";
    }
}
