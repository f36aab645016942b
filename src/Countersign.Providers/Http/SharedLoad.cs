namespace Countersign.Providers.Http;

/// <summary>
/// Something of a provider that is kept as long as it can be used. Who comes while it is being loaded waits for the same load, for its
/// failure too: else each would wait for a silent provider after the other. A load goes on when who began it goes away.
/// </summary>
internal sealed class SharedLoad<T>
    where T : class
{
    private readonly Lock _gate = new();
    private Task<T>? _loading;
    private T? _known;

    /// <summary>What is kept, or what is loaded now.</summary>
    /// <param name="isUsable">Whether what is kept will do.</param>
    /// <param name="load">Has limits of its own.</param>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public Task<T> GetAsync(Predicate<T> isUsable, Func<Task<T>> load, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_known is { } known && isUsable(known))
            {
                return Task.FromResult(known);
            }
            if (_loading is not { IsCompleted: false })
            {
                _loading = KeepAsync(load);
            }
            return _loading.WaitApartAsync(cancellationToken);
        }
    }

    private async Task<T> KeepAsync(Func<Task<T>> load)
    {
        // Not under the gate.
        await Task.Yield();
        var loaded = await load();
        lock (_gate)
        {
            _known = loaded;
        }
        return loaded;
    }
}
