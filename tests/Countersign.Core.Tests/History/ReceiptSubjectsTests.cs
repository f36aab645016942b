using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Receipts;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.History;

public sealed class ReceiptSubjectsTests
{
    private static readonly DateTimeOffset _over = Sample.Now.AddMinutes(15);
    private static readonly ProjectId _shop = ProjectId.Parse("shop");

    private readonly HistoryStage _stage = new();

    private static Flow Running => Sample.Challenged(PossessionMethod.Otp) with { ReceiptSeed = Disclosure.NewSeed() };

    [Fact]
    public async Task A_flow_that_runs_has_nothing_to_show_yet()
    {
        var flow = _stage.Add(Running);

        Assert.IsType<ReceiptSubject.NotEnded>(await FindAsync(flow, _shop));
        Assert.IsType<ReceiptSubject.None>(await FindAsync(flow, ProjectId.Parse("bank")));
    }

    [Fact]
    public async Task As_long_as_the_flow_lives_its_receipt_can_be_opened_and_afterwards_no_more()
    {
        var flow = _stage.Add(Running.After(new PossessionEvent.Declined(), Sample.Now));

        var living = Assert.IsType<ReceiptSubject.Ended>(await FindAsync(flow, _shop));
        _stage.Flows.Clock.Now = _over;
        await _stage.History.KeepAsync(_over, TestContext.Current.CancellationToken);
        var over = Assert.IsType<ReceiptSubject.Ended>(await FindAsync(flow, _shop));

        Assert.Equal((FlowEnd.Declined, Sample.Now.AddDays(30)), (living.Outcome.End, living.KeptUntil));
        Assert.Equal(Commitments.Of(flow), living.Disclosures);
        Assert.Equal((FlowEnd.Declined, Sample.Now.AddDays(30)), (over.Outcome.End, over.KeptUntil));
        Assert.Empty(over.Disclosures);
        Assert.Equal(living.Outcome.Commitments, over.Outcome.Commitments);
        Assert.IsType<ReceiptSubject.None>(await FindAsync(flow, ProjectId.Parse("bank")));
        _stage.Flows.Clock.Now = Sample.Now.AddDays(30);
        Assert.IsType<ReceiptSubject.None>(await FindAsync(flow, _shop));
    }

    [Fact]
    public async Task What_commits_to_nothing_could_be_shown_for_anybody_and_has_no_receipt()
    {
        var flow = _stage.Add(Running.After(new PossessionEvent.Declined(), Sample.Now) with { ReceiptSeed = null });

        Assert.IsType<ReceiptSubject.None>(await FindAsync(flow, _shop));
        _stage.Flows.Clock.Now = _over;
        await _stage.History.KeepAsync(_over, TestContext.Current.CancellationToken);

        Assert.Single(_stage.Kept);
        Assert.IsType<ReceiptSubject.None>(await FindAsync(flow, _shop));
    }

    private Task<ReceiptSubject> FindAsync(Flow flow, ProjectId project) =>
        new ReceiptSubjects(_stage.Flows.Runner, _stage.History, _stage.Flows.Clock).FindAsync(
            flow.Id, project, TestContext.Current.CancellationToken);
}
