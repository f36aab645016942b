using System.Diagnostics.CodeAnalysis;

namespace Countersign.Core.Names;

/// <summary>How much two names may differ and still be one person's.</summary>
public sealed class MatchPolicy
{
    /// <summary>Fields that score less do not match.</summary>
    internal const int MinimumScore = 80;

    private MatchPolicy(string name, bool allowsInitials, bool allowsTypos) => (Name, AllowsInitials, AllowsTypos) = (name, allowsInitials, allowsTypos);

    /// <summary>Neither an initial for the first given name nor a typo.</summary>
    public static MatchPolicy Strict { get; } = new("strict", allowsInitials: false, allowsTypos: false);

    /// <summary>An initial for the first given name counts, a typo does not. The default.</summary>
    public static MatchPolicy Standard { get; } = new("standard", allowsInitials: true, allowsTypos: false);

    /// <summary>As <see cref="Standard"/>, and a typo counts where not both spellings are known names.</summary>
    public static MatchPolicy Lenient { get; } = new("lenient", allowsInitials: true, allowsTypos: true);

    public static IReadOnlyList<MatchPolicy> All { get; } = [Strict, Standard, Lenient];

    /// <summary>As it stands in settings: strict, standard, lenient.</summary>
    public string Name { get; }

    public bool AllowsInitials { get; }

    public bool AllowsTypos { get; }

    /// <summary>Reads a name in small letters.</summary>
    public static bool TryParse(string? name, [NotNullWhen(true)] out MatchPolicy? policy)
    {
        policy = All.FirstOrDefault(candidate => candidate.Name == name);
        return policy is not null;
    }

    public override string ToString() => Name;
}
