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
    IDatabase database, Sealer sealer, SecretHasher hasher, HashSealer hashes, INumberPlan plan) : ISuppressionList
{
    private const string EverySender = "";

    private readonly NumberHashes _numbers = HashesOf(hasher, hashes, plan);

    public async Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken)
    {
        var said = await SendersOfAsync(to, cancellationToken);
        return said.Any(one => sender is null || one == EverySender || SenderId.AreOne(one, sender, plan));
    }

    public Task SuppressAsync(PhoneNumber number, string? sender, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
        [
            new Statement(
                """
                INSERT INTO suppressions (number_hash, sender, created_at, masked) VALUES (@number_hash, @sender, @created_at, @masked)
                ON CONFLICT DO NOTHING
                """,
                ("@number_hash", _numbers.Of(number)),
                ("@sender", StoredFormOf(sender)),
                ("@created_at", at.ToUnixTimeMilliseconds()),
                ("@masked", sealer.Seal(
                    Encoding.UTF8.GetBytes(_numbers.FormOf(number).ToString()),
                    PlaceOf(_numbers.Open(_numbers.Of(number)), StoredFormOf(sender))))),
        ],
        cancellationToken);

    public async Task LiftAsync(PhoneNumber number, string? sender, CancellationToken cancellationToken)
    {
        if (sender is null)
        {
            await database.WriteAsync(
                [new Statement($"DELETE FROM suppressions WHERE number_hash IN {NumberHashes.All}", _numbers.AllOf(number))],
                cancellationToken);
            return;
        }
        var said = await SendersOfAsync(number, cancellationToken);
        var lifted = said.Where(one => one == EverySender || SenderId.AreOne(one, sender, plan)).Distinct(StringComparer.Ordinal).ToArray();
        if (lifted.Length > 0)
        {
            await database.WriteAsync(
                [
                    .. lifted.Select(one => new Statement(
                        $"DELETE FROM suppressions WHERE number_hash IN {NumberHashes.All} AND sender = @sender",
                        [.. _numbers.AllOf(number), ("@sender", one)])),
                ],
                cancellationToken);
        }
    }

    public async Task<IReadOnlyList<Suppression>> ListAsync(PhoneNumber? number, int limit, CancellationToken cancellationToken)
    {
        var statement = number is { } one
            ? new Statement(
                $"""
                SELECT number_hash, sender, created_at, masked FROM suppressions WHERE number_hash IN {NumberHashes.All}
                ORDER BY created_at DESC, sender LIMIT @limit
                """,
                [.. _numbers.AllOf(one), ("@limit", limit)])
            : new Statement(
                "SELECT number_hash, sender, created_at, masked FROM suppressions ORDER BY created_at DESC, sender LIMIT @limit",
                ("@limit", limit));
        return await database.ReadAsync(statement, row => Read(row, number), cancellationToken);
    }

    public static NumberHashes HashesOf(SecretHasher hasher, HashSealer hashes, INumberPlan plan) =>
        new(hasher, hashes, plan, "suppressions.number");

    // The senders are compared here: a number has more spellings than a statement can name. Few persons say STOP to more than one.
    private Task<List<string>> SendersOfAsync(PhoneNumber number, CancellationToken cancellationToken) => database.ReadAsync(
        new Statement($"SELECT sender FROM suppressions WHERE number_hash IN {NumberHashes.All}", _numbers.AllOf(number)),
        row => row.GetString(0),
        cancellationToken);

    private Suppression Read(DbDataReader row, PhoneNumber? asked)
    {
        var (hash, sender) = (row.GetFieldValue<byte[]>(0), row.GetString(1));
        var masked = asked?.ToString() ?? (row.IsDBNull(3)
            ? null
            : Encoding.UTF8.GetString(sealer.Open(row.GetFieldValue<byte[]>(3), PlaceOf(_numbers.Open(hash), sender))));
        return new Suppression(masked, sender == EverySender ? null : sender, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)));
    }

    /// <param name="hash">As it is under no key.</param>
    public static string PlaceOf(byte[] hash, string sender) => $"suppressions.masked:{Convert.ToHexStringLower(hash)}:{sender}";

    // A sender of which nothing is left must not become every sender.
    private static string StoredFormOf(string? sender) => sender is null ? EverySender
        : SenderId.Normalize(sender) is { Length: > 0 } form ? form
        : throw new ArgumentException("No text comes from this sender.", nameof(sender));
}
