namespace Countersign.Core.Projects;

/// <summary>
/// What a project's clients may do although no person has shown that they hold the phone. Attack: with a stolen client secret all records
/// could be read, number by number.
/// </summary>
/// <param name="areKept">False in the sandbox, whose test users are no persons: there everything is permitted.</param>
public sealed class ProjectPermissions(bool areKept)
{
    /// <summary>True when its clients may ask this by one-call verify, singly and in batches.</summary>
    public bool MayAsk(ProjectSettings project, VerificationType type) => !areKept || project.OneCall.Contains(type);

    /// <summary>True when its clients see SSNs whole, and not only their last four digits, where nobody has proven their own.</summary>
    public bool SeesWholeSsn(ProjectSettings project) => !areKept || project.DisclosesSsn;

    /// <summary>True when persons may give another number in its flows. Attack: to pass for an account's number by another one.</summary>
    public bool MayChangeNumber(ProjectSettings project) => !areKept || project.NumberChange == NumberChangeRule.On;
}
