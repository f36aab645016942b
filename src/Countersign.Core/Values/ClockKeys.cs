namespace Countersign.Core;

/// <summary>
/// The one time that counts is the registered <see cref="TimeProvider"/>; the times it is made from are registered under these keys.
/// </summary>
public static class ClockKeys
{
    /// <summary>The machine's own.</summary>
    public const string Machine = "machine";

    /// <summary>The store's where nodes share one, else the machine's.</summary>
    public const string Store = "store";
}
