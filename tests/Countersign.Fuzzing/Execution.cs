using System.Diagnostics;

namespace Countersign.Fuzzing;

/// <summary>Runs a target on an input and holds it to what every reader promises: an end in time, and bounded memory.</summary>
internal static class Execution
{
    /// <summary>Bytes of the longest input: as long as the longest body that is taken whole.</summary>
    public const int MaxBytes = 64 * 1024;

    // For the slowest machine there is: what these readers do takes microseconds.
    private static readonly TimeSpan _maxTime = TimeSpan.FromSeconds(2);

    /// <returns>What became of the input, in a word.</returns>
    public static string Run(Target target, byte[] input)
    {
        if (input.Length > MaxBytes)
        {
            return "too long";
        }
        if (ProblemOf(target, input, out var outcome) is not null
            // What is made once, when it is first needed, is not the input's; nor is the time in which the machine did something else.
            && ProblemOf(target, input, out outcome) is { } problem)
        {
            throw new BrokenPromise(problem);
        }
        return outcome;
    }

    private static string? ProblemOf(Target target, byte[] input, out string outcome)
    {
        var (before, begun) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        outcome = target.Read(input);
        var (allocated, time) = (GC.GetAllocatedBytesForCurrentThread() - before, Stopwatch.GetElapsedTime(begun));
        return allocated > target.MaxAllocated(input.Length) ? $"{input.Length} bytes of input took {allocated} bytes of memory"
            : time > _maxTime ? $"{input.Length} bytes of input took {time.TotalSeconds:0.0} s"
            : null;
    }
}
