using Countersign.Core.Names;

namespace Countersign.Core.Projects;

public static class NamePolicies
{
    /// <summary>How much names may differ by a project's setting.</summary>
    public static MatchPolicy ToMatchPolicy(this NamePolicy policy) => policy switch
    {
        NamePolicy.Strict => MatchPolicy.Strict,
        NamePolicy.Lenient => MatchPolicy.Lenient,
        _ => MatchPolicy.Standard,
    };
}
