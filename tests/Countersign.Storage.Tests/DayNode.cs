using Countersign.Core.Keys;
using Countersign.Providers.Numbers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Storage.Tests;

/// <summary>A server's stores of short life over a database, with the days' secrets as it reads them.</summary>
internal sealed class DayNode
{
    public DayNode(IDatabase database, KeyDatabase keys, IKeyStore ring, TimeProvider time, ILogger<DayKeyUpkeep>? logger = null)
    {
        Ring = new KeyRing(ring, time);
        Days = new DayKeys(Ring) { Read = () => Upkeep!.TryRead() };
        (Sealer, Hashes, Hasher) = (new Sealer(Ring, days: Days), new HashSealer(Ring, Days), new SecretHasher(Ring.Keys.HashKey));
        Store = new DayKeyStore(keys, Sealer, Ring, Days);
        Upkeep = new DayKeyUpkeep(Store, keys, time, logger ?? NullLogger<DayKeyUpkeep>.Instance);
        Flows = new FlowStore(database, Sealer, Hasher, Hashes, TimeSpan.FromMinutes(15));
        Texts = new TextStore(database, Sealer, Hasher, Hashes);
        Idempotency = new IdempotencyStore(database, Sealer, Hashes);
        Counters = new CounterStore(database, Sealer, Hashes);
        Challenges = new TakenChallengeStore(database, Hasher, Hashes);
        Taken = new TakenRequestStore(database, Hasher, Hashes);
        Traffic = new TrafficStore(database, Hashes);
        Resealing = new Resealing(
            database, Sealer, Hashes, new RowSeals(Sealer, Hashes, NullLogger<RowSeals>.Instance),
            new LineKeyStore(keys, Sealer, Hasher, Hashes, new NumberPlan()), keys);
    }

    public KeyRing Ring { get; }

    public DayKeys Days { get; }

    public Sealer Sealer { get; }

    public HashSealer Hashes { get; }

    public SecretHasher Hasher { get; }

    public DayKeyStore Store { get; }

    public DayKeyUpkeep Upkeep { get; }

    public FlowStore Flows { get; }

    public TextStore Texts { get; }

    public IdempotencyStore Idempotency { get; }

    public CounterStore Counters { get; }

    public TakenChallengeStore Challenges { get; }

    public TakenRequestStore Taken { get; }

    public TrafficStore Traffic { get; }

    public Resealing Resealing { get; }
}
