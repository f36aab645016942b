using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;

namespace Countersign.Providers.Sandbox;

/// <summary>
/// Records of persons in the sandbox. The number alone selects the answer, but for the user whose challenge is the point.
/// </summary>
internal sealed class SandboxPersonSource(TestUsers users) : IPersonSource
{
    public Task<PersonAnswer> FindAsync(
        PhoneNumber number, ProjectId project, PartialDate? birthDate, Ssn? ssn, CancellationToken cancellationToken)
    {
        var user = users.Find(number);
        return Task.FromResult<PersonAnswer>(user?.Role switch
        {
            null or Roles.IdentityNotAvailable => new PersonAnswer.NotFound(),
            Roles.IdentitySourceDown => new PersonAnswer.SourceDown(),
            Roles.ChallengeDiffers or Roles.IdentityDiffers => new PersonAnswer.Differs(birthDate is not null, ssn is not null),
            Roles.ChallengeCompared => PersonAnswer.Of(user.Record, birthDate, ssn),
            _ => new PersonAnswer.Found(user.Record),
        });
    }

    public Task<PersonCheck> CheckAsync(
        PhoneNumber number, ProjectId project, Person described, MatchPolicy policy, CancellationToken cancellationToken)
    {
        // Whatever is said agrees: it is compared with itself.
        var agrees = PersonComparison.Of(described, described);
        IReadOnlyList<WatchList>? noHits = described.IsEnoughForWatchLists ? [] : null;
        var user = users.Find(number);
        return Task.FromResult<PersonCheck>(user?.Role switch
        {
            null or Roles.IdentityNotAvailable => new PersonCheck.NotFound(),
            Roles.IdentitySourceDown => new PersonCheck.SourceDown(),
            Roles.CompleteDiffers or Roles.IdentityDiffers => new PersonCheck.Compared(Differing(agrees), noHits),
            Roles.WatchListHit when described.IsEnoughForWatchLists => new PersonCheck.Compared(agrees, [HitOf(user)]),
            _ => new PersonCheck.Compared(agrees, noHits),
        });
    }

    /// <summary>Another name; another SSN where no name was given.</summary>
    private static PersonComparison Differing(PersonComparison agrees) => agrees.GivenName is null
        ? agrees with { WholeSsn = agrees.WholeSsn is null ? null : false, LastFour = false }
        : agrees with { GivenName = false, FamilyName = false };

    private static WatchList HitOf(TestUser user) =>
        new("sanctions", Hits: 1, [new WatchListField("name", "sandbox list", $"{user.Given} {user.Family}")]);
}
