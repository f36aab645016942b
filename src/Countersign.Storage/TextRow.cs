using System.Data.Common;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Texts;

namespace Countersign.Storage;

/// <summary>A row of <c>texts</c>. Stored numbers are for ever.</summary>
/// <param name="Attempts">JSON, in clear: gateways and states; null when there are none.</param>
internal sealed record TextRow(
    byte[] Id, byte[] FlowId, byte[] ToHash, long Kind, long State, long CreatedAt, long? SentAt, byte[] Body, string? Attempts,
    long? DueAt, long Version)
{
    public const string Table = "texts";

    public const string Columns = "id, flow_id, to_hash, kind, state, created_at, sent_at, body, attempts, due_at, version";

    public static TextRow From(OutgoingText text, Sealer sealer, SecretHasher hasher, HashSealer hashes)
    {
        var body = new TextBody(text.To, text.Text, text.Proof, text.CreatedAt, text.ExpiresAt, text.Project, text.Subject);
        var fate = TextFate.Queued(text);
        return new TextRow(
            text.Id.ToByteArray(bigEndian: true),
            text.Flow.ToBytes(),
            hashes.Seal(Table, HashOf(text.To, hasher)),
            text.Kind switch { TextKind.Link => 1, TextKind.DeviceNotice => 2, _ => 0 },
            (long)fate.State,
            text.CreatedAt.ToUnixTimeMilliseconds(),
            null,
            sealer.Seal(JsonSerializer.SerializeToUtf8Bytes(body, StoredJson.Default.TextBody), PlaceOf(text.Id)),
            null,
            MomentOf(fate.DueAt),
            0);
    }

    /// <summary>The number in clear must not stand in a column, and must be found.</summary>
    public static byte[] HashOf(PhoneNumber to, SecretHasher hasher) => hasher.Hash("texts.to", new Secret(to.E164)).ToBytes();

    public static string? AttemptsOf(TextFate fate) =>
        fate.Attempts.Count == 0 ? null : JsonSerializer.Serialize([.. fate.Attempts], StoredJson.Default.TextAttemptArray);

    // Rounded up: a text found a fraction of a millisecond too early would not be due yet, and be found again and again.
    public static long? MomentOf(DateTimeOffset? dueAt) => dueAt?.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds();

    /// <summary>Reads the <see cref="Columns"/>.</summary>
    public static TextRow Read(DbDataReader row) => new(
        row.GetFieldValue<byte[]>(0),
        row.GetFieldValue<byte[]>(1),
        row.GetFieldValue<byte[]>(2),
        row.GetInt64(3),
        row.GetInt64(4),
        row.GetInt64(5),
        row.IsDBNull(6) ? null : row.GetInt64(6),
        row.GetFieldValue<byte[]>(7),
        row.IsDBNull(8) ? null : row.GetString(8),
        row.IsDBNull(9) ? null : row.GetInt64(9),
        row.GetInt64(10));

    public StoredText Open(Sealer sealer)
    {
        var id = new Guid(Id, bigEndian: true);
        var body = JsonSerializer.Deserialize(sealer.Open(Body, PlaceOf(id)), StoredJson.Default.TextBody)!;
        var text = new OutgoingText(
            id, CorrelationId.FromBytes(FlowId), body.To, Kind switch { 1 => TextKind.Link, 2 => TextKind.DeviceNotice, _ => TextKind.Otp },
            body.Text, body.Proof, body.CreatedAt, body.ExpiresAt)
        {
            Project = body.Project,
            Subject = body.Subject,
        };
        var attempts = Attempts is null ? [] : JsonSerializer.Deserialize(Attempts, StoredJson.Default.TextAttemptArray)!;
        return new StoredText(text, new TextFate((TextState)State, attempts, Moment(DueAt), Moment(SentAt)), Version);
    }

    private static DateTimeOffset? Moment(long? milliseconds) =>
        milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    public static string PlaceOf(Guid id) => $"texts.body:{id}";
}
