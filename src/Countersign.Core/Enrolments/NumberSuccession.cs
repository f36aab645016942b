using Countersign.Core.IdentityMatching;

namespace Countersign.Core.Enrolments;

/// <summary>Keeps apart the persons who have a number one after the other.</summary>
public sealed class NumberSuccession(IIdentityStore identities, IPhoneRiskSource risk, TimeProvider time)
{
    /// <summary>
    /// When the identity that holds a number began, or, where none does, the one that left it last: until the next begins it is not known
    /// whose the number is now. Null when there was none.
    /// </summary>
    public async Task<DateTimeOffset?> HeldSinceAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
        (await identities.FindAsync(projectId, number, cancellationToken))?.CreatedAt
        ?? await identities.FindLeftSinceAsync(projectId, number, cancellationToken);

    /// <summary>
    /// Somebody has just proven a number that went to somebody else after this day: the identity behind it leaves it, unless it is
    /// the new holder's own already. May be done twice, and by many at once: the second time changes nothing.
    /// </summary>
    /// <param name="heldSince">The day: when the number was last verified, or else as <see cref="HeldSinceAsync"/> says; null when neither
    /// is known.</param>
    public async Task PassOnAsync(ProjectId projectId, PhoneNumber number, DateTimeOffset? heldSince, CancellationToken cancellationToken)
    {
        // Whoever is found next is looked at as well: one line may have been known in two spellings.
        while (await identities.FindAsync(projectId, number, cancellationToken) is { } person
            && (person.CreatedAt <= heldSince || await HasLostAsync(person, cancellationToken)))
        {
            await identities.LeaveNumberAsync(projectId, person.Id, time.GetUtcNow(), cancellationToken);
        }
    }

    /// <summary>
    /// Who came after the last verification may have come before or after the number changed hands; where it is not known they stay.
    /// </summary>
    private async Task<bool> HasLostAsync(ProjectIdentity person, CancellationToken cancellationToken) =>
        (await risk.AssessAsync(new RiskQuestion(person.Number, person.CreatedAt), cancellationToken)).WasRecycled == true;
}
