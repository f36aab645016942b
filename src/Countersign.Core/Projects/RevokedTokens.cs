using System.Collections.Concurrent;

namespace Countersign.Core.Projects;

/// <summary>
/// The revoked access tokens that have not expired, read from the store at most once in 30 seconds, whatever is asked: a token ends within
/// that time on every node, on the node that revoked it at once.
/// </summary>
public sealed class RevokedTokens(IRevokedTokenStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan _keptFor = TimeSpan.FromSeconds(30);

    // A revocation has the moment at which its node began to write it. It is read later than it says, by as much as the write took and as
    // the nodes' clocks differ: many times what a store may take before the call is given up.
    private static readonly TimeSpan _overlap = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private Reading? _last;
    private long _allBefore;

    /// <summary>Ends a token.</summary>
    /// <param name="id">Its <c>jti</c>.</param>
    /// <param name="expiresAt">When it would have ended by itself.</param>
    public async Task RevokeAsync(string id, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        await store.AddAsync(new RevokedToken(id, time.GetUtcNow(), expiresAt), cancellationToken);
        _known[id] = expiresAt;
    }

    /// <param name="issuedAt">In whole seconds, as tokens have it.</param>
    public async ValueTask<bool> IsRevokedAsync(string id, DateTimeOffset issuedAt, CancellationToken cancellationToken)
    {
        if (!IsFresh)
        {
            await ReadAsync(cancellationToken);
        }
        var isRevoked = _known.ContainsKey(id) || issuedAt.AddSeconds(1).UtcTicks < Volatile.Read(ref _allBefore);
        Guards.Drop("A03", ref isRevoked, () => false);
        return isRevoked;
    }

    /// <summary>Drops those whose tokens have expired.</summary>
    public void ForgetExpired()
    {
        var now = time.GetUtcNow();
        foreach (var (id, expiresAt) in _known)
        {
            if (expiresAt <= now)
            {
                _known.TryRemove(id, out _);
            }
        }
    }

    public void Dispose() => _reading.Dispose();

    // A clock that went back must not make what is known last longer.
    private bool IsFresh =>
        Volatile.Read(ref _last) is { } last && time.GetUtcNow() - last.At is var age && age >= TimeSpan.Zero && age < _keptFor;

    /// <summary>Of many who come together one reads for all.</summary>
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (IsFresh)
            {
                return;
            }
            var now = time.GetUtcNow();
            var since = _last is { } last && last.At <= now ? last.At - _overlap : DateTimeOffset.UnixEpoch;
            foreach (var token in await store.ListAsync(since, cancellationToken))
            {
                if (token.Id == RevokedToken.All)
                {
                    Volatile.Write(ref _allBefore, Math.Max(_allBefore, token.RevokedAt.UtcTicks));
                    continue;
                }
                _known[token.Id] = token.ExpiresAt;
            }
            Volatile.Write(ref _last, new Reading(now));
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Reading(DateTimeOffset At);
}
