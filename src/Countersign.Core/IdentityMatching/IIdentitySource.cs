using Countersign.Core.Names;

namespace Countersign.Core.IdentityMatching;

/// <summary>Knows whose number a number is.</summary>
public interface IIdentitySource
{
    /// <summary>
    /// Never throws for what the world may do: a source that cannot be reached answers <see cref="IdentityAnswer.SourceDown"/>.
    /// </summary>
    Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken);
}

/// <param name="Project">Whose question it is: own records are those that it sees.</param>
/// <param name="IsPossessionProven">False when the relying party asked for no possession check: such questions could probe whose a number
/// is.</param>
/// <param name="Policy">How much the names may differ; null for <see cref="MatchPolicy.Standard"/>. A source that compares by itself may
/// not care.</param>
/// <param name="HidesRecord">Nobody may learn from the answer, or from what it cost, whether there is a record
/// (<see cref="Projects.RecordPrivacy"/>).</param>
public sealed record IdentityQuestion(
    PhoneNumber Number, ProjectId Project, PersonName Name, bool IsPossessionProven, MatchPolicy? Policy = null, bool HidesRecord = false);
