namespace Countersign.NameMatching.Corpus;

/// <summary>
/// Chance that is the same on every machine and in every version (splitmix64): a corpus is only worth something when it stays.
/// </summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <returns>0 to <paramref name="end"/> - 1.</returns>
    public int Next(int end)
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)end);
    }

    public T Of<T>(IReadOnlyList<T> list) => list[Next(list.Count)];

    /// <summary>True once in <paramref name="times"/>.</summary>
    public bool OnceIn(int times) => Next(times) == 0;
}
