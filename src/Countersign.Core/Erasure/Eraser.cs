using Countersign.Core.Audit;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Keys;
using Countersign.Core.Texts;

namespace Countersign.Core.Erasure;

/// <summary>
/// Erases what is held of a line, of one flow, or of a project's persons. Each may be repeated: what died half way is completed by that,
/// and where nothing is left nothing is done.
/// </summary>
/// <remarks>
/// What runs is ended first, and rows are found again and again until nothing is: a call that was under way may still write what it knows,
/// an outcome may wait in memory for a second, an entry of the audit may be about to be linked. What leads to the line's rows goes last. So
/// a call that comes during an erasure is erased with the rest, or it comes after it and begins something new.
/// </remarks>
public sealed class Eraser(
    IPersonStore persons, IOutcomeStore outcomes, IFlowStore flows, ILinePseudonyms pseudonyms, ILineSecrets secrets, IAuditStore audit,
    ISuppressionList suppressions, IBareRows bareRows, FlowCancelling cancelling,
    SecretHasher hasher, ErasureOptions options, TimeProvider time)
{
    /// <summary>Who uses a line that is being erased without a pause is not waited for any longer.</summary>
    private const int MaxPasses = 5;

    private const int AtOnce = 100;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    /// <param name="keepsStop">Who wrote STOP stays left alone: of that, and of nothing else, something stays.</param>
    /// <returns>
    /// Null where the line was in use without a pause: what was found has gone, and that nothing is left cannot be said.
    /// </returns>
    public async Task<ErasureDone?> EraseAsync(PhoneNumber line, bool keepsStop)
    {
        // Whether somebody has written STOP stands under the key: who wants that kept needs the key back.
        if (!keepsStop)
        {
            await secrets.DestroyUnreadableAsync(line, CancellationToken.None);
        }
        // Before: what this takes away itself is in the copies of until now.
        var since = await bareRows.AbsentSinceAsync(ErasureOf.Number, CancellationToken.None);
        var (counts, known) = (new ErasedCounts(), new Known(new LineSubjects(hasher, line)));
        for (var pass = 1; ; pass++)
        {
            var found = await EraseOnceAsync(line, keepsStop, known);
            counts.Add(found);
            var isClean = pass > 1 && found.Total == 0;
            if (isClean || pass == MaxPasses)
            {
                await secrets.ScrubAsync();
                return isClean ? Done(ErasureOf.Number, DataClass.All, counts, keepsStop ? [DataClass.Stops] : [], since) : null;
            }
            await Task.Delay(options.Settles, options.Machine, CancellationToken.None);
        }
    }

    /// <summary>Erases one flow, or what has become of it. Who it was about stays known by the others.</summary>
    public async Task<ErasureDone> EraseAsync(CorrelationId id)
    {
        if (await flows.FindAsync(id, CancellationToken.None) is { } flow)
        {
            await EndAsync(flow);
        }
        return Done(ErasureOf.Flow, DataClass.OfFlow, await persons.EraseFlowsAsync([id], CancellationToken.None), []);
    }

    /// <summary>Erases what a project holds of persons, as far as it began before this.</summary>
    public async Task<ErasureDone> EraseAsync(ProjectId project)
    {
        var (counts, begun) = (new ErasedCounts(), time.GetUtcNow());
        var since = await bareRows.AbsentSinceAsync(ErasureOf.Project, CancellationToken.None);
        for (var pass = 1; pass <= 2; pass++)
        {
            if (pass > 1)
            {
                await Task.Delay(options.Settles, options.Machine, CancellationToken.None);
            }
            counts.Add(await EraseFlowsAsync(new FlowQuery { To = begun + options.Settles }, project, null));
            counts.Add(await persons.EraseProjectAsync(project, CancellationToken.None));
            // Each time: what came since the last is under the next key.
            await secrets.DestroyAsync(project, CancellationToken.None);
        }
        // Whoever wrote before it was destroyed, and looked whether it was there, has written by now.
        counts.Add(await persons.EraseProjectAsync(project, CancellationToken.None));
        await secrets.ScrubAsync();
        return Done(ErasureOf.Project, DataClass.OfProject, counts, [], since);
    }

    private async Task<ErasedCounts> EraseOnceAsync(PhoneNumber line, bool keepsStop, Known known)
    {
        var counts = new ErasedCounts();
        var identities = await persons.ListIdentitiesAsync(line, null, CancellationToken.None);
        known.Identities.UnionWith(identities.Select(identity => identity.Id));
        // While the rows are there that say by what entries may name the person.
        known.Subjects.Add(identities);
        counts.Add(await EraseAuditAsync(known.Subjects.All));
        // Not before the flows: a flow that goes between the two has become an outcome.
        var query = new FlowQuery { Search = new FlowSearch.ByNumber(line) };
        counts.Add(await EraseFlowsAsync(query, null, known));
        var pseudonym = await pseudonyms.FindAsync(line, CancellationToken.None);
        counts.Add(await EraseFlowsAsync(query with { Line = pseudonym }, null, known));
        counts.Add(await persons.EraseFlowsAsync(known.Flows, CancellationToken.None));
        counts.Add(await persons.EraseIdentitiesAsync(known.Identities, CancellationToken.None));

        counts.Add(await EraseLineAsync(line, keepsStop, known, isQuiet: counts.Total == 0));
        return counts;
    }

    /// <summary>What is found by the number alone, and the line's secrets.</summary>
    /// <param name="isQuiet">Nothing else was found by this look.</param>
    private async Task<ErasedCounts> EraseLineAsync(PhoneNumber line, bool keepsStop, Known known, bool isQuiet)
    {
        var counts = new ErasedCounts();
        counts.Add(await persons.EraseLineAsync(line, null, keepsStop, CancellationToken.None));
        if (known.KeepsStopAnew && isQuiet && counts.Total == 0
            && await suppressions.ListAsync(line, 1, CancellationToken.None) is not [])
        {
            // That is all that stands under the line's key, which is new.
            return counts;
        }
        LineKey? key = null;
        if (keepsStop)
        {
            await suppressions.KeepAsync(line, ReplaceAsync, CancellationToken.None);
        }
        else
        {
            await ReplaceAsync(null);
        }
        if (key is not null)
        {
            // Whoever wrote before it was destroyed, and looked whether it was there, has written by now; nobody else finds that.
            var late = await persons.ListIdentitiesAsync(line, key, CancellationToken.None);
            known.Identities.UnionWith(late.Select(identity => identity.Id));
            counts.Add(await persons.EraseIdentitiesAsync(known.Identities, CancellationToken.None));
            var rest = await persons.EraseLineAsync(line, key, keepsStop: false, CancellationToken.None);
            counts.Add(keepsStop ? rest.Without(DataClass.Stops) : rest);
            counts.Add(await EraseAuditAsync([known.Subjects.Line], key));
        }
        return counts;

        async Task<LineKey?> ReplaceAsync(LineKey? next)
        {
            (var destroyed, key) = await secrets.DestroyAsync(line, next, CancellationToken.None);
            counts.Add(DataClass.Pseudonyms, destroyed);
            known.KeepsStopAnew |= next is not null;
            return key;
        }
    }

    /// <param name="known">Null where whom entries of the audit are about is found by the project.</param>
    private async Task<ErasedCounts> EraseFlowsAsync(FlowQuery query, ProjectId? project, Known? known)
    {
        var counts = new ErasedCounts();
        while (true)
        {
            var rows = await outcomes.ListAsync(query, project, AtOnce, CancellationToken.None);
            if (known is not null)
            {
                known.Flows.UnionWith(rows.Select(row => row.Id));
                counts.Add(await EraseAuditAsync(known.Subjects.Add(rows)));
            }
            foreach (var flow in rows.Select(row => row.Flow).OfType<Flow>())
            {
                await EndAsync(flow);
            }
            counts.Add(await persons.EraseFlowsAsync([.. rows.Select(row => row.Id)], CancellationToken.None));
            if (rows.Count < AtOnce)
            {
                return counts;
            }
            query = query with { Before = rows[^1].Id };
        }
    }

    /// <summary>Ends a flow that may still come to something, and waits for who is busy with it.</summary>
    private async Task EndAsync(Flow flow)
    {
        using var patience = new CancellationTokenSource(_patience, time);
        try
        {
            await cancelling.CancelAsync(flow.Id, flow.ProjectId, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever is busy with it finds it gone, and what they have written meanwhile is found by the next look.
        }
    }

    private async Task<ErasedCounts> EraseAuditAsync(IReadOnlyCollection<AuditSubject> subjects, LineKey? former = null)
    {
        var erased = new ErasedCounts();
        foreach (var subject in subjects)
        {
            var (count, bare) = await audit.EraseAsync(subject, former, CancellationToken.None);
            erased.Add(DataClass.Audit, count - bare);
            erased.AddBare(DataClass.Audit, bare);
        }
        return erased;
    }

    /// <param name="since">Null where no key is destroyed.</param>
    private ErasureDone Done(
        ErasureOf of, IReadOnlyList<DataClass> classes, ErasedCounts counts, IReadOnlyList<DataClass> kept,
        IReadOnlyDictionary<DataClass, DateTimeOffset>? since = null)
    {
        var at = time.GetUtcNow();
        return new ErasureDone(
            Guid.CreateVersion7(at), of, at, [.. classes.Except(kept)], counts, kept, since ?? new Dictionary<DataClass, DateTimeOffset>());
    }

    /// <summary>What was found of a line: when its rows are gone, what was written meanwhile is looked for by it.</summary>
    private sealed record Known(LineSubjects Subjects)
    {
        public HashSet<CorrelationId> Flows { get; } = [];

        public HashSet<Guid> Identities { get; } = [];

        /// <summary>That the person wrote STOP stands under a key that was made since.</summary>
        public bool KeepsStopAnew { get; set; }

        public override string ToString() => "***";
    }
}
