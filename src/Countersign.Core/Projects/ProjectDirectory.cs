using System.Collections.Concurrent;

namespace Countersign.Core.Projects;

/// <summary>
/// Projects and API clients, read from the store at most once in 30 seconds each: a removed client stops working within that time, on the
/// node that removed it at once.
/// </summary>
public sealed class ProjectDirectory(IProjectStore store, TimeProvider time)
{
    private static readonly TimeSpan _keptFor = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<ProjectId, (Project? Value, DateTimeOffset Until)> _projects = new();
    private readonly ConcurrentDictionary<ClientId, (ApiClient? Value, DateTimeOffset Until)> _clients = new();

    public ValueTask<Project?> FindProjectAsync(ProjectId id, CancellationToken cancellationToken) =>
        FindAsync(_projects, id, store.FindProjectAsync, cancellationToken);

    /// <summary>The client behind an access token; null when it has been removed since.</summary>
    public ValueTask<ApiClient?> FindClientAsync(ClientId id, CancellationToken cancellationToken) =>
        FindAsync(_clients, id, store.FindClientAsync, cancellationToken);

    /// <summary>Something was changed by this node.</summary>
    public void Forget()
    {
        _projects.Clear();
        _clients.Clear();
    }

    private async ValueTask<T?> FindAsync<TId, T>(
        ConcurrentDictionary<TId, (T? Value, DateTimeOffset Until)> known, TId id, Func<TId, CancellationToken, Task<T?>> find,
        CancellationToken cancellationToken)
        where TId : struct
        where T : class
    {
        var now = time.GetUtcNow();
        if (known.TryGetValue(id, out var entry) && now < entry.Until)
        {
            return entry.Value;
        }

        var found = await find(id, cancellationToken);
        if (found is not null)
        {
            // Only what exists is kept: names that callers invent must not fill the memory.
            known[id] = (found, now + _keptFor);
        }
        else
        {
            known.TryRemove(id, out _);
        }
        return found;
    }
}
