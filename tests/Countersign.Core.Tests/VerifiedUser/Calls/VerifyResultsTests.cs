using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;
using Countersign.Core.VerifiedUser.Calls;

namespace Countersign.Core.Tests.VerifiedUser.Calls;

public sealed class VerifyResultsTests
{
    private static readonly VerifiedUserState _matched =
        new VerifiedUserState.Done(new IdentityAnswer(IdentityMatch.Matched), PhoneRisk.Unknown);

    private readonly FlowStage _stage = new();

    [Theory]
    [InlineData(IdentityMatch.Matched, IdentityStatus.Active, true)]
    [InlineData(IdentityMatch.Matched, IdentityStatus.Inactive, false)]
    [InlineData(IdentityMatch.Matched, IdentityStatus.Known, false)]
    [InlineData(IdentityMatch.Differs, IdentityStatus.Active, false)]
    [InlineData(IdentityMatch.NotAvailable, IdentityStatus.Active, false)]
    public async Task Who_has_succeeded_and_is_enrolled_and_active_is_named(IdentityMatch match, IdentityStatus status, bool isNamed)
    {
        var flow = Keep(new VerifiedUserState.Done(new IdentityAnswer(match), PhoneRisk.Unknown));
        var person = Enrol(flow, status);

        Assert.Equal(new VerifyResult(flow, isNamed ? person.Id : null), await FindAsync(flow.Id));
    }

    [Fact]
    public async Task Until_there_is_a_result_nobody_is_looked_for()
    {
        var flow = Keep(new VerifiedUserState.AwaitingPossession());
        Enrol(flow, IdentityStatus.Active);

        Assert.Equal(new VerifyResult(flow, null), await FindAsync(flow.Id));
    }

    [Fact]
    public async Task Unknown_anothers_another_products_and_expired_are_one_answer()
    {
        var flow = Keep(_matched);
        var unify = flow with { Id = CorrelationId.New(Sample.Now), Tail = new UnifyProgress(new UnifyState.Done(null)) };
        _stage.Flows.Kept[unify.Id] = unify;

        Assert.Null(await FindAsync(CorrelationId.New(Sample.Now)));
        Assert.Null(await FindAsync(flow.Id, "another"));
        Assert.Null(await FindAsync(unify.Id));
        _stage.Clock.Now = flow.ExpiresAt;
        Assert.Null(await FindAsync(flow.Id));
    }

    private Flow Keep(VerifiedUserState state)
    {
        var flow = Sample.Flow() with { Tail = state };
        _stage.Flows.Kept[flow.Id] = flow;
        return flow;
    }

    private ProjectIdentity Enrol(Flow flow, IdentityStatus status)
    {
        var person = new ProjectIdentity(
            Guid.CreateVersion7(Sample.Now), flow.ProjectId, flow.Number, status, Sample.Now, new IdentityDetails());
        _stage.Identities.Kept.Add(person);
        return person;
    }

    private Task<VerifyResult?> FindAsync(CorrelationId id, string project = "shop") => new VerifyResults(
        _stage.Runner, _stage.Identities).FindAsync(id, ProjectId.Parse(project), TestContext.Current.CancellationToken);
}
