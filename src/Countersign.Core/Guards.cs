using System.Diagnostics;

namespace Countersign.Core;

/// <summary>
/// For tests alone: takes one guard away, so that it is seen that the attack which it holds off comes through then, and no other. In every
/// build but one with <c>-p:Weakened=true</c> the compiler leaves out these calls with all that stands in them.
/// </summary>
public static class Guards
{
    private const string Symbol = "COUNTERSIGN_WEAKENED";

#if COUNTERSIGN_WEAKENED
    private static readonly string? _off = Environment.GetEnvironmentVariable("COUNTERSIGN_GUARD_OFF");
#endif

    /// <summary>Puts something else in the place of what a guard has found.</summary>
    /// <param name="attack">Which attack the guard holds off: an id of <c>docs/threat-model.md</c>.</param>
    [Conditional(Symbol)]
    public static void Drop<T>(string attack, ref T found, Func<T> without)
    {
#if COUNTERSIGN_WEAKENED
        if (_off == attack)
        {
            found = without();
        }
#endif
    }

    /// <summary>Does what is nowhere done: some guards are that something is not there.</summary>
    /// <param name="attack">As for <see cref="Drop"/>.</param>
    [Conditional(Symbol)]
    public static void Break(string attack, Action how)
    {
#if COUNTERSIGN_WEAKENED
        if (_off == attack)
        {
            how();
        }
#endif
    }

    /// <summary>Tells whoever starts such a build what it is.</summary>
    [Conditional(Symbol)]
    public static void Warn(TextWriter error)
    {
#if COUNTERSIGN_WEAKENED
        error.WriteLine(
            $"WEAKENED FOR TESTS: this build lets its guards be taken away, and the guard against {_off ?? "nothing"} is. Nobody may "
                + "rely on it. Build it without -p:Weakened=true.");
#endif
    }
}
