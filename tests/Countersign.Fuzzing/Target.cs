namespace Countersign.Fuzzing;

/// <summary>One group of the product's readers of what comes from outside.</summary>
/// <param name="Name">Of its folder in <c>corpus</c>, too.</param>
/// <param name="Read">
/// Gives the input to the readers as a stranger would, and says in a word what became of it. It throws what they throw beyond their
/// documented refusals, and <see cref="BrokenPromise"/> where they let something through.
/// </param>
internal sealed record Target(string Name, Func<byte[], string> Read)
{
    /// <summary>Allocated bytes that an input of this length may cost, whatever is in it.</summary>
    public Func<int, long> MaxAllocated { get; init; } = length => (1L << 20) + (2048L * length);

    /// <summary>What becomes of an input that says nothing to a target.</summary>
    public const string NoInput = "no input of this target";

    public override string ToString() => Name;
}

/// <summary>A reader has done what it promises never to do.</summary>
internal sealed class BrokenPromise(string promise) : Exception(promise)
{
    public static void Unless(bool isKept, string promise)
    {
        if (!isKept)
        {
            throw new BrokenPromise(promise);
        }
    }
}
