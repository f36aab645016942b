using BenchmarkDotNet.Attributes;
using Countersign.Core.Keys;

namespace Countersign.Benchmarks;

/// <summary>What it costs to seal and open a flow's state, and a hash that a row is looked up by.</summary>
[MemoryDiagnoser]
public class SealerBenchmarks
{
    private readonly byte[] _state = new byte[1500];
    private readonly byte[] _hash = new byte[32];
    private Sealer _sealer = null!;
    private HashSealer _hashes = null!;
    private byte[] _sealed = null!;

    /// <summary>The first key, or one that came after it.</summary>
    [Params(false, true)]
    public bool WasChanged { get; set; }

    [GlobalSetup]
    public void Seal()
    {
        var keys = KeySet.Of(MasterKey.New());
        keys = WasChanged ? keys.With(new KeptKey(MasterKey.New(), DateTimeOffset.UnixEpoch)) : keys;
        var ring = new KeyRing(new Kept(keys), TimeProvider.System);
        (_sealer, _hashes) = (new Sealer(ring), new HashSealer(ring));
        _sealed = SealState();
    }

    [Benchmark]
    public byte[] SealState() => _sealer.Seal(_state, "flows.state:01890a5d-ac96-774b-bcce-b302099a8057", 3);

    [Benchmark]
    public byte[] OpenState() => _sealer.Open(_sealed, "flows.state:01890a5d-ac96-774b-bcce-b302099a8057", 3);

    [Benchmark]
    public byte[][] LookUp() => _hashes.AllOf(_hash);

    private sealed class Kept(KeySet keys) : IKeyStore
    {
        public KeySet Read() => keys;

        public void Write(KeySet keys) => throw new NotSupportedException();
    }
}
