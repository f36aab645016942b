using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Keys in memory.</summary>
internal sealed class FakeKeyStore : IKeyStore
{
    public KeySet Kept { get; set; } = KeySet.Of(MasterKey.New());

    public int Reads { get; private set; }

    public KeySet Read()
    {
        Reads++;
        return Kept;
    }

    public void Write(KeySet keys) => Kept = keys;
}
