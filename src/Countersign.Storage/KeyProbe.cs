using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Finds the store well when it works and this process has the keys that it is under, and the day's secret.</summary>
internal sealed class KeyProbe(IStoreProbe store, KeyRing ring, DayKeys days) : IStoreProbe
{
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await store.PingAsync(cancellationToken);
        if (ring.Missing is { } key)
        {
            throw new UnavailableException(
                $"The store is under encryption key {key}, which this server does not have.", TimeSpan.FromSeconds(5));
        }
        days.RefuseWithoutToday();
    }
}
