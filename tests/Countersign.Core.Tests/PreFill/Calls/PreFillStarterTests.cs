using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Numbers;
using Countersign.Core.PreFill;
using Countersign.Core.PreFill.Calls;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.PreFill.Calls;

public sealed class PreFillStarterTests
{
    private static readonly Admission.Admitted _admitted = new(PhoneNumber.Parse("+12025550142"));

    private readonly FlowStage _stage = new();

    [Theory]
    [InlineData(null, StartShape.PreFill, StartShape.PreFill)]
    [InlineData(null, StartShape.Identity, StartShape.Identity)]
    [InlineData(StartShape.Identity, StartShape.PreFill, StartShape.Identity)]
    public async Task A_test_user_decides_the_shape_before_the_project_does(StartShape? ofUser, StartShape ofProject, StartShape expected)
    {
        await StartAsync(_admitted with { Shape = ofUser }, ofProject);

        Assert.Equal(expected, ((PreFillProgress)Assert.Single(_stage.Flows.Kept.Values).Tail).Shape);
    }

    [Theory]
    [InlineData(StartShape.PreFill, "0596")]
    [InlineData(StartShape.Identity, null)]
    public async Task What_nobody_will_ask_for_is_not_kept(StartShape shape, string? kept)
    {
        await StartAsync(_admitted, shape);

        var progress = (PreFillProgress)Assert.Single(_stage.Flows.Kept.Values).Tail;
        Assert.Equal(kept is null ? null : Ssn.Parse(kept), progress.Ssn);
        Assert.IsType<PreFillState.AwaitingPossession>(progress.State);
    }

    [Fact]
    public async Task What_the_call_said_is_kept_with_the_flow_and_with_a_refusal()
    {
        var refused = new Admission.Refused("no such line");

        await StartAsync(_admitted, StartShape.PreFill);
        await StartAsync(refused, StartShape.PreFill);

        var flow = Assert.Single(_stage.Flows.Kept.Values);
        Assert.Equal(("2025550142", "customer-1", "order-1"), (flow.NumberAsGiven, flow.ClientCustomerId, flow.ClientRequestId));
        Assert.Equal(
            new RefusedCall(FlowStage.Shop.Id, Product.PreFill, FlowType.Mobile, "2025550142", Sample.Now)
            {
                ClientRequestId = "order-1", ClientCustomerId = "customer-1", Admission = refused,
            },
            Assert.Single(_stage.Journal.Refused));
    }

    [Fact]
    public async Task A_number_that_is_refused_begins_nothing()
    {
        Assert.Equal(
            new StartOutcome.Refused(new Admission.OtherProduct()), await StartAsync(new Admission.OtherProduct(), StartShape.PreFill));
        Assert.Empty(_stage.Flows.Kept);
    }

    private Task<StartOutcome> StartAsync(Admission admission, StartShape shape) =>
        new PreFillStarter(new Admits(admission), _stage.Starter).StartAsync(
            FlowStage.Shop with { Settings = new ProjectSettings { StartShape = shape } },
            new PreFillRequest(
                new FlowStart(FlowType.Mobile, null, null, AllowsOtpRetry: false), "2025550142", BirthDate: null, Ssn.Parse("0596"),
                "customer-1", "order-1"),
            (_, _, _) => ValueTask.FromResult<byte[]>([]),
            keyed: null,
            TestContext.Current.CancellationToken);
}
