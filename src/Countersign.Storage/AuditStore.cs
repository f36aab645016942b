using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Texts are sealed for their place in the chain; what is hashed is the text itself, so another key changes no hash. What rows are looked
/// for by stands in clear beside it and is held to the text whenever it is read.
/// </summary>
internal sealed partial class AuditStore(IDatabase database, Sealer sealer, HashSealer hashes, ILineKeys lines) : IAuditStore
{
    private const string Key = "key";
    private const string Configuration = "configuration";

    public async Task<int> PutAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var keys = await KeysOfAsync(entries, cancellationToken);
        var outcomes = await database.WriteAsync([.. entries.Select(entry => Put(WithKey(entry, keys)))], cancellationToken);
        return outcomes.Sum(outcome => outcome.Changed);
    }

    public Task<IReadOnlyList<AuditEntry>> ListWaitingAsync(
        DateTimeOffset openBefore, int limit, CancellationToken cancellationToken) =>
        ListWaitingAsync(openBefore, limit, LineRows.None, cancellationToken);

    private async Task<IReadOnlyList<AuditEntry>> ListWaitingAsync(
        DateTimeOffset openBefore, int limit, IReadOnlyDictionary<LineKeyId, LineKey> known, CancellationToken cancellationToken)
    {
        var entries = new List<AuditEntry>();
        for (var (at, writer, number) = (long.MinValue, "", 0L); entries.Count < limit;)
        {
            var rows = await database.ReadAsync(
                new Statement(
                    """
                    SELECT writer, number, body, subject, created_at FROM audit_waiting
                    WHERE (is_open = 0 OR created_at < @open_before) AND (created_at, writer, number) > (@at, @writer, @number)
                    ORDER BY created_at, writer, number LIMIT @limit
                    """,
                    ("@open_before", openBefore.ToUnixTimeMilliseconds()),
                    ("@at", at),
                    ("@writer", writer),
                    ("@number", number),
                    ("@limit", limit)),
                row => (At: row.GetInt64(4), Row: WaitingRow.Read(row)),
                cancellationToken);
            entries.AddRange(await OpenWaitingAsync([.. rows.Select(row => row.Row)], known, cancellationToken));
            if (rows.Count < limit)
            {
                break;
            }
            // Those that cannot be read must not keep the others waiting.
            (at, writer, number) = (rows[^1].At, rows[^1].Row.Writer, rows[^1].Row.Number);
        }
        return entries.Count <= limit ? entries : entries[..limit];
    }

    public async Task<IReadOnlyList<(long Number, AuditStanding Standing)>> ListNumbersAsync(
        string writer, long from, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                """
                SELECT number, MAX(standing) FROM (
                    SELECT number, 1 - is_open AS standing FROM audit_waiting WHERE writer = @writer AND number >= @from
                    UNION ALL
                    SELECT number, 2 AS standing FROM audit_entries WHERE writer = @writer AND number >= @from) known
                GROUP BY number ORDER BY number LIMIT @limit
                """,
                ("@writer", writer),
                ("@from", from),
                ("@limit", limit)),
            row => (row.GetInt64(0), (AuditStanding)row.GetInt64(1)),
            cancellationToken);

    public async Task<IReadOnlyList<(string Writer, long Number)>> ListUnlinkedAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement("SELECT writer, number, body, subject FROM audit_waiting ORDER BY writer, number"), WaitingRow.Read,
            cancellationToken);
        return [.. (await OpenWaitingAsync(rows, LineRows.None, cancellationToken)).Select(entry => (entry.Writer, entry.Number))];
    }

    public async Task<byte[]> GetOrAddKeyAsync(byte[] privateKey, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            [
                new Statement(
                    "INSERT INTO audit_state (id, body) VALUES (@id, @body) ON CONFLICT (id) DO NOTHING",
                    ("@id", Key),
                    ("@body", sealer.Seal(privateKey, StatePlaceOf(Key)))),
            ],
            cancellationToken);
        return (await FindKeyAsync(cancellationToken))!;
    }

    public Task<byte[]?> FindKeyAsync(CancellationToken cancellationToken) => FindStateAsync(Key, cancellationToken);

    public async Task<IReadOnlyDictionary<string, string>?> FindConfigurationAsync(CancellationToken cancellationToken) =>
        await FindStateAsync(Configuration, cancellationToken) is { } body
            ? JsonSerializer.Deserialize(body, StoredJson.Default.DictionaryStringString)
            : null;

    public Task PutConfigurationAsync(
        IReadOnlyDictionary<string, string> configuration, AuditEntry entry, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string>(configuration, StringComparer.Ordinal), StoredJson.Default.DictionaryStringString);
        return database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO audit_state (id, body) VALUES (@id, @body)
                    ON CONFLICT (id) DO UPDATE SET body = excluded.body
                    """,
                    ("@id", Configuration),
                    ("@body", sealer.Seal(body, StatePlaceOf(Configuration)))),
                Put(entry),
            ],
            cancellationToken);
    }

    /// <param name="writerAndNumber">As <c>writer:number</c>.</param>
    public static string WaitingPlaceOf(string writerAndNumber) => $"audit_waiting.body:{writerAndNumber}";

    /// <inheritdoc cref="WaitingPlaceOf"/>
    public static string WaitingSubjectPlaceOf(string writerAndNumber) => $"audit_waiting.subject:{writerAndNumber}";

    public static string PlaceOf(long position) => FormattableString.Invariant($"audit_entries.body:{position}");

    public static string SubjectPlaceOf(long position) => FormattableString.Invariant($"audit_entries.subject:{position}");

    public static string StatePlaceOf(string id) => $"audit_state.body:{id}";

    private async Task<byte[]?> FindStateAsync(string id, CancellationToken cancellationToken) =>
        await database.FindAsync(
            new Statement("SELECT body FROM audit_state WHERE id = @id", ("@id", id)),
            row => sealer.Open(row.GetFieldValue<byte[]>(0), StatePlaceOf(id)),
            cancellationToken);

    private Statement Put(AuditEntry entry)
    {
        var name = FormattableString.Invariant($"{entry.Writer}:{entry.Number}");
        return new Statement(
            """
            INSERT INTO audit_waiting (writer, number, created_at, is_open, body, subject)
            SELECT @writer, @number, @created_at, @is_open, @body, @subject
            WHERE NOT EXISTS (SELECT 1 FROM audit_entries WHERE writer = @writer AND number = @number)
            ON CONFLICT (writer, number) DO UPDATE
            SET created_at = excluded.created_at, is_open = excluded.is_open, body = excluded.body,
                subject = CASE WHEN audit_waiting.subject IS NULL THEN NULL ELSE excluded.subject END
            """,
            ("@writer", entry.Writer),
            ("@number", entry.Number),
            ("@created_at", entry.At.ToUnixTimeMilliseconds()),
            ("@is_open", entry.Act.Outcome == AuditOutcome.Open ? 1 : 0),
            ("@body", sealer.Seal(entry.Text, WaitingPlaceOf(name))),
            ("@subject", SealSubject(entry.Opening, WaitingSubjectPlaceOf(name), entry.Key)));
    }

    private async Task<IEnumerable<AuditEntry>> OpenWaitingAsync(
        IReadOnlyList<WaitingRow> rows, IReadOnlyDictionary<LineKeyId, LineKey> known, CancellationToken cancellationToken)
    {
        var keys = await lines.OfAsync(rows.Select(row => row.Subject).OfType<byte[]>(), known, cancellationToken);
        return rows.Select(row => OpenWaiting(row, keys)).OfType<AuditEntry>();
    }

    /// <summary>Null for a row that is not as a server wrote it: who wrote it writes it again.</summary>
    private AuditEntry? OpenWaiting(WaitingRow row, IReadOnlyDictionary<LineKeyId, LineKey> keys)
    {
        var name = FormattableString.Invariant($"{row.Writer}:{row.Number}");
        try
        {
            var text = sealer.Open(row.Body, WaitingPlaceOf(name));
            var opening = OpenSubject(row.Subject, WaitingSubjectPlaceOf(name), keys);
            return AuditEntry.Parse(text, opening) is { } entry && entry.IsOpenedBy(opening)
                ? entry with { Key = KeyOf(row.Subject, keys) } : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record WaitingRow(string Writer, long Number, byte[] Body, byte[]? Subject)
    {
        public static WaitingRow Read(DbDataReader row) => new(
            row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3));

        public override string ToString() => $"{Number}";
    }
}
