namespace Countersign.Core.IdentityMatching.Records;

/// <summary>
/// Imports of records, piece by piece: nobody holds a whole file. A piece that was sent twice is written once and counted once; what is in
/// the store already is not written again.
/// </summary>
public sealed class RecordImports(IImportStore store, IRecordSources sources, INumberReader numbers, TimeProvider time)
{
    // Together about half a minute's work: then whoever wants to begin is told to come again.
    private const int MaxPiecesBeforeBegin = 2000;
    private const int AtOnceBeforeBegin = 250;

    /// <summary>
    /// Begins an import. A new source is visible to the plan's projects from now on; one that is there must be already, so that no import
    /// shows anybody what was there before.
    /// </summary>
    /// <param name="firstLine">The first line after the header: 2 where the file has one.</param>
    public async Task<BegunImport> BeginAsync(
        ImportPlan plan, long firstLine, CancellationToken cancellationToken)
    {
        var projects = plan.Projects ?? [];
        var isNew = !plan.IsDryRun && await sources.TryAddAsync(plan.Source, projects, cancellationToken);
        if (!isNew && await sources.FindAsync(plan.Source, cancellationToken) is { } visibility && !projects.All(visibility.Includes))
        {
            return new BegunImport.NotVisible(visibility);
        }

        var begun = await store.TryAddAsync(plan, firstLine, time.GetUtcNow(), cancellationToken);
        for (var pieces = 0; begun is null && pieces < MaxPiecesBeforeBegin; pieces++)
        {
            // The one before is still being put in place: whoever wants to begin lends a hand.
            if (await store.FindActiveAsync(plan.Source, cancellationToken) is not { State: ImportState.Settling } former)
            {
                break;
            }
            await SettleAsync(former, AtOnceBeforeBegin, cancellationToken);
            begun = await store.TryAddAsync(plan, firstLine, time.GetUtcNow(), cancellationToken);
        }
        return begun is not null
            ? new BegunImport.Begun(begun)
            : new BegunImport.Refused(await store.FindActiveAsync(plan.Source, cancellationToken));
    }

    /// <summary>Takes a piece of the file. Pieces come one after the other.</summary>
    /// <param name="firstLine">The line of the file on which the piece begins.</param>
    public async Task<PieceOutcome> TakeAsync(long id, ReadOnlyMemory<byte> piece, long firstLine, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } import)
        {
            return new PieceOutcome.Unknown();
        }
        if (import.State != ImportState.Open)
        {
            return new PieceOutcome.NotOpen(import.State);
        }
        if (firstLine > import.NextLine)
        {
            return new PieceOutcome.LinesMissing(import.NextLine);
        }

        var now = time.GetUtcNow();
        if (ImportLines.Read(piece.Span, import.Plan, firstLine, numbers, DateOnly.FromDateTime(now.UtcDateTime)) is not { } lines)
        {
            return new PieceOutcome.TooManyRecords();
        }
        var outcomes = lines.Records.Count == 0 ? [] : await store.PutAsync(import, lines.Records, now, cancellationToken);
        if (outcomes.Any(outcome => outcome.Kind == PutKind.Refused))
        {
            return new PieceOutcome.NotOpen(ImportState.Aborted);
        }

        var (counts, problems) = Sum(lines, outcomes);
        // Written, so counted: a caller who has gone away repeats the piece and is told the same.
        await store.TryAdvanceAsync(id, firstLine, lines.NextLine, counts, now, CancellationToken.None);
        return new PieceOutcome.Taken(lines.NextLine, counts, problems);
    }

    /// <summary>Ends an import. One that takes all or nothing counts from now on.</summary>
    public async Task<EndedImport> CommitAsync(long id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } import)
        {
            return new EndedImport.Unknown();
        }
        if (import is { State: ImportState.Open, Plan.IsAllOrNothing: true, Counts.Rejected: > 0 })
        {
            return new EndedImport.HasBadLines(import);
        }
        if (import.State == ImportState.Open)
        {
            // Of a dry run nothing was written, whatever else it was to be.
            var next = import.Plan is { IsAllOrNothing: true, IsDryRun: false } ? ImportState.Settling : ImportState.Done;
            await store.TryMoveAsync(id, ImportState.Open, next, time.GetUtcNow(), cancellationToken);
        }
        return await store.FindAsync(id, cancellationToken) switch
        {
            null => new EndedImport.Unknown(),
            { State: ImportState.Aborting or ImportState.Aborted } => new EndedImport.WasAborted(),
            var ended => new EndedImport.Ended(ended),
        };
    }

    /// <summary>Gives an import up. What one that takes line by line has brought stays.</summary>
    public async Task<EndedImport> AbortAsync(long id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is { } import)
        {
            await store.TryMoveAsync(id, ImportState.Open, AfterAbort(import.Plan), time.GetUtcNow(), cancellationToken);
        }
        return await store.FindAsync(id, cancellationToken) switch
        {
            null => new EndedImport.Unknown(),
            { State: ImportState.Settling or ImportState.Done } => new EndedImport.WasCommitted(),
            var ended => new EndedImport.Ended(ended),
        };
    }

    /// <summary>
    /// Does a piece of what is left to do: moves rows of committed imports, removes those of aborted ones, gives forgotten ones up.
    /// </summary>
    /// <returns>True when there may be more.</returns>
    public async Task<bool> CatchUpAsync(int atOnce, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var import in await store.ListAsync(ImportState.Open, cancellationToken))
        {
            if (import.TouchedAt < now - RecordImport.Timeout)
            {
                await store.TryMoveAsync(import.Id, ImportState.Open, AfterAbort(import.Plan), now, cancellationToken);
            }
        }
        var isMore = false;
        foreach (var import in await store.ListAsync(ImportState.Settling, cancellationToken))
        {
            isMore |= await SettleAsync(import, atOnce, cancellationToken);
        }
        foreach (var import in await store.ListAsync(ImportState.Aborting, cancellationToken))
        {
            // Fewer than were asked for is not the end: another server may be at the same rows.
            if (await store.RemoveStagedAsync(import.Id, atOnce, cancellationToken) > 0)
            {
                isMore = true;
            }
            else
            {
                await store.TryMoveAsync(import.Id, ImportState.Aborting, ImportState.Aborted, now, cancellationToken);
            }
        }
        return isMore;
    }

    /// <summary>Moves a piece of a committed import. Returns true when there may be more.</summary>
    private async Task<bool> SettleAsync(RecordImport import, int atOnce, CancellationToken cancellationToken)
    {
        if (await store.SettleAsync(import.Id, atOnce, cancellationToken) > 0)
        {
            return true;
        }
        await store.TryMoveAsync(import.Id, ImportState.Settling, ImportState.Done, time.GetUtcNow(), cancellationToken);
        return false;
    }

    private static ImportState AfterAbort(ImportPlan plan) =>
        plan is { IsAllOrNothing: true, IsDryRun: false } ? ImportState.Aborting : ImportState.Aborted;

    private static (ImportCounts Counts, IReadOnlyList<LineProblem> Problems) Sum(ImportLines lines, IReadOnlyList<PutOutcome> outcomes)
    {
        var counts = new ImportCounts(Rejected: lines.Rejected);
        List<LineProblem>? problems = null;
        for (var i = 0; i < outcomes.Count; i++)
        {
            counts = outcomes[i].Kind switch
            {
                PutKind.Added => counts with { Added = counts.Added + 1 },
                PutKind.Changed => counts with { Changed = counts.Changed + 1 },
                PutKind.Unchanged => counts with { Unchanged = counts.Unchanged + 1 },
                PutKind.Repeated => counts with { Repeated = counts.Repeated + 1 },
                _ => counts with { Rejected = counts.Rejected + 1 },
            };
            if (ProblemOf(lines.Records[i].Line, outcomes[i]) is { } problem)
            {
                (problems ??= [.. lines.Problems]).Add(problem);
            }
        }
        problems?.Sort((one, other) => one.Line.CompareTo(other.Line));
        return (counts, problems ?? lines.Problems);
    }

    private static LineProblem? ProblemOf(long line, PutOutcome outcome) => outcome.Kind switch
    {
        PutKind.Contradicts => new LineProblem(
            line, "record_id", $"is the same as on line {outcome.EarlierLine}, with other data; a file may hold a record once"),
        PutKind.Unreadable => new LineProblem(
            line, "phone",
            "the server has a key of this number's line and cannot open it: put the newest copy of its keys back, or erase the number"),
        _ => null,
    };
}

/// <summary>Whether an import has begun. A closed set.</summary>
public abstract record BegunImport
{
    private BegunImport() { }

    public sealed record Begun(RecordImport Import) : BegunImport;

    /// <summary>The source was there before, and not all of the projects see it.</summary>
    public sealed record NotVisible(SourceVisibility Visibility) : BegunImport;

    /// <param name="InTheWay">The import of the same source that stood in its way; null when it has ended since.</param>
    public sealed record Refused(RecordImport? InTheWay) : BegunImport;
}

/// <summary>What came of ending an import. A closed set.</summary>
public abstract record EndedImport
{
    private EndedImport() { }

    /// <summary>As it was asked for, now or before.</summary>
    public sealed record Ended(RecordImport Import) : EndedImport;

    /// <summary>There is no such import.</summary>
    public sealed record Unknown : EndedImport;

    /// <summary>It takes all or nothing, and lines of it are bad: it is still open.</summary>
    public sealed record HasBadLines(RecordImport Import) : EndedImport;

    /// <summary>It was aborted, so it cannot be committed.</summary>
    public sealed record WasAborted : EndedImport;

    /// <summary>It was committed, so it cannot be aborted.</summary>
    public sealed record WasCommitted : EndedImport;
}

/// <summary>What became of a piece. A closed set.</summary>
public abstract record PieceOutcome
{
    private PieceOutcome() { }

    public sealed record Taken(long NextLine, ImportCounts Counts, IReadOnlyList<LineProblem> Problems) : PieceOutcome;

    /// <summary>There is no such import.</summary>
    public sealed record Unknown : PieceOutcome;

    public sealed record NotOpen(ImportState State) : PieceOutcome;

    /// <summary>Lines before this piece have not come.</summary>
    public sealed record LinesMissing(long NextLine) : PieceOutcome;

    public sealed record TooManyRecords : PieceOutcome;
}
