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
        var imports = new RecordImports(store, new NoNumbers(), TimeProvider.System);

        var states = new List<ImportState>();
        while (await imports.CatchUpAsync(10, TestContext.Current.CancellationToken))
        {
            states.Add(store.State);
        }

        Assert.Equal([from, from, from], states);
        Assert.Equal(to, store.State);
    }

    /// <summary>One import, of whose rows another server takes some away.</summary>
    private sealed class Rows(ImportState state, params int[] moved) : IImportStore
    {
        private readonly Queue<int> _moved = new(moved);

        public ImportState State { get; private set; } = state;

        public Task<IReadOnlyList<RecordImport>> ListAsync(ImportState state, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<RecordImport>>(
            state == State
                ? [new RecordImport(1, new ImportPlan(SourceName.Parse("crm"), ImportFormat.Csv, []), State, 2, new ImportCounts(), default,
                    default)] : []);

        public Task<int> SettleAsync(long id, int limit, CancellationToken cancellationToken) => Task.FromResult(_moved.Dequeue());

        public Task<int> RemoveStagedAsync(long id, int limit, CancellationToken cancellationToken) => Task.FromResult(_moved.Dequeue());

        public Task<bool> TryMoveAsync(long id, ImportState from, ImportState to, DateTimeOffset now, CancellationToken cancellationToken)
        {
            State = to;
            return Task.FromResult(true);
        }

        public Task<RecordImport?> TryAddAsync(ImportPlan plan, long firstLine, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<RecordImport?> FindAsync(long id, CancellationToken cancellationToken) => throw new NotSupportedException();

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
    }

    private sealed class NoNumbers : INumberReader
    {
        public string? Read(string text, string? country, out PhoneNumber number) => throw new NotSupportedException();

        public bool Knows(string country) => false;
    }
}
