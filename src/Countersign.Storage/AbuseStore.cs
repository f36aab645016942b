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
/// A target is kept as a keyed hash; what an administrator reads of it is sealed, numbers and addresses masked before.
/// </summary>
internal sealed class AbuseStore(IDatabase database, Sealer sealer, HashSealer hashes) : IAbuseStore
{
    private const string Columns =
        "id, target_key, target, verdict, label, rule, counted, max, seconds, mode, made_by, created_at, ends_at";

    // The newest word for each target first: words for a wide one that are said again and again must not hide one for a narrow one.
    private static readonly string _find =
        $"""
        SELECT {Columns} FROM abuse_entries
        WHERE target_key IN ({HashValues.NamesOf(IAbuseStore.MaxKeys)}) AND ends_at > @now
        ORDER BY CASE WHEN made_by IS NULL THEN 1 ELSE 0 END,
            ROW_NUMBER() OVER (PARTITION BY target_key, CASE WHEN made_by IS NULL THEN 1 ELSE 0 END ORDER BY created_at DESC),
            created_at DESC
        LIMIT 100
        """;

    public async Task<IReadOnlyList<AbuseEntry>> FindAsync(
        IReadOnlyList<AbuseKey> keys, DateTimeOffset now, CancellationToken cancellationToken) => await database.ReadAsync(
        new Statement(
            _find,
            [
                .. hashes.ValuesOf([.. keys.Select(key => key.Hash)], IAbuseStore.MaxKeys), ("@now", now.ToUnixTimeMilliseconds()),
            ]),
        // Who asks knows the target: what is read of it is unsealed for the list alone.
        row => Read(row, label: ""),
        cancellationToken);

    public async Task<bool> TryAddAsync(AbuseEntry entry, CancellationToken cancellationToken)
    {
        var key = hashes.Seal(entry.Key.Hash.ToBytes());
        var id = Guid.CreateVersion7(entry.Since).ToByteArray(bigEndian: true);
        if (entry.Finding is { } finding)
        {
            var before = await EndOfLastAsync(entry.Key, finding.Rule, cancellationToken);
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
                    ("@label", sealer.Seal(Encoding.UTF8.GetBytes(entry.Label), PlaceOf(id))),
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

    public async Task<IReadOnlyList<AbuseEntry>> ListAsync(int limit, CancellationToken cancellationToken) => await database.ReadAsync(
        new Statement($"SELECT {Columns} FROM abuse_entries ORDER BY created_at DESC, id DESC LIMIT @limit", ("@limit", limit)),
        row => Read(row, LabelIn(row)),
        cancellationToken);

    public Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM abuse_entries WHERE id IN (
            SELECT id FROM abuse_entries WHERE ends_at <= @before ORDER BY ends_at LIMIT @limit)
        """,
        before, limit, cancellationToken);

    /// <summary>When the rule's last hold of the target ends or has ended; 0 when there was none.</summary>
    private async Task<long> EndOfLastAsync(AbuseKey key, string rule, CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            new Statement(
                """
                SELECT ends_at FROM abuse_entries WHERE target_key IN (@key, @key_1, @key_2) AND rule = @rule
                ORDER BY ends_at DESC LIMIT 1
                """,
                [.. hashes.ValuesOf("@key", key.Hash.ToBytes()), ("@rule", rule)]),
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
    private string LabelIn(DbDataReader row)
    {
        try
        {
            return Encoding.UTF8.GetString(sealer.Open(row.GetFieldValue<byte[]>(4), PlaceOf(row.GetFieldValue<byte[]>(0))));
        }
        catch (CryptographicException)
        {
            return AbuseEntry.UnreadableLabel;
        }
    }

    internal static string PlaceOf(byte[] id) => $"abuse_entries.label:{Convert.ToHexStringLower(id)}";

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
