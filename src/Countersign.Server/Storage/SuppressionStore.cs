using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Server.Storage;

/// <summary>The number is kept as a keyed hash: enough to obey a person, too little to call them.</summary>
internal sealed class SuppressionStore(IDatabase database, SecretHasher hasher) : ISuppressionList
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
                "INSERT INTO suppressions (number_hash, sender, created_at) VALUES (@number_hash, @sender, @created_at) ON CONFLICT DO NOTHING",
                ("@number_hash", HashOf(number)),
                ("@sender", StoredFormOf(sender)),
                ("@created_at", at.ToUnixTimeMilliseconds())),
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

    private static string StoredFormOf(string? sender) => sender is null ? EverySender : SenderId.Normalize(sender);

    private byte[] HashOf(PhoneNumber number) => hasher.Hash("suppressions.number", new Secret(number.E164)).ToBytes();
}
