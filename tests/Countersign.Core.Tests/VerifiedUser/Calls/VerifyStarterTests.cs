using Countersign.Core.Flows;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.VerifiedUser;
using Countersign.Core.VerifiedUser.Calls;

namespace Countersign.Core.Tests.VerifiedUser.Calls;

public sealed class VerifyStarterTests
{
    private static readonly Admission.Admitted _admitted = new(PhoneNumber.Parse("+12025550142"));

    private readonly FlowStage _stage = new();

    [Fact]
    public async Task A_flow_begins_with_the_number_the_name_and_the_relying_partys_ids()
    {
        var admission = new Admits(_admitted);

        Assert.IsType<StartOutcome.Started>(await StartAsync(admission));

        var flow = Assert.Single(_stage.Flows.Kept.Values);
        Assert.Equal([("2025550142", NumberUse.VerifiedUsers)], admission.Asked);
        Assert.Equal((_admitted.Number, new PersonName("Lori", "Montgomery")), (flow.Number, flow.Name));
        Assert.Equal(("customer-1", "request-1"), (flow.ClientCustomerId, flow.ClientRequestId));
        Assert.IsType<VerifiedUserState.AwaitingPossession>(flow.Tail);
        Assert.Equal(PossessionMethod.MobileAuth, flow.CurrentMethod);
        Assert.Equal(Sample.Now.AddMinutes(15), flow.ExpiresAt);
    }

    [Fact]
    public async Task Without_a_possession_check_the_answer_has_the_result()
    {
        var started = await StartAsync(new Admits(_admitted), FlowType.None);

        Assert.IsType<StartOutcome.Started>(started);
        Assert.IsType<VerifiedUserState.Done>(Assert.Single(_stage.Flows.Kept.Values).Tail);
    }

    public static TheoryData<FlowType, Admission> Refused => new()
    {
        { FlowType.Mobile, new Admission.Refused("not enabled") },
        { FlowType.Mobile, new Admission.UnknownTestUser() },
        { FlowType.Mobile, new Admission.OtherProduct() },
        { FlowType.Mobile, _admitted with { NoText = "a fixed line" } },
        { FlowType.Desktop, _admitted with { NoText = "a fixed line", HasOperator = true } },
        { FlowType.Mobile, _admitted with { Country = "CA" } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_number_that_is_not_admitted_begins_nothing(FlowType type, Admission admission)
    {
        Assert.IsType<StartOutcome.Refused>(await StartAsync(new Admits(admission), type));
        Assert.Empty(_stage.Flows.Kept);
    }

    private Task<StartOutcome> StartAsync(Admits admission, FlowType type = FlowType.Mobile) =>
        new VerifyStarter(admission, _stage.Starter).StartAsync(
            FlowStage.Shop with { Settings = new ProjectSettings { Countries = ["US"] } },
            new VerifyRequest(
                new FlowStart(type, null, null, AllowsOtpRetry: false), "2025550142", new PersonName("Lori", "Montgomery"), "customer-1",
                "request-1"),
            (_, _, _) => ValueTask.FromResult<byte[]>([]),
            keyed: null,
            TestContext.Current.CancellationToken);
}
