using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Whom entries are about. That is sealed and found with the key of the line where it was named by its number, and with the project's where
/// the entry is of one. When a key is gone the entry is about nobody, as one whose subject was taken away.
/// </summary>
internal sealed partial class AuditStore
{
    public async Task<ErasedAudit> EraseAsync(AuditSubject subject, LineKey? former, CancellationToken cancellationToken)
    {
        var keys = await KeysOfAsync(subject, project: null, former, cancellationToken);
        var known = keys.SelectMany(key => key.Parts).DistinctBy(key => key.Id).ToDictionary(key => key.Id);
        var waiting = await ListWaitingAsync(DateTimeOffset.MaxValue, int.MaxValue, known, cancellationToken);
        var about = waiting.Where(entry => entry.Act.Subject?.Hash.Matches(subject.Hash) == true).ToList();
        var outcomes = await database.WriteAsync(
            [
                Forget(SoughtOf(subject, [])),
                Forget(SoughtOf(subject, keys)),
                .. about.Select(entry => new Statement(
                    "UPDATE audit_waiting SET subject = NULL WHERE writer = @writer AND number = @number",
                    ("@writer", entry.Writer),
                    ("@number", entry.Number))),
            ],
            cancellationToken);
        var bare = subject.Number is null ? 0 : outcomes[0].Changed + about.Count(entry => entry.Key is null);
        return new ErasedAudit(outcomes.Sum(outcome => outcome.Changed), bare);
    }

    private static Statement Forget(List<byte[]> sought) => new("", HashValues.Sought(sought))
    {
        Sql = "UPDATE audit_entries SET subject = NULL, subject_hash = NULL "
            + $"WHERE subject_hash IN ({HashValues.SoughtNames(sought.Count)})",
    };

    /// <summary>By what a subject may be found that stands under one of these keys, or is from before there were keys.</summary>
    private List<byte[]> SoughtOf(AuditSubject subject, IReadOnlyList<LineKey> keys) =>
    [
        .. keys.Select(key => Under(key, subject)).Append(subject.Hash).SelectMany(hash => hashes.AllOf(hash.ToBytes()))
            .DistinctBy(Convert.ToHexString, StringComparer.Ordinal),
    ];

    /// <summary>The keys under which a subject may stand in entries of a project or, where that is null, in all.</summary>
    /// <param name="former">See <see cref="EraseAsync"/>.</param>
    private async Task<IReadOnlyList<LineKey>> KeysOfAsync(
        AuditSubject subject, string? project, LineKey? former, CancellationToken cancellationToken)
    {
        var projects = project is null ? await database.ListProjectsAsync(cancellationToken)
            : ProjectId.TryParse(project, out var one) ? [one] : [];
        return subject.Number is { } number
            ? (await LineEverywhere.OfAsync(lines, number, projects, former, cancellationToken)).Keys
            : [.. await lines.OfProjectsAsync(projects, cancellationToken)];
    }

    /// <summary>The keys that entries are to stand under, made where there are none.</summary>
    private async Task<IReadOnlyDictionary<KeyOwner, LineKey?>> KeysOfAsync(
        IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var owners = entries.SelectMany(OwnersOf).Distinct().ToList();
        if (owners.Exists(owner => owner.Project is not null))
        {
            // Who looks in all projects asks for the keys of those there are: one that somebody has misspelt gets none.
            var projects = await database.ListProjectsAsync(cancellationToken);
            owners.RemoveAll(owner => owner.Project is not null && !projects.Contains(owner));
        }
        return await lines.ObtainAsync(owners, cancellationToken);
    }

    /// <summary>Whose keys what an entry says of a person is to stand under: the line's, the project's, or both, in this order.</summary>
    private static IReadOnlyList<KeyOwner> OwnersOf(AuditEntry entry) => entry.Act.Subject is not { } subject ? [] :
    [
        .. subject.Number is { } number ? [number] : (KeyOwner[])[],
        .. ProjectId.TryParse(entry.Act.Project, out var project) ? [project] : (KeyOwner[])[],
    ];

    /// <summary>
    /// The entry with its key. Where that cannot be opened it is about nobody: it must not keep the others from being kept, nor stand under
    /// no key.
    /// </summary>
    private static AuditEntry WithKey(AuditEntry entry, IReadOnlyDictionary<KeyOwner, LineKey?> keys) =>
        OwnersOf(entry).Where(keys.ContainsKey).ToList() switch
    {
        [] => entry,
        [var one] when keys[one] is { } key => entry with { Key = key },
        [var line, var project] when (keys[line], keys[project]) is ({ } ofLine, { } ofProject) =>
            entry with { Key = ofLine.Within(ofProject) },
        _ => entry with { Opening = null },
    };

    private static SecretHash Under(LineKey? key, AuditSubject subject) => key?.Bind(subject.Hash) ?? subject.Hash;

    private byte[]? SealSubject(byte[]? opening, string place, LineKey? key) => opening is null ? null
        : key is null ? sealer.Seal(opening, place) : sealer.Seal(opening, place, key);

    private byte[]? OpenSubject(byte[]? subject, string place, IReadOnlyDictionary<LineKeyId, LineKey> keys) =>
        subject is null || !keys.CanOpen(subject) ? null : sealer.Open(subject, place, keys);

    /// <summary>The key that a subject is under; null for none, and where it is gone.</summary>
    private static LineKey? KeyOf(byte[]? subject, IReadOnlyDictionary<LineKeyId, LineKey> keys) =>
        subject is not null && Sealer.LineOf(subject) is not null && keys.CanOpen(subject) ? Sealer.LineKeyOf(subject, keys) : null;

    private bool IsFoundBy(LinkRow row, AuditSubject? subject, IReadOnlyDictionary<LineKeyId, LineKey> keys)
    {
        if (row.SubjectHash is not { } hash || subject is null)
        {
            // Where a key is gone the hash may be there still: it leads to nobody.
            return row.SubjectHash is null == subject is null || (subject is null && row.Subject is { } gone && !keys.CanOpen(gone));
        }
        try
        {
            return hashes.Open(hash).AsSpan().SequenceEqual(Under(KeyOf(row.Subject, keys), subject).ToBytes());
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
