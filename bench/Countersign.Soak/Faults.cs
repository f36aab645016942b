using System.Collections.Concurrent;

namespace Countersign.Soak;

/// <summary>What goes wrong, by chance out of a seed, and how often it did.</summary>
internal sealed class Faults(int seed)
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Random _chance = new(seed);
    private readonly Lock _drawing = new();

    /// <summary>False when all is to go well from now on.</summary>
    public bool AreOn { get; set; } = true;

    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>How often in a thousand times a kind of fault comes.</summary>
    public bool Comes(string kind, int inThousand)
    {
        var comes = AreOn && Draw(1000) < inThousand;
        if (comes)
        {
            Count(kind);
        }
        return comes;
    }

    public void Count(string kind) => _counts.AddOrUpdate(kind, 1, (_, count) => count + 1);

    public int Draw(int below)
    {
        lock (_drawing)
        {
            return _chance.Next(below);
        }
    }
}
