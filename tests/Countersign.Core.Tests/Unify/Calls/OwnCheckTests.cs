using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Unify;
using Countersign.Core.Unify.Calls;

namespace Countersign.Core.Tests.Unify.Calls;

public sealed class OwnCheckTests
{
    private readonly FlowStage _stage = new();

    [Fact]
    public async Task An_own_check_is_accepted_once_and_ties_number_and_identity()
    {
        var flow = Begin();

        var accepted = Assert.IsType<OwnCheckOutcome.Accepted>(await AcceptAsync(flow.Id));

        var done = Assert.IsType<UnifyState.Done>(((UnifyProgress)accepted.Flow.Tail).State);
        Assert.Equal(Assert.Single(_stage.Identities.Kept).Id, done.Identity!.ProveId);
        Assert.Equal(
            [FlowEventCode.OwnCheckPassed, FlowEventCode.BindingDone], accepted.Flow.Timeline.Select(happened => happened.Code));
        Assert.IsType<OwnCheckOutcome.OutOfOrder>(await AcceptAsync(flow.Id));
    }

    [Theory]
    [InlineData("2025550142", true)]
    [InlineData("+12025550142", true)]
    [InlineData("2025550143", false)]
    [InlineData("no number", false)]
    public async Task It_names_the_flows_number(string number, bool isAccepted)
    {
        var flow = Begin();

        var outcome = await AcceptAsync(flow.Id, number);

        Assert.Equal(isAccepted ? typeof(OwnCheckOutcome.Accepted) : typeof(OwnCheckOutcome.OtherNumber), outcome.GetType());
        Assert.Equal(!isAccepted, _stage.Flows.Kept[flow.Id] == flow);
    }

    [Fact]
    public async Task A_flow_that_proves_possession_asks_for_no_own_check()
    {
        var flow = Begin(new UnifyState.AwaitingPossession());

        Assert.IsType<OwnCheckOutcome.OutOfOrder>(await AcceptAsync(flow.Id));
    }

    [Fact]
    public async Task Unknown_anothers_and_expired_are_one_answer()
    {
        var flow = Begin();

        Assert.IsType<OwnCheckOutcome.UnknownFlow>(await AcceptAsync(CorrelationId.New(Sample.Now)));
        Assert.IsType<OwnCheckOutcome.UnknownFlow>(await AcceptAsync(flow.Id, project: "another"));
        _stage.Clock.Now = flow.ExpiresAt;
        Assert.IsType<OwnCheckOutcome.UnknownFlow>(await AcceptAsync(flow.Id));
    }

    private Flow Begin(UnifyState? state = null)
    {
        var flow = Sample.Flow(FlowType.None) with
        {
            Name = null,
            Possession = FlowType.None.ToPossession(Product.Unify),
            Tail = new UnifyProgress(state ?? new UnifyState.AwaitingOwnCheck()),
        };
        _stage.Flows.Kept[flow.Id] = flow;
        return flow;
    }

    private Task<OwnCheckOutcome> AcceptAsync(CorrelationId id, string number = "2025550142", string project = "shop") =>
        new OwnCheck(_stage.Runner, new TenDigits()).AcceptAsync(
            id, ProjectId.Parse(project), number, TestContext.Current.CancellationToken);
}
