using System.Globalization;

namespace Countersign.Core.Audit;

/// <summary>
/// Holds a chain to what it promises, entry by entry, from its beginning to its end. It needs no server and no secret: what is exported is
/// judged as what a server shows.
/// </summary>
public sealed class AuditVerifier
{
    // What was begun before this time is waiting, linked or missing: no write takes as long.
    private static readonly TimeSpan _settledAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, AuditPublicKey> _keys;
    private readonly Dictionary<long, AuditCheckpoint> _checkpoints = [];
    private readonly Dictionary<long, AuditCheckpoint> _kept = [];
    private readonly HashSet<(string Writer, long Number)> _unlinked;
    private readonly Dictionary<string, AuditNumbers> _numbers = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _settled;
    private readonly List<AuditProblem> _problems = [];
    private readonly List<(long At, long Position)> _told = [];
    private byte[]? _previous;
    private bool _isPreviousSound = true;

    /// <param name="keys">The public keys by which checkpoints are judged.</param>
    /// <param name="checkpoints">Those of the server or of the export.</param>
    /// <param name="unlinked">Entries that waited when the first entry was read.</param>
    /// <param name="at">When that was, by the time of the server.</param>
    public AuditVerifier(
        IEnumerable<AuditPublicKey> keys, IEnumerable<AuditCheckpoint> checkpoints,
        IEnumerable<(string Writer, long Number)> unlinked, DateTimeOffset at)
    {
        _keys = keys.DistinctBy(key => key.Id, StringComparer.Ordinal).ToDictionary(key => key.Id, StringComparer.Ordinal);
        (_unlinked, _settled) = ([.. unlinked], at - _settledAfter);
        AuditCheckpoint? pruned = null;
        foreach (var checkpoint in checkpoints.OrderBy(one => one.Position))
        {
            if (!_keys.TryGetValue(checkpoint.Key, out var key) || !checkpoint.IsSignedBy(key))
            {
                Tell(checkpoint.Position, AuditFlaw.CheckpointForged,
                    $"the {Word(checkpoint)} of entry {Name(checkpoint.Position)} is not signed by the audit key: it was changed, "
                        + "or put there");
            }
            else if (checkpoint.Kind == AuditCheckpointKind.Pruned)
            {
                pruned = checkpoint;
            }
            else
            {
                _checkpoints[checkpoint.Position] = checkpoint;
            }
        }
        PrunedUpTo = pruned?.Position ?? 0;
        _previous = pruned?.Hash ?? AuditLink.Genesis;
        Last = PrunedUpTo;
    }

    /// <summary>The last entry that the server took away itself, since it was too old; 0 for none.</summary>
    public long PrunedUpTo { get; }

    /// <summary>The last entry that was seen.</summary>
    public long Last { get; private set; }

    /// <summary>How many were seen.</summary>
    public long Count { get; private set; }

    /// <summary>The last checkpoint that the chain agrees with; null for none.</summary>
    public AuditCheckpoint? LastSigned { get; private set; }

    /// <summary>Holds the chain to checkpoints that were kept elsewhere, too: before the first entry.</summary>
    public void HoldTo(IEnumerable<AuditCheckpoint> kept)
    {
        var all = kept.Where(one => one.Kind == AuditCheckpointKind.Checkpoint).ToList();
        if (all.Count > 0 && all.TrueForAll(one => one.Position < PrunedUpTo))
        {
            Tell(all[^1].Position, AuditFlaw.KeptTooOld,
                $"the checkpoint that was kept elsewhere is of entry {Name(all[^1].Position)}, which was pruned since: "
                    + "nothing can be held to it. Keep a newer one");
        }
        foreach (var checkpoint in all.Where(one => one.Position >= PrunedUpTo))
        {
            if (!_keys.TryGetValue(checkpoint.Key, out var key) || !checkpoint.IsSignedBy(key))
            {
                Tell(checkpoint.Position, AuditFlaw.KeptForged,
                    $"the checkpoint of entry {Name(checkpoint.Position)} that was kept elsewhere is not signed by the audit key that "
                        + "is here: it is another installation's, or the key was replaced");
            }
            else
            {
                _kept[checkpoint.Position] = checkpoint;
            }
        }
    }

    /// <summary>The next entry, in the order of their positions.</summary>
    public void Take(AuditLink link)
    {
        if (link.Position <= PrunedUpTo)
        {
            // The server is taking it away.
            return;
        }
        if (link.Position <= Last)
        {
            Tell(link.Position, AuditFlaw.Order, $"entry {Name(link.Position)} stands behind entry {Name(Last)}");
            return;
        }
        if (link.Position > Last + 1)
        {
            TellRemoved(Last + 1, link.Position - 1);
            _previous = null;
        }
        (Last, Count) = (link.Position, Count + 1);

        var entry = AuditEntry.Parse(link.Text, opening: null);
        var hash = AuditLink.HashOf(link.Position, link.Previous, link.Text);
        var isSound = link.Flaw is null && entry is not null && hash.AsSpan().SequenceEqual(link.Hash);
        if (!isSound)
        {
            Tell(link.Position, AuditFlaw.Changed, $"entry {Name(link.Position)} is not as it was written"
                + (link.Flaw is null ? "" : $": {link.Flaw}"));
        }
        else if (_previous is not null && _isPreviousSound && !link.Previous.AsSpan().SequenceEqual(_previous))
        {
            Tell(link.Position, AuditFlaw.Order,
                $"entry {Name(link.Position)} does not follow the one before it: one of them was put there or moved");
        }
        // A row whose hash alone was changed is followed as it was.
        (_previous, _isPreviousSound) = (isSound || link.Flaw is not null ? link.Hash : hash, isSound);
        if (entry is not null && isSound)
        {
            TakeNumber(entry, link.Position);
        }
        HoldToCheckpoints(link.Position, link.Hash);
    }

    /// <summary>What is wrong, when all entries were taken.</summary>
    public IReadOnlyList<AuditProblem> End()
    {
        var signed = _checkpoints.Keys.Concat(_kept.Keys).DefaultIfEmpty(0).Max();
        if (signed > Last)
        {
            TellRemoved(Last + 1, signed);
        }
        foreach (var (at, position) in _told.Where(one => one.Position > PrunedUpTo && !_checkpoints.ContainsKey(one.Position)))
        {
            Tell(position, AuditFlaw.CheckpointRemoved,
                $"the checkpoint of entry {Name(position)}, of which entry {Name(at)} tells, is not there: it was removed");
        }
        foreach (var (writer, numbers) in _numbers)
        {
            foreach (var (first, last) in numbers.Missing(number => _unlinked.Contains((writer, number))))
            {
                var what = first == last ? $"number {Name(first)}" : $"numbers {Name(first)} to {Name(last)}";
                Tell(0, AuditFlaw.NeverLinked,
                    $"what server run {writer} wrote as {what} is not there: removed before it was linked or with the end of the chain, or "
                        + "the server was killed while its store was away");
            }
        }
        return [.. _problems.OrderBy(problem => problem.Position)];
    }

    private void HoldToCheckpoints(long position, byte[] hash)
    {
        if (_checkpoints.GetValueOrDefault(position) is { } checkpoint)
        {
            if (checkpoint.Hash.AsSpan().SequenceEqual(hash))
            {
                LastSigned = checkpoint;
            }
            else
            {
                Tell(position, AuditFlaw.NotAsSigned,
                    $"entry {Name(position)} is not the one that its checkpoint signs: the chain was written anew somewhere behind "
                        + (LastSigned is null ? "its beginning" : $"entry {Name(LastSigned.Position)}"));
            }
        }
        if (_kept.GetValueOrDefault(position) is { } kept && !kept.Hash.AsSpan().SequenceEqual(hash))
        {
            Tell(position, AuditFlaw.NotAsKept,
                $"entry {Name(position)} is not the one of the checkpoint that was kept elsewhere: the chain was written anew");
        }
    }

    private void TakeNumber(AuditEntry entry, long position)
    {
        if (!_numbers.TryGetValue(entry.Writer, out var numbers))
        {
            _numbers.Add(entry.Writer, numbers = new AuditNumbers(isCut: PrunedUpTo > 0));
        }
        if (!numbers.TryTake(entry.Number, isSettled: entry.At <= _settled))
        {
            Tell(position, AuditFlaw.Twice, $"entry {Name(position)} is there a second time");
        }
        // One that was made since the checkpoints were read is not among them.
        if (entry.At <= _settled && entry.Act is { Act: AuditChainer.CheckpointAct, Kind: AuditKind.Audit, Target: { } target }
            && target.Split(':') is [_, var at, _] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var told))
        {
            _told.Add((position, told));
        }
    }

    private void TellRemoved(long first, long last) => Tell(
        first, AuditFlaw.Removed,
        first == last ? $"entry {Name(first)} is not there: it was removed"
            : $"entries {Name(first)} to {Name(last)} are not there: they were removed");

    private void Tell(long position, AuditFlaw flaw, string sentence) => _problems.Add(new AuditProblem(position, flaw, sentence));

    private static string Word(AuditCheckpoint checkpoint) =>
        checkpoint.Kind == AuditCheckpointKind.Pruned ? "pruning" : "checkpoint";

    private static string Name(long position) => position.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What may be wrong with a chain.</summary>
public enum AuditFlaw
{
    Removed,
    Changed,
    Order,
    Twice,
    NotAsSigned,
    NotAsKept,
    CheckpointForged,
    CheckpointRemoved,
    KeptForged,
    KeptTooOld,
    NeverLinked,
}

/// <param name="Position">The entry that it is about; 0 for one that has no place.</param>
public sealed record AuditProblem(long Position, AuditFlaw Flaw, string Sentence)
{
    public override string ToString() => AuditEntry.WordOf(Flaw);
}
