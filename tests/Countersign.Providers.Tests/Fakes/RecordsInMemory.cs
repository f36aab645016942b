using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;

namespace Countersign.Providers.Tests.Fakes;

/// <summary>Records that need no database.</summary>
internal sealed class RecordsInMemory(params PersonRecord[] records) : IPersonRecords
{
    public bool IsBroken { get; set; }

    public Task<IReadOnlyList<KeptRecord>> FindAsync(
        PhoneNumber number, ProjectId project, DateTimeOffset now, CancellationToken cancellationToken) => IsBroken
        ? throw new InvalidOperationException("The store is away.")
        : Task.FromResult<IReadOnlyList<KeptRecord>>(
            [.. records.Where(record => record.Number == number).Select(record => new KeptRecord(record, SourceName.Parse("crm"), 1))]);

    public Task<IReadOnlyList<RecordSource>> ListSourcesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveAsync(PhoneNumber number, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveAsync(SourceName source, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveOutdatedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
