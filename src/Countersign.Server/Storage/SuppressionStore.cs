using System.Data.Common;
using System.Text;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Server.Security;

namespace Countersign.Server.Storage;

/// <summary>The number is kept as a keyed hash and, for lists, sealed as it is masked: enough to obey a person, too little to call them.</summary>
internal sealed class SuppressionStore(IDatabase database, Sealer sealer, SecretHasher hasher) : ISuppressionList
{
    private const string EverySender = "";

    public async Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken)
    {
        var statement = sender is null
            ? new Statement("SELECT 1 FROM suppressions WHERE number_hash = @number_hash LIMIT 1", ("@number_hash", HashOf(to)))
            : new Statement(
                "SELECT 1 FROM suppressions WHERE number_hash = @number_hash AND sender IN ('', @sender) LIMIT 1",
                ("@number_hash", HashOf(to)),
                ("@sender", SenderId.Normalize(sender)));
        var rows = await database.ReadAsync(statement, _ => true, cancellationToken);
        return rows.Count > 0;
    }

    public Task SuppressAsync(PhoneNumber number, string? sender, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        [
            new Statement(
                """
                INSERT INTO suppressions (number_hash, sender, created_at, masked) VALUES (@number_hash, @sender, @created_at, @masked)
                ON CONFLICT DO NOTHING
                """,
                ("@number_hash", HashOf(number)),
                ("@sender", StoredFormOf(sender)),
                ("@created_at", at.ToUnixTimeMilliseconds()),
                ("@masked", sealer.Seal(Encoding.UTF8.GetBytes(number.ToString()), PlaceOf(HashOf(number), StoredFormOf(sender))))),
        ],
        cancellationToken);

    public Task LiftAsync(PhoneNumber number, string? sender, CancellationToken cancellationToken) => database.WriteAsync(
        [
            sender is null
                ? new Statement("DELETE FROM suppressions WHERE number_hash = @number_hash", ("@number_hash", HashOf(number)))
                : new Statement(
                    "DELETE FROM suppressions WHERE number_hash = @number_hash AND sender IN ('', @sender)",
                    ("@number_hash", HashOf(number)),
                    ("@sender", SenderId.Normalize(sender))),
        ],
        cancellationToken);

    public async Task<IReadOnlyList<Suppression>> ListAsync(PhoneNumber? number, int most, CancellationToken cancellationToken)
    {
        var statement = number is { } one
            ? new Statement(
                """
                SELECT number_hash, sender, created_at, masked FROM suppressions WHERE number_hash = @number_hash
                ORDER BY created_at DESC, sender LIMIT @most
                """,
                ("@number_hash", HashOf(one)),
                ("@most", most))
            : new Statement("SELECT number_hash, sender, created_at, masked FROM suppressions ORDER BY created_at DESC, sender LIMIT @most", ("@most", most));
        return await database.ReadAsync(statement, row => Read(row, number), cancellationToken);
    }

    private Suppression Read(DbDataReader row, PhoneNumber? asked)
    {
        var (hash, sender) = (row.GetFieldValue<byte[]>(0), row.GetString(1));
        var masked = asked?.ToString() ?? (row.IsDBNull(3) ? null : Encoding.UTF8.GetString(sealer.Open(row.GetFieldValue<byte[]>(3), PlaceOf(hash, sender))));
        return new Suppression(masked, sender == EverySender ? null : sender, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)));
    }

    private static string PlaceOf(byte[] hash, string sender) => $"suppressions.masked:{Convert.ToHexStringLower(hash)}:{sender}";

    private static string StoredFormOf(string? sender) => sender is null ? EverySender : SenderId.Normalize(sender);

    private byte[] HashOf(PhoneNumber number) => hasher.Hash("suppressions.number", new Secret(number.E164)).ToBytes();
}
