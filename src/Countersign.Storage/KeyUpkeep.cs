using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Reads the keys again and again, and brings what the store holds under the one that seals, in the background.</summary>
internal sealed class KeyUpkeep(KeyRing ring, Resealing resealing, TimeProvider time, ILogger<KeyUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan _readEvery = TimeSpan.FromSeconds(5);

    // Going through all tables is not for nothing: a node with a wrong clock may still have sealed with another key.
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMinutes(1);

    // With one key nothing is left to seal anew, but rows may have come from elsewhere.
    private static readonly TimeSpan _lookAloneEvery = TimeSpan.FromDays(1);

    private readonly Lock _reading = new();
    private (string Keys, KeyId Sealing, KeyId Hashing, DateTimeOffset At)? _looked;
    private KeyId? _announced;
    private KeyId? _hasTokenKeys;
    private bool _isClean;

    /// <summary>Does all that is left to do now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await ResealAsync(cancellationToken);
    }

    // Apart: going through all tables may take an hour, and a key that comes meanwhile may begin within it.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        WorkerOf(ReadAsync).RunAsync(time, stoppingToken), WorkerOf(ResealAsync).RunAsync(time, stoppingToken));

    private PeriodicWorker WorkerOf(Func<CancellationToken, Task> work) =>
        new(_readEvery, work, failure => Log.ResealingFailed(logger, failure));

    /// <exception cref="KeyStoreException">The keys cannot be read, or one that others seal with is not among them.</exception>
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            Reload();
        }
        finally
        {
            await LookForMissingAsync(cancellationToken);
        }
        if (ring.Missing is not null)
        {
            // It may have come between the two looks.
            Reload();
        }
        if (ring.Missing is { } missing)
        {
            throw new KeyStoreException(
                $"The store is under encryption key {missing}, which this server does not have: copy the newest key file to it.");
        }
        var sealing = ring.Sealing.Id;
        if (ring.Keys.Keys.Count > 1 && _hasTokenKeys != sealing)
        {
            await resealing.CatchUpTokenKeysAsync(cancellationToken);
            _hasTokenKeys = sealing;
        }
    }

    private void Reload()
    {
        lock (_reading)
        {
            var before = ring.Keys;
            ring.Reload();
            if (IdsOf(before) is var former && IdsOf(ring.Keys) is var present && former != present)
            {
                Log.KeysRead(logger, present);
            }
        }
    }

    private async Task LookForMissingAsync(CancellationToken cancellationToken)
    {
        try
        {
            ring.Need(await resealing.KeysOfTokenKeysAsync(cancellationToken));
        }
        catch (DbException)
        {
            // The store is away; others tell of it, and what was known of it stays.
        }
    }

    private async Task ResealAsync(CancellationToken cancellationToken)
    {
        var (keys, sealing, hashing, now) = (ring.Keys, ring.Sealing.Id, resealing.Hashing, time.GetUtcNow());
        var (ids, isAlone) = (IdsOf(keys), keys.Keys.Count == 1);
        if (isAlone && keys.First == sealing)
        {
            // Nothing was ever under another key.
            _looked ??= (ids, sealing, hashing, now);
        }
        if (_looked is { } looked && (looked.Keys, looked.Sealing, looked.Hashing) == (ids, sealing, hashing)
            && (now - looked.At).Duration() < (isAlone ? _lookAloneEvery : _lookEvery))
        {
            return;
        }
        if (!isAlone && _announced != sealing)
        {
            (_announced, _isClean) = (sealing, false);
            Log.KeySeals(logger, sealing);
        }
        var counts = await resealing.CatchUpAsync(cancellationToken);
        _looked = (ids, sealing, hashing, now);
        var isClean = counts is { Resealed: 0, Unreadable: 0 } && hashing == sealing;
        if (counts.Resealed > 0)
        {
            Log.Resealed(logger, counts.Resealed, sealing);
        }
        if (counts.Unreadable > 0)
        {
            Log.NotResealed(logger, counts.Unreadable);
        }
        else if (!isAlone && isClean && !_isClean)
        {
            Log.AllResealed(logger, sealing);
        }
        _isClean = isClean;
    }

    private static string IdsOf(KeySet keys) => string.Join(", ", keys.Keys.Select(kept => kept.Key.Id));
}
