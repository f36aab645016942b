using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Reads the keys again and again, and brings what the store holds under the one that seals, in the background.</summary>
internal sealed class KeyUpkeep(KeyRing ring, Resealing resealing, TimeProvider time, ILogger<KeyUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan _readEvery = TimeSpan.FromSeconds(5);

    // Going through all tables is not for nothing: a node with a wrong clock may still have sealed with another key.
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMinutes(1);

    private (KeyId Key, DateTimeOffset At) _looked;
    private bool _isClean;

    /// <summary>Does all that is left to do now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        Reload();
        var (sealing, now) = (ring.Sealing.Id, time.GetUtcNow());
        if (ring.Keys.Keys.Count == 1 || (_looked.Key == sealing && (now - _looked.At).Duration() < _lookEvery))
        {
            return;
        }
        if (_looked.Key != sealing)
        {
            (_looked, _isClean) = ((sealing, now), false);
            Log.KeySeals(logger, sealing);
        }
        var counts = await resealing.CatchUpAsync(cancellationToken);
        _looked = (sealing, now);
        var isClean = counts is { Resealed: 0, Unreadable: 0 };
        if (counts.Resealed > 0)
        {
            Log.Resealed(logger, counts.Resealed, sealing);
        }
        if (counts.Unreadable > 0)
        {
            Log.NotResealed(logger, counts.Unreadable);
        }
        else if (isClean && !_isClean)
        {
            Log.AllResealed(logger, sealing);
        }
        _isClean = isClean;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new PeriodicWorker(_readEvery, CatchUpAsync, failure => Log.ResealingFailed(logger, failure)).RunAsync(time, stoppingToken);

    private void Reload()
    {
        var before = ring.Keys;
        ring.Reload();
        var (former, present) = (before.Keys.Select(kept => kept.Key.Id).ToList(), ring.Keys.Keys.Select(kept => kept.Key.Id).ToList());
        if (!former.SequenceEqual(present))
        {
            Log.KeysRead(logger, string.Join(", ", present));
        }
    }
}
