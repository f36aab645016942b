using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;

namespace Countersign.Core.Tests.IdentityMatching.Records;

public sealed class RecordImportsTests
{
    [Theory]
    [InlineData(ImportState.Settling, ImportState.Done)]
    [InlineData(ImportState.Aborting, ImportState.Aborted)]
    public async Task Fewer_rows_than_were_asked_for_are_not_the_last(ImportState from, ImportState to)
    {
        var store = new Rows(from, 10, 3, 1, 0);
        var imports = ImportsOf(store);

        var states = new List<ImportState>();
        while (await imports.CatchUpAsync(10, TestContext.Current.CancellationToken))
        {
            states.Add(store.State);
        }

        Assert.Equal([from, from, from], states);
        Assert.Equal(to, store.State);
    }

    [Theory]
    [InlineData(ImportState.Open, false, 0, typeof(EndedImport.Ended), ImportState.Done)]
    [InlineData(ImportState.Open, false, 2, typeof(EndedImport.Ended), ImportState.Done)]
    [InlineData(ImportState.Open, true, 0, typeof(EndedImport.Ended), ImportState.Settling)]
    [InlineData(ImportState.Open, true, 2, typeof(EndedImport.HasBadLines), ImportState.Open)]
    [InlineData(ImportState.Settling, true, 0, typeof(EndedImport.Ended), ImportState.Settling)]
    [InlineData(ImportState.Done, false, 0, typeof(EndedImport.Ended), ImportState.Done)]
    [InlineData(ImportState.Aborting, true, 0, typeof(EndedImport.WasAborted), ImportState.Aborting)]
    [InlineData(ImportState.Aborted, false, 0, typeof(EndedImport.WasAborted), ImportState.Aborted)]
    public async Task A_commit_ends_what_is_open_and_has_no_bad_line_where_it_takes_all_or_nothing(
        ImportState state, bool allOrNothing, int bad, Type expected, ImportState after)
    {
        var store = new Rows(state) { IsAllOrNothing = allOrNothing, Bad = bad };

        var ended = await ImportsOf(store).CommitAsync(1, TestContext.Current.CancellationToken);

        Assert.Equal((expected, after), (ended.GetType(), store.State));
    }

    [Theory]
    [InlineData(ImportState.Open, false, typeof(EndedImport.Ended), ImportState.Aborted)]
    [InlineData(ImportState.Open, true, typeof(EndedImport.Ended), ImportState.Aborting)]
    [InlineData(ImportState.Settling, true, typeof(EndedImport.WasCommitted), ImportState.Settling)]
    [InlineData(ImportState.Done, false, typeof(EndedImport.WasCommitted), ImportState.Done)]
    [InlineData(ImportState.Aborting, true, typeof(EndedImport.Ended), ImportState.Aborting)]
    [InlineData(ImportState.Aborted, false, typeof(EndedImport.Ended), ImportState.Aborted)]
    public async Task What_is_committed_is_not_aborted(ImportState state, bool allOrNothing, Type expected, ImportState after)
    {
        var store = new Rows(state) { IsAllOrNothing = allOrNothing };

        var ended = await ImportsOf(store).AbortAsync(1, TestContext.Current.CancellationToken);

        Assert.Equal((expected, after), (ended.GetType(), store.State));
    }

    [Fact]
    public async Task An_import_that_nobody_began_is_unknown()
    {
        var imports = ImportsOf(new Rows(ImportState.Open));

        Assert.IsType<EndedImport.Unknown>(await imports.CommitAsync(2, TestContext.Current.CancellationToken));
        Assert.IsType<EndedImport.Unknown>(await imports.AbortAsync(2, TestContext.Current.CancellationToken));
    }

    private static RecordImports ImportsOf(Rows store) => new(store, new NoSources(), new NoNumbers(), TimeProvider.System);

    /// <summary>One import, of whose rows another server takes some away.</summary>
    private sealed class Rows(ImportState state, params int[] moved) : IImportStore
    {
        private readonly Queue<int> _moved = new(moved);

        public ImportState State { get; private set; } = state;

        public bool IsAllOrNothing { get; init; }

        public int Bad { get; init; }

        public Task<IReadOnlyList<RecordImport>> ListAsync(ImportState state, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<RecordImport>>(state == State ? [Present()] : []);

        public Task<RecordImport?> FindAsync(long id, CancellationToken cancellationToken) =>
            Task.FromResult(id == 1 ? Present() : null);

        public Task<int> SettleAsync(long id, int limit, CancellationToken cancellationToken) => Task.FromResult(_moved.Dequeue());

        public Task<int> RemoveStagedAsync(long id, int limit, CancellationToken cancellationToken) => Task.FromResult(_moved.Dequeue());

        public Task<bool> TryMoveAsync(long id, ImportState from, ImportState to, DateTimeOffset now, CancellationToken cancellationToken)
        {
            var moves = State == from;
            State = moves ? to : State;
            return Task.FromResult(moves);
        }

        public Task<RecordImport?> TryAddAsync(ImportPlan plan, long firstLine, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<RecordImport?> FindActiveAsync(SourceName source, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> TryAdvanceAsync(
            long id, long line, long nextLine, ImportCounts counts, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<PutOutcome>> PutAsync(
            RecordImport import, IReadOnlyList<(long Line, PersonRecord Record)> records, DateTimeOffset now,
            CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        private RecordImport Present() => new(
            1, new ImportPlan(SourceName.Parse("crm"), ImportFormat.Csv, [], IsAllOrNothing: IsAllOrNothing), State, 2,
            new ImportCounts(Rejected: Bad), default, default);
    }

    private sealed class NoSources : IRecordSources
    {
        public Task<bool> TryAddAsync(SourceName source, IReadOnlyList<ProjectId> projects, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<SourceVisibility?> FindAsync(SourceName source, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> TryAssignAsync(SourceName source, IReadOnlyList<ProjectId> projects, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<SourceName>> ListSeenByAllAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    private sealed class NoNumbers : INumberReader
    {
        public string? Read(string text, string? country, out PhoneNumber number) => throw new NotSupportedException();

        public bool Knows(string country) => false;

        public string? ProblemOfBeginning(string beginning) => throw new NotSupportedException();
    }
}
