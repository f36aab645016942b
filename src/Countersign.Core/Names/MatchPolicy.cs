using System.Diagnostics.CodeAnalysis;

namespace Countersign.Core.Names;

/// <summary>How much two names may differ and still be one person's.</summary>
public sealed class MatchPolicy
{
    /// <summary>Fields that score less do not match.</summary>
    internal const int MinimumScore = 80;

    private MatchPolicy(string name, Initials initials, bool allowsTypos) => (Name, Initials, AllowsTypos) = (name, initials, allowsTypos);

    /// <summary>Neither an initial for the first given name nor a typo.</summary>
    public static MatchPolicy Strict { get; } = new("strict", Initials.None, allowsTypos: false);

    /// <summary>
    /// An initial that the record has for the first given name counts; one that is asked for counts for the same initial alone. A typo does
    /// not count. The default.
    /// </summary>
    public static MatchPolicy Standard { get; } = new("standard", Initials.Recorded | Initials.Both, allowsTypos: false);

    /// <summary>
    /// As <see cref="Standard"/>; an initial that is asked for counts, too, and so does a typo where not both spellings are known names.
    /// </summary>
    public static MatchPolicy Lenient { get; } = new("lenient", Initials.Recorded | Initials.Both | Initials.Asked, allowsTypos: true);

    public static IReadOnlyList<MatchPolicy> All { get; } = [Strict, Standard, Lenient];

    /// <summary>As it stands in settings: strict, standard, lenient.</summary>
    public string Name { get; }

    public bool AllowsTypos { get; }

    /// <summary>Which initials for the first given name count.</summary>
    internal Initials Initials { get; }

    /// <summary>Reads a name in small letters.</summary>
    public static bool TryParse(string? name, [NotNullWhen(true)] out MatchPolicy? policy)
    {
        policy = All.FirstOrDefault(candidate => candidate.Name == name);
        return policy is not null;
    }

    public override string ToString() => Name;
}
