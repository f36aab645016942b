using System.Data.Common;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Server.Security;

namespace Countersign.Server.Storage;

/// <summary>A row of <c>texts</c>. Stored numbers are for ever.</summary>
internal sealed record TextRow(byte[] Id, byte[] FlowId, byte[] ToHash, long Kind, long State, long CreatedAt, long? SentAt, byte[] Body)
{
    public const string Columns = "id, flow_id, to_hash, kind, state, created_at, sent_at, body";

    public static TextRow From(OutgoingText text, Sealer sealer, SecretHasher hasher)
    {
        var body = new TextBody(text.To, text.Text, text.Proof, text.CreatedAt, text.ExpiresAt);
        return new TextRow(
            text.Id.ToByteArray(bigEndian: true),
            text.Flow.ToBytes(),
            HashOf(text.To, hasher),
            text.Kind is TextKind.Link ? 1 : 0,
            (long)TextState.Queued,
            text.CreatedAt.ToUnixTimeMilliseconds(),
            null,
            sealer.Seal(JsonSerializer.SerializeToUtf8Bytes(body, StoredJson.Default.TextBody), PlaceOf(text.Id)));
    }

    /// <summary>The number in clear must not stand in a column, and must be found.</summary>
    public static byte[] HashOf(PhoneNumber to, SecretHasher hasher) => hasher.Hash("texts.to", new Secret(to.E164)).ToBytes();

    /// <summary>Reads the <see cref="Columns"/>.</summary>
    public static TextRow Read(DbDataReader row) => new(
        row.GetFieldValue<byte[]>(0),
        row.GetFieldValue<byte[]>(1),
        row.GetFieldValue<byte[]>(2),
        row.GetInt64(3),
        row.GetInt64(4),
        row.GetInt64(5),
        row.IsDBNull(6) ? null : row.GetInt64(6),
        row.GetFieldValue<byte[]>(7));

    public StoredText Open(Sealer sealer)
    {
        var id = new Guid(Id, bigEndian: true);
        var body = JsonSerializer.Deserialize(sealer.Open(Body, PlaceOf(id)), StoredJson.Default.TextBody)!;
        var text = new OutgoingText(
            id, CorrelationId.FromBytes(FlowId), body.To, Kind == 1 ? TextKind.Link : TextKind.Otp, body.Text, body.Proof, body.CreatedAt, body.ExpiresAt);
        return new StoredText(text, (TextState)State, SentAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);
    }

    private static string PlaceOf(Guid id) => $"texts.body:{id}";
}
