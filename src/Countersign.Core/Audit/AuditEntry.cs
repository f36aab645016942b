using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Core.Keys;

namespace Countersign.Core.Audit;

/// <summary>
/// An act as it is kept: a JSON text whose bytes are hashed as they stand, so nobody needs rules of how to write it a second time.
/// </summary>
/// <param name="Writer">The run of a server that has written it: 16 hex digits, new at each start.</param>
/// <param name="Number">Counts what this writer has written, from 1 on. A number that is missing is an entry that is missing.</param>
/// <param name="Text">UTF-8.</param>
/// <param name="Opening">
/// What opens the text's commitment to whom it is about: 16 random bytes and the subject's hash. Null for nobody, and once it is erased.
/// </param>
public sealed record AuditEntry(
    string Writer, long Number, DateTimeOffset At, AuditAct Act, byte[] Text, byte[]? Opening)
{
    private const int SaltSize = 16;
    private const int OpeningSize = SaltSize + SHA256.HashSizeInBytes;
    private const int Version = 1;
    private static readonly byte[] _commits = Encoding.UTF8.GetBytes("countersign audit subject 1\n");

    /// <summary>
    /// The key that whom it is about stands under: the line's where they were named by their number, the project's where it is of one, or
    /// that of both; null where it is neither, and from before there were keys.
    /// </summary>
    public LineKey? Key { get; init; }

    public static AuditEntry Of(string writer, long number, DateTimeOffset at, AuditAct act)
    {
        // Whole milliseconds, as its column has them.
        at = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        byte[]? opening = act.Subject is { } subject ? [.. RandomNumberGenerator.GetBytes(SaltSize), .. subject.Hash.ToBytes()] : null;
        // Without a salt a hash of the chain could be tried with every address and moment.
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return new AuditEntry(writer, number, at, act, TextOf(writer, number, at, act, opening, salt), opening);
    }

    /// <summary>The entry under the same number, with how it has ended.</summary>
    public AuditEntry Ended(AuditAct act) => Of(Writer, Number, At, act);

    /// <summary>Of an act that nobody has ended. Whoever writes it, it has the same bytes.</summary>
    public AuditEntry Abandoned()
    {
        using var document = JsonDocument.Parse(Text);
        var (act, salt) = (Act with { Outcome = AuditOutcome.Unknown }, document.RootElement.GetProperty("salt").GetBytesFromBase64());
        return this with { Act = act, Text = TextOf(Writer, Number, At, act, Opening, salt) };
    }

    /// <summary>Null when it is no entry.</summary>
    public static AuditEntry? Parse(byte[] text, byte[]? opening)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var act = new AuditAct(
                Enum.Parse<AuditKind>(TextIn(root, "kind")!, ignoreCase: true), TextIn(root, "actor")!, TextIn(root, "act")!)
            {
                From = TextIn(root, "from"),
                Project = TextIn(root, "project"),
                Target = TextIn(root, "target"),
                Subject = opening is { Length: OpeningSize }
                    ? new AuditSubject(new SecretHash(Convert.ToHexStringLower(opening.AsSpan(SaltSize)))) : null,
                Asked = [.. ListIn(root, "asked").Select(one => new AuditValue(TextIn(one, "name")!, TextIn(one, "value")!))],
                Changes =
                [
                    .. ListIn(root, "changes").Select(one =>
                        new AuditChange(TextIn(one, "name")!, TextIn(one, "before"), TextIn(one, "after"))),
                ],
                Outcome = Enum.Parse<AuditOutcome>(TextIn(root, "outcome")!, ignoreCase: true),
                Status = root.TryGetProperty("status", out var status) ? status.GetInt32() : null,
            };
            return new AuditEntry(
                TextIn(root, "writer")!, root.GetProperty("number").GetInt64(), root.GetProperty("at").GetDateTimeOffset(), act, text,
                opening);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or ArgumentException
            or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// False where what is kept of the person is not what the entry was written about. What is erased contradicts nothing.
    /// </summary>
    public bool IsOpenedBy(byte[]? opening)
    {
        if (opening is null)
        {
            return true;
        }
        using var document = JsonDocument.Parse(Text);
        return TextIn(document.RootElement, "subject") == CommitmentTo(opening);
    }

    public static string WordOf<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    public override string ToString() => $"{Act}";

    private static byte[] TextOf(string writer, long number, DateTimeOffset at, AuditAct act, byte[]? opening, byte[] salt)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("kind", WordOf(act.Kind));
            json.WriteString("actor", act.Actor);
            json.WriteString("act", act.Act);
            WriteIfAny(json, "from", act.From);
            WriteIfAny(json, "project", act.Project);
            WriteIfAny(json, "target", act.Target);
            WriteIfAny(json, "subject", opening is null ? null : CommitmentTo(opening));
            WriteAsked(json, act.Asked);
            WriteChanges(json, act.Changes);
            json.WriteString("outcome", WordOf(act.Outcome));
            if (act.Status is { } status)
            {
                json.WriteNumber("status", status);
            }
            json.WriteString("writer", writer);
            json.WriteNumber("number", number);
            json.WriteBase64String("salt", salt);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAsked(Utf8JsonWriter json, IReadOnlyList<AuditValue> asked)
    {
        if (asked.Count == 0)
        {
            return;
        }
        json.WriteStartArray("asked");
        foreach (var one in asked)
        {
            json.WriteStartObject();
            json.WriteString("name", one.Name);
            json.WriteString("value", one.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteChanges(Utf8JsonWriter json, IReadOnlyList<AuditChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }
        json.WriteStartArray("changes");
        foreach (var one in changes)
        {
            json.WriteStartObject();
            json.WriteString("name", one.Name);
            WriteIfAny(json, "before", one.Before);
            WriteIfAny(json, "after", one.After);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string CommitmentTo(byte[] opening) => Convert.ToHexStringLower(SHA256.HashData([.. _commits, .. opening]));

    private static string? TextIn(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static JsonElement.ArrayEnumerator ListIn(JsonElement of, string name) =>
        of.TryGetProperty(name, out var list) ? list.EnumerateArray() : default;
}
