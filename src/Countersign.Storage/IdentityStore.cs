using System.Data.Common;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Domains;
using Countersign.Core.Enrolments;
using Countersign.Core.Keys;
using Countersign.Core.Possession;

namespace Countersign.Storage;

internal sealed partial class IdentityStore(
    IDatabase database, Sealer sealer, SecretHasher hasher, HashSealer hashes, INumberPlan plan, RowSeals rows, ILineKeys lines)
    : IIdentityStore
{
    private const string Columns = "id, project_id, standing, created_at, body, left_at";

    // An id that was joined with an older one's line is that one's.
    private const string Named =
        "COALESCE((SELECT alias.identity_id FROM identity_aliases alias WHERE alias.id = @id AND alias.project_id = @project_id), @id)";

    private readonly NumberHashes _numbers = HashesOf(hasher, hashes, plan);
    private readonly NumberHashes _left = LeftHashesOf(hasher, hashes, plan);

    public async Task<ProjectIdentity> ObtainAsync(
        ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken) =>
        // Mostly there already: a read is cheaper than a write that changes nothing.
        await FindAsync(projectId, number, cancellationToken) ?? (await AddAsync(projectId, number, now, cancellationToken)).Identity;

    public async Task<ProjectIdentity> EnrolAsync(
        ProjectId projectId, PhoneNumber number, IdentityDetails details, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What is sealed is sealed for the row's id, and only the row that is there says which that is.
        while (true)
        {
            var (known, line) = await AddAsync(projectId, number, now, cancellationToken);
            var body = Seal(known.Id, number, details, line);
            var outcomes = await database.WriteAsync(
                [
                    new Statement(
                        // Meanwhile the number may have gone to somebody else: then they are the one to enrol.
                        "UPDATE identities SET standing = @standing, body = @body WHERE id = @id AND left_at IS NULL",
                        ("@standing", (long)IdentityStatus.Active),
                        ("@body", body),
                        ("@id", known.Id.ToByteArray(bigEndian: true))),
                ],
                cancellationToken);
            if (outcomes[0].Changed == 1 && await KeepAsync(known.Id, body, line))
            {
                return known with { Status = IdentityStatus.Active, Details = details };
            }
        }
    }

    /// <summary>The identity of a number, with its line's key within the project, which is there when this returns.</summary>
    private async Task<(ProjectIdentity Identity, LineKey Line)> AddAsync(
        ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await lines.ObtainAsync(number, projectId, cancellationToken);
            if (await FindAsync(projectId, number, line, cancellationToken) is { } known)
            {
                return (known, line);
            }

            var id = Guid.CreateVersion7(now);
            var body = Seal(id, number, new IdentityDetails(), line);
            await database.WriteAsync(
                [
                    new Statement(
                        """
                        INSERT INTO identities (id, project_id, number_hash, standing, created_at, body, number_form)
                        VALUES (@id, @project_id, @number_hash, @standing, @created_at, @body, 3)
                        ON CONFLICT (project_id, number_hash) DO NOTHING
                        """,
                        ("@id", id.ToByteArray(bigEndian: true)),
                        ("@project_id", projectId),
                        ("@number_hash", _numbers.Of(number, line)),
                        ("@standing", (long)IdentityStatus.Known),
                        ("@created_at", now.ToUnixTimeMilliseconds()),
                        ("@body", body)),
                    new Statement(
                        // From now on the number is held since this one began.
                        $"DELETE FROM verified_numbers WHERE project_id = @project_id AND number_hash IN {NumberHashes.All}",
                        [("@project_id", projectId), .. _left.AllOf(number, line)]),
                ],
                cancellationToken);
            await KeepAsync(id, body, line);
        }
    }

    /// <summary>
    /// False when the line or the project was erased while the row was written: it is taken back. Whoever erases finds what was written
    /// before.
    /// </summary>
    private async Task<bool> KeepAsync(Guid id, byte[] body, LineKey line)
    {
        // What was written is settled, whoever still waits.
        if (await lines.IsThereAsync(line, CancellationToken.None))
        {
            return true;
        }
        await database.WriteAsync(
            [
                new Statement(
                    "DELETE FROM identities WHERE id = @id AND body = @body",
                    ("@id", id.ToByteArray(bigEndian: true)),
                    ("@body", body)),
            ],
            CancellationToken.None);
        return false;
    }

    public async Task<ProjectId?> FindProjectAsync(Guid id, CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            new Statement(
                """
                SELECT project_id FROM identities WHERE id = @id
                UNION ALL
                SELECT project_id FROM identity_aliases WHERE id = @id
                LIMIT 1
                """,
                ("@id", id.ToByteArray(bigEndian: true))),
            row => (ProjectId?)ProjectId.Parse(row.GetString(0)),
            cancellationToken)).FirstOrDefault();

    public async Task<ProjectIdentity?> FindAsync(ProjectId projectId, Guid id, CancellationToken cancellationToken)
    {
        var identity = await FirstAsync(
            new Statement(
                $"SELECT {Columns} FROM identities WHERE id = {Named} AND project_id = @project_id",
                ("@id", id.ToByteArray(bigEndian: true)),
                ("@project_id", projectId)),
            LineRows.None, cancellationToken);
        return identity is null || identity.Id == id || await IsAliasAsync(id, cancellationToken) ? identity : null;
    }

    /// <summary>True when the id was given to the identity that answers for it by this server.</summary>
    private async Task<bool> IsAliasAsync(Guid id, CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            new Statement(
                "SELECT id, project_id, identity_id, seal FROM identity_aliases WHERE id = @id", ("@id", id.ToByteArray(bigEndian: true))),
            row => rows.Accepts(BoundColumns.Aliases, row), cancellationToken)).Contains(true);

    public async Task<ProjectIdentity?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
        await FindAsync(projectId, number, await lines.FindAsync(number, projectId, cancellationToken), cancellationToken);

    private Task<ProjectIdentity?> FindAsync(
        ProjectId projectId, PhoneNumber number, LineKey? line, CancellationToken cancellationToken) =>
        FirstAsync(
            new Statement(
                // Two of one line, until they are joined: the older is who stays.
                $"""
                SELECT {Columns} FROM identities
                WHERE project_id = @project_id AND number_hash IN {NumberHashes.All} ORDER BY created_at, id LIMIT 1
                """,
                [("@project_id", projectId), .. _numbers.AllOf(number, line)]),
            LineRows.Of(line), cancellationToken);

    public async Task<IReadOnlyList<ProjectIdentity>> ListAsync(
        ProjectId projectId, Guid? after, int limit, bool withInactive, CancellationToken cancellationToken)
    {
        var all = new List<ProjectIdentity>();
        var last = (after ?? Guid.Empty).ToByteArray(bigEndian: true);
        while (true)
        {
            var (identities, end) = await ReadAsync(
                new Statement(
                    $"""
                    SELECT {Columns} FROM identities
                    WHERE project_id = @project_id AND id > @after AND standing >= 1 AND standing <= @highest
                    ORDER BY id LIMIT @limit
                    """,
                    ("@project_id", projectId),
                    ("@after", last),
                    ("@highest", (long)(withInactive ? IdentityStatus.Inactive : IdentityStatus.Active)),
                    ("@limit", limit - all.Count)),
                LineRows.None, cancellationToken);
            all.AddRange(identities);
            // A page is full, also where there are rows whose line was erased.
            if (end is null || all.Count == limit)
            {
                return all;
            }
            last = end;
        }
    }

    public async Task<bool> SetActiveAsync(ProjectId projectId, Guid id, bool isActive, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                Hold(projectId, id),
                new Statement(
                    $"UPDATE identities SET standing = @standing WHERE id = {Named} AND project_id = @project_id AND standing >= 1",
                    ("@standing", (long)(isActive ? IdentityStatus.Active : IdentityStatus.Inactive)),
                    ("@id", id.ToByteArray(bigEndian: true)),
                    ("@project_id", projectId)),
            ],
            cancellationToken);
        return outcomes[1].Changed == 1;
    }

    public async Task<bool> LeaveNumberAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(projectId, id, cancellationToken) is not { } person)
        {
            return false;
        }

        // Of a line that is erased meanwhile only a moment is left, which nobody finds, and which goes with its time.
        var line = await lines.ObtainAsync(person.Number, projectId, cancellationToken);
        var outcomes = await database.WriteAsync(
            [
                Hold(projectId, id),
                new Statement(
                    $"""
                    INSERT INTO verified_numbers (project_id, number_hash, verified_at, left_at, number_form)
                    SELECT project_id, @number_hash, created_at, @now, 3 FROM identities
                    WHERE id = {Named} AND project_id = @project_id AND left_at IS NULL
                    ON CONFLICT (project_id, number_hash) DO UPDATE SET verified_at = excluded.verified_at, left_at = excluded.left_at
                    """,
                    ("@number_hash", _left.Of(person.Number, line)),
                    ("@now", now.ToUnixTimeMilliseconds()),
                    ("@id", id.ToByteArray(bigEndian: true)),
                    ("@project_id", projectId)),
                new Statement(
                    $"""
                    UPDATE identities SET left_at = @now, number_hash = id, standing = CASE standing WHEN 1 THEN 2 ELSE standing END
                    WHERE id = {Named} AND project_id = @project_id AND left_at IS NULL
                    """,
                    ("@now", now.ToUnixTimeMilliseconds()),
                    ("@id", id.ToByteArray(bigEndian: true)),
                    ("@project_id", projectId)),
                new Statement(
                    $"""
                    UPDATE devices SET identity_id = NULL, tie_seal = NULL, kept_until = @kept_until
                    WHERE identity_id IN (
                        SELECT id FROM identities WHERE id = {Named} AND project_id = @project_id AND left_at IS NOT NULL
                        UNION ALL
                        SELECT other.id FROM identity_aliases other JOIN identities i ON i.id = other.identity_id
                        WHERE i.id = {Named} AND i.project_id = @project_id AND i.left_at IS NOT NULL)
                    """,
                    ("@kept_until", KeptUntied(now)),
                    ("@id", id.ToByteArray(bigEndian: true)),
                    ("@project_id", projectId)),
            ],
            cancellationToken);
        return outcomes[2].Changed == 1;
    }

    public async Task<DateTimeOffset?> FindLeftSinceAsync(
        ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
        await VerifiedNumberStore.FindLatestAsync(
            database, projectId, _left.AllOf(number, await lines.FindAsync(number, projectId, cancellationToken)), cancellationToken);

    public async Task<bool> RemoveAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The devices before the row, which says whose they are.
        var outcomes = await database.WriteAsync(
            [
                Hold(projectId, id),
                new Statement(
                    $"""
                    UPDATE devices SET identity_id = NULL, tie_seal = NULL, kept_until = @kept_until
                    WHERE identity_id IN (
                        SELECT id FROM identities WHERE id = {Named} AND project_id = @project_id AND standing >= 1
                        UNION ALL
                        SELECT other.id FROM identity_aliases other JOIN identities i ON i.id = other.identity_id
                        WHERE i.id = {Named} AND i.project_id = @project_id AND i.standing >= 1)
                    """,
                    ("@kept_until", KeptUntied(now)),
                    ("@id", id.ToByteArray(bigEndian: true)),
                    ("@project_id", projectId)),
                new Statement(
                    $"DELETE FROM identities WHERE id = {Named} AND project_id = @project_id AND standing >= 1",
                    ("@id", id.ToByteArray(bigEndian: true)),
                    ("@project_id", projectId)),
                new Statement(
                    $"""
                    DELETE FROM identity_aliases
                    WHERE identity_id = {Named} AND NOT EXISTS (SELECT 1 FROM identities WHERE identities.id = identity_aliases.identity_id)
                    """,
                    ("@id", id.ToByteArray(bigEndian: true)),
                    ("@project_id", projectId)),
            ],
            cancellationToken);
        return outcomes[2].Changed == 1;
    }

    public static NumberHashes HashesOf(SecretHasher hasher, HashSealer hashes, INumberPlan plan) =>
        new(hasher, hashes, plan, "identities.number");

    /// <summary>
    /// Of numbers that their identities have left, in <c>verified_numbers</c>: when those began has the same use, and is kept from when
    /// they left.
    /// </summary>
    public static NumberHashes LeftHashesOf(SecretHasher hasher, HashSealer hashes, INumberPlan plan) =>
        new(hasher, hashes, plan, "verified_numbers.left");

    public static IdentityBody Open(Sealer sealer, byte[] id, byte[] body, IReadOnlyDictionary<LineKeyId, LineKey> lines) =>
        JsonSerializer.Deserialize(sealer.Open(body, PlaceOf(new Guid(id, bigEndian: true)), lines), StoredJson.Default.IdentityBody)!;

    public static byte[] Seal(Sealer sealer, Guid id, IdentityBody body, LineKey line) =>
        sealer.Seal(JsonSerializer.SerializeToUtf8Bytes(body, StoredJson.Default.IdentityBody), PlaceOf(id), line);

    /// <summary>
    /// Until when a device is kept that has lost its person: a flow that is under way may be about to tie it to somebody else.
    /// </summary>
    public static long KeptUntied(DateTimeOffset now) => (now + PossessionOptions.MaxFlowLifetime).ToUnixTimeMilliseconds();

    /// <summary>
    /// Changes nothing, and waits for a join of two identities that is under way: PostgreSQL shows its outcome to the statements that
    /// follow, and to them the id means the identity that stayed.
    /// </summary>
    private static Statement Hold(ProjectId projectId, Guid id) => new(
        $"UPDATE identities SET number_form = number_form WHERE id = {Named} AND project_id = @project_id",
        ("@id", id.ToByteArray(bigEndian: true)),
        ("@project_id", projectId));

    /// <summary>Reads rows. One of whose keys one is gone is as if it were not there: its line was erased, or its project.</summary>
    /// <param name="known">Keys that need not be read.</param>
    /// <returns>The identities, and the id of the last row, of one that is passed over too; null when there was none.</returns>
    private async Task<(IReadOnlyList<ProjectIdentity> Identities, byte[]? End)> ReadAsync(
        Statement statement, IReadOnlyDictionary<LineKeyId, LineKey> known, CancellationToken cancellationToken)
    {
        var read = await database.ReadAsync(statement, Read, cancellationToken);
        var keys = await lines.OfAsync(read.Select(row => row.Body), known, cancellationToken);
        return (
            [.. read.Where(row => keys.CanOpen(row.Body)).Select(row => Open(row, sealer, _numbers, keys))],
            read.Count > 0 ? read[^1].Id : null);
    }

    private async Task<ProjectIdentity?> FirstAsync(
        Statement statement, IReadOnlyDictionary<LineKeyId, LineKey> known, CancellationToken cancellationToken) =>
        await ReadAsync(statement, known, cancellationToken) is ([var first, ..], _) ? first : null;

    /// <summary>Reads id, project_id, standing, created_at, body and left_at.</summary>
    internal static Row Read(DbDataReader row) => new(
        row.GetFieldValue<byte[]>(0), ProjectId.Parse(row.GetString(1)), (IdentityStatus)row.GetInt64(2), row.GetInt64(3),
        row.GetFieldValue<byte[]>(4), row.IsDBNull(5) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)));

    internal static ProjectIdentity Open(
        Row row, Sealer sealer, NumberHashes numbers, IReadOnlyDictionary<LineKeyId, LineKey> keys)
    {
        var body = Open(sealer, row.Id, row.Body, keys);
        return new ProjectIdentity(
            new Guid(row.Id, bigEndian: true), row.ProjectId, numbers.FormOf(body.Number), row.Status,
            DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt), body.Details, row.LeftAt);
    }

    private byte[] Seal(Guid id, PhoneNumber number, IdentityDetails details, LineKey line) =>
        Seal(sealer, id, new IdentityBody(_numbers.FormOf(number), details), line);

    public static string PlaceOf(Guid id) => $"identities.body:{id}";

    internal sealed record Row(
        byte[] Id, ProjectId ProjectId, IdentityStatus Status, long CreatedAt, byte[] Body, DateTimeOffset? LeftAt)
    {
        public override string ToString() => "***";
    }
}

/// <summary>The part of an identity that may not stand in clear.</summary>
internal sealed record IdentityBody(PhoneNumber Number, IdentityDetails Details)
{
    public override string ToString() => "***";
}
