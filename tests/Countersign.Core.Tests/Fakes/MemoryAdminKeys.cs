using Countersign.Core.Administration;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Keys of the admin API in memory.</summary>
internal sealed class MemoryAdminKeys(params IEnumerable<AdminKey> known) : IAdminKeyStore
{
    public List<AdminKey> Kept { get; } = [.. known];

    public int Reads { get; private set; }

    /// <summary>What becomes of the next readings, one after another, in the place of an answer.</summary>
    public Queue<Task<IReadOnlyList<AdminKey>>> Failures { get; } = [];

    public Task<bool> TryAddAsync(AdminKey key, CancellationToken cancellationToken)
    {
        var isNew = !Kept.Exists(one => one.Name == key.Name);
        if (isNew)
        {
            Kept.Add(key);
        }
        return Task.FromResult(isNew);
    }

    public Task<IReadOnlyList<AdminKey>> ListAsync(CancellationToken cancellationToken)
    {
        Reads++;
        return Failures.TryDequeue(out var failure) ? failure : Task.FromResult<IReadOnlyList<AdminKey>>([.. Kept]);
    }

    public Task<bool> TryEndAsync(string name, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var i = Kept.FindIndex(one => one.Name == name && one.EndedAt is null);
        if (i >= 0)
        {
            Kept[i] = Kept[i] with { EndedAt = at };
        }
        return Task.FromResult(i >= 0);
    }
}
