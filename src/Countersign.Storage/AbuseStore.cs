using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;

namespace Countersign.Storage;

/// <summary>
/// A target is kept as a keyed hash; what an administrator reads of it is sealed, numbers and addresses masked before. What is said of a
/// number stands under its line's key. If the line is erased while something is said of it, that is neither found nor read, and goes with
/// its time.
/// </summary>
internal sealed class AbuseStore(IDatabase database, Sealer sealer, HashSealer hashes, ILineKeys lines) : IAbuseStore
{
    /// <summary>A number may stand under its line's keys, and, from before lines had them, under none.</summary>
    public const int MaxHashes = IAbuseStore.MaxKeys + LineRows.MaxKeys;

    private const string Columns =
        "id, target_key, target, verdict, label, rule, counted, max, seconds, mode, made_by, created_at, ends_at";

    // The newest word for each target first: words for a wide one that are said again and again must not hide one for a narrow one.
    private static readonly string _find =
        $"""
        SELECT {Columns} FROM abuse_entries
        WHERE target_key IN ({HashValues.NamesOf(MaxHashes)}) AND ends_at > @now
        ORDER BY CASE WHEN made_by IS NULL THEN 1 ELSE 0 END,
            ROW_NUMBER() OVER (PARTITION BY target_key, CASE WHEN made_by IS NULL THEN 1 ELSE 0 END ORDER BY created_at DESC),
            created_at DESC
        LIMIT 100
        """;

    public async Task<IReadOnlyList<AbuseEntry>> FindAsync(
        IReadOnlyList<AbuseKey> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (keys.Count > IAbuseStore.MaxKeys)
        {
            throw new ArgumentException("A text has no more targets than MaxKeys.", nameof(keys));
        }
        var asked = new Dictionary<SecretHash, AbuseKey>();
        foreach (var key in keys)
        {
            asked[key.Hash] = key;
            var line = key.Number is { } number ? await lines.FindAsync(number, cancellationToken) : null;
            foreach (var one in LineRows.Of(line).Values)
            {
                asked[one.Bind(key.Hash)] = key;
            }
        }
        return await database.ReadAsync(
            new Statement(_find, [.. hashes.ValuesOf([.. asked.Keys], MaxHashes), ("@now", now.ToUnixTimeMilliseconds())]),
            // Who asks knows the target: what is read of it is unsealed for the list alone.
            row => Read(row, label: "") is var entry && asked.TryGetValue(entry.Key.Hash, out var key) ? entry with { Key = key } : entry,
            cancellationToken);
    }

    public async Task<bool> TryAddAsync(AbuseEntry entry, CancellationToken cancellationToken)
    {
        var line = entry.Key.Number is { } number ? await lines.ObtainAsync(number, cancellationToken) : null;
        var hash = (line?.Bind(entry.Key.Hash) ?? entry.Key.Hash).ToBytes();
        var key = hashes.Seal(hash);
        var id = Guid.CreateVersion7(entry.Since).ToByteArray(bigEndian: true);
        var label = Encoding.UTF8.GetBytes(entry.Label);
        if (entry.Finding is { } finding)
        {
            var before = await EndOfLastAsync(hash, finding.Rule, cancellationToken);
            if (before > entry.Since.ToUnixTimeMilliseconds())
            {
                return false;
            }
            id = IdOfHold(key, finding.Rule, before);
        }
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    $"""
                    INSERT INTO abuse_entries ({Columns})
                    VALUES (@id, @target_key, @target, @verdict, @label, @rule, @counted, @max, @seconds, @mode, @made_by, @created_at,
                        @ends_at)
                    ON CONFLICT (id) DO NOTHING
                    """,
                    ("@id", id),
                    ("@target_key", key),
                    ("@target", Word(entry.Key.Target)),
                    ("@verdict", Word(entry.Verdict)),
                    ("@label", line is null ? sealer.Seal(label, PlaceOf(id)) : sealer.Seal(label, PlaceOf(id), line)),
                    ("@rule", entry.Finding?.Rule),
                    ("@counted", entry.Finding?.Count),
                    ("@max", entry.Finding?.Max),
                    ("@seconds", (long?)entry.Finding?.Window.TotalSeconds),
                    ("@mode", Word(entry.Mode)),
                    ("@made_by", entry.By),
                    ("@created_at", entry.Since.ToUnixTimeMilliseconds()),
                    ("@ends_at", entry.Until.ToUnixTimeMilliseconds()))
                {
                    Lock = id,
                },
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<IReadOnlyList<AbuseEntry>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement($"SELECT {Columns} FROM abuse_entries ORDER BY created_at DESC, id DESC LIMIT @limit", ("@limit", limit)),
            row => (Entry: Read(row, label: ""), Id: row.GetFieldValue<byte[]>(0), Label: row.GetFieldValue<byte[]>(4)),
            cancellationToken);
        var known = await lines.OfAsync(rows.Select(row => row.Label), LineRows.None, cancellationToken);
        return [.. rows.Select(row => row.Entry with { Label = LabelIn(row.Label, row.Id, known) })];
    }

    public Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM abuse_entries WHERE id IN (
            SELECT id FROM abuse_entries WHERE ends_at <= @before ORDER BY ends_at LIMIT @limit)
        """,
        before, limit, cancellationToken);

    /// <summary>When the rule's last hold of the target ends or has ended; 0 when there was none.</summary>
    private async Task<long> EndOfLastAsync(byte[] hash, string rule, CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            new Statement(
                """
                SELECT ends_at FROM abuse_entries WHERE target_key IN (@key, @key_1, @key_2) AND rule = @rule
                ORDER BY ends_at DESC LIMIT 1
                """,
                [.. hashes.ValuesOf("@key", hash), ("@rule", rule)]),
            row => row.GetInt64(0),
            cancellationToken)).FirstOrDefault();

    // Who finds the same at the same time has seen the same hold before it, and so comes to the same id.
    private static byte[] IdOfHold(byte[] key, string rule, long before) => SHA256.HashData(
        [.. key, .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {rule} {before}"))])[..16];

    private AbuseEntry Read(DbDataReader row, string label) => new(
        new AbuseKey(
            Enum.Parse<AbuseTarget>(row.GetString(2), ignoreCase: true),
            new SecretHash(Convert.ToHexStringLower(hashes.Open(row.GetFieldValue<byte[]>(1))))),
        Enum.Parse<AbuseVerdict>(row.GetString(3), ignoreCase: true),
        label,
        row.IsDBNull(5)
            ? null
            : new PumpingFinding(row.GetString(5), row.GetInt64(6), row.GetInt64(7), TimeSpan.FromSeconds(row.GetInt64(8))),
        Enum.Parse<LimitMode>(row.GetString(9), ignoreCase: true),
        row.IsDBNull(10) ? null : row.GetString(10),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(11)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(12)));

    // It holds whether it can be read or not: a key may have been changed since.
    private string LabelIn(byte[] label, byte[] id, IReadOnlyDictionary<LineKeyId, LineKey> known)
    {
        try
        {
            return Encoding.UTF8.GetString(sealer.Open(label, PlaceOf(id), known));
        }
        catch (CryptographicException)
        {
            return AbuseEntry.UnreadableLabel;
        }
    }

    internal static string PlaceOf(byte[] id) => $"abuse_entries.label:{Convert.ToHexStringLower(id)}";

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
