using Countersign.Core.Projects;

namespace Countersign.Core.Projects;

/// <summary>
/// Who is on record is not told to those who have not shown that they hold the phone: else numbers could be tried one after the other. "No
/// record" and "another name" are then one answer, that costs the same work.
/// </summary>
/// <param name="isKept">False in the sandbox, whose test users are no persons.</param>
public sealed class RecordPrivacy(bool isKept)
{
    public bool Hides(ProjectSettings project, bool isPossessionProven)
    {
        var hides = isKept && !isPossessionProven && project.IdentityReasons == IdentityReasons.Proven;
        Guards.Drop("D04", ref hides, () => false);
        return hides;
    }
}
