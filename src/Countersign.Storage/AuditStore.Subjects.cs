using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Whom entries are about. Where that was named by a number it is sealed and found with the key of its line; when the key is gone the entry
/// is about nobody, as one whose subject was taken away.
/// </summary>
internal sealed partial class AuditStore
{
    // Of the line's key, of its twin, and of neither.
    private const int MaxHashes = LineRows.MaxKeys + 1;

    private static readonly string _bySubject = HashValues.NamesOf(MaxHashes);
    private static readonly Dictionary<KeyOwner, LineKey?> _noKeys = [];

    public async Task<ErasedAudit> EraseAsync(AuditSubject subject, LineKey? former, CancellationToken cancellationToken)
    {
        var key = former ?? await KeyOfAsync(subject, cancellationToken);
        var waiting = await ListWaitingAsync(DateTimeOffset.MaxValue, int.MaxValue, LineRows.Of(key), cancellationToken);
        var about = waiting.Where(entry => entry.Act.Subject?.Hash.Matches(subject.Hash) == true).ToList();
        var outcomes = await database.WriteAsync(
            [
                Forget([subject.Hash]),
                Forget(HashesOf(subject, key)),
                .. about.Select(entry => new Statement(
                    "UPDATE audit_waiting SET subject = NULL WHERE writer = @writer AND number = @number",
                    ("@writer", entry.Writer),
                    ("@number", entry.Number))),
            ],
            cancellationToken);
        var bare = subject.Number is null ? 0 : outcomes[0].Changed + about.Count(entry => entry.Line is null);
        return new ErasedAudit(outcomes.Sum(outcome => outcome.Changed), bare);
    }

    private Statement Forget(IReadOnlyList<SecretHash> some) => new("", hashes.ValuesOf(some, MaxHashes))
    {
        Sql = $"UPDATE audit_entries SET subject = NULL, subject_hash = NULL WHERE subject_hash IN ({_bySubject})",
    };

    private (string Name, SqlValue Value)[] FoundBy(AuditSubject subject, LineKey? key) =>
        hashes.ValuesOf(HashesOf(subject, key), MaxHashes);

    private static IReadOnlyList<SecretHash> HashesOf(AuditSubject subject, LineKey? key) =>
        [.. LineRows.Of(key).Values.Select(one => Under(one, subject)), subject.Hash];

    private async Task<LineKey?> KeyOfAsync(AuditSubject subject, CancellationToken cancellationToken) =>
        subject.Number is { } number ? await lines.FindAsync(number, cancellationToken) : null;

    /// <summary>The keys of the lines whose numbers name whom entries are about, made for those that have none.</summary>
    private async Task<IReadOnlyDictionary<KeyOwner, LineKey?>> KeysOfAsync(
        IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var numbers = entries.Select(entry => entry.Act.Subject?.Number).OfType<PhoneNumber>().Select(number => (KeyOwner)number).ToList();
        return numbers.Count == 0 ? _noKeys : await lines.ObtainAsync(numbers, cancellationToken);
    }

    /// <summary>
    /// The entry with its line's key. Where that cannot be opened it is about nobody: it must not keep the others from being kept, nor
    /// stand under no key.
    /// </summary>
    private static AuditEntry WithKey(AuditEntry entry, IReadOnlyDictionary<KeyOwner, LineKey?> keys) =>
        entry.Act.Subject?.Number is not { } number ? entry
        : keys[number] is { } key ? entry with { Line = key }
        : entry with { Opening = null };

    private static SecretHash Under(LineKey? line, AuditSubject subject) =>
        line?.Bind(subject.Hash) ?? subject.Hash;

    private byte[]? SealSubject(byte[]? opening, string place, LineKey? line) => opening is null ? null
        : line is null ? sealer.Seal(opening, place) : sealer.Seal(opening, place, line);

    private byte[]? OpenSubject(byte[]? subject, string place, IReadOnlyDictionary<LineKeyId, LineKey> keys) =>
        subject is null || !keys.CanOpen(subject) ? null : sealer.Open(subject, place, keys);

    private static LineKey? LineOf(byte[]? subject, IReadOnlyDictionary<LineKeyId, LineKey> keys) =>
        subject is not null && Sealer.LineOf(subject) is { } id ? keys.GetValueOrDefault(id) : null;

    private bool IsFoundBy(LinkRow row, AuditSubject? subject, IReadOnlyDictionary<LineKeyId, LineKey> keys)
    {
        if (row.SubjectHash is not { } hash || subject is null)
        {
            // Of a line whose key is gone the hash may be there still: it leads to nobody.
            return row.SubjectHash is null == subject is null || (subject is null && row.Subject is { } gone && !keys.CanOpen(gone));
        }
        try
        {
            return hashes.Open(hash).AsSpan().SequenceEqual(Under(LineOf(row.Subject, keys), subject).ToBytes());
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
