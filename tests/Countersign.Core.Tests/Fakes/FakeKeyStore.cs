using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Keys in memory.</summary>
internal sealed class FakeKeyStore : IKeyStore
{
    public KeySet Kept { get; set; } = KeySet.Of(MasterKey.New());

    public int Reads { get; private set; }

    /// <summary>Is called before the keys are read, with the number of this reading.</summary>
    public Action<int> OnRead { get; set; } = _ => { };

    public KeySet Read()
    {
        OnRead(++Reads);
        return Kept;
    }

    public int Writes { get; private set; }

    public void Write(KeySet keys)
    {
        Writes++;
        Kept = keys;
    }
}
