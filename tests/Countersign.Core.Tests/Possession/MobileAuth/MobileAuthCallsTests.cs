using System.Net;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.Possession.MobileAuth;

/// <summary>The method, and the calls that are made of it.</summary>
public sealed class MobileAuthCallsTests
{
    private const string Page = "https://shop.example/back";

    private static readonly ProjectSettings _settings = new() { WebOrigins = ["https://shop.example"] };

    private readonly FlowStage _stage = new();
    private readonly Network _network = new();
    private readonly MobileAuthCalls _calls;

    public MobileAuthCallsTests() => _calls = new MobileAuthCalls(
        new MobileAuthMethod(_network, _stage.Hasher, _stage.Options), _stage.Runner, new PublicAddress(() => "https://id.example"));

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MobileAuthTransport.Fetch, 6)]
    [InlineData(MobileAuthTransport.Pixel, 6)]
    [InlineData(MobileAuthTransport.Redirect, 60)]
    public async Task The_browser_is_sent_to_its_network_and_has_its_time(MobileAuthTransport transport, int seconds)
    {
        var open = Assert.IsType<MobileAuthStarted.Open>(await BeginAsync(Kept(), transport));

        Assert.Equal("https://network.example/", open.RedirectUrl);
        Assert.Equal(
            Sample.Now.AddSeconds(seconds), Assert.IsType<PossessionState.Challenged>(open.Flow.Possession).Challenge.Deadline);
        // Where it comes back to is nobody's business who does not go there.
        Assert.Equal(transport == MobileAuthTransport.Redirect ? Page : null, _network.Asked!.ReturnUrl);
    }

    [Fact]
    public async Task A_page_that_may_not_come_back_is_told_so_and_a_code_follows()
    {
        var outcome = await BeginAsync(Kept(), MobileAuthTransport.Redirect, "https://elsewhere.example/");

        var flow = Assert.IsType<MobileAuthStarted.ReturnNotAllowed>(outcome).Flow;
        Assert.Equal((PossessionMethod.Otp, FlowReason.PageNotAllowed), (flow.CurrentMethod, flow.Timeline[^1].Reason));
        Assert.Null(_network.Asked);
    }

    [Fact]
    public async Task When_the_network_cannot_be_asked_a_code_follows()
    {
        _network.Refusal = FlowReason.NoOperator;

        var flow = Assert.IsType<MobileAuthStarted.NotAvailable>(await BeginAsync(Kept())).Flow;

        Assert.Equal((PossessionMethod.Otp, FlowReason.NoOperator), (flow.CurrentMethod, flow.Timeline[^1].Reason));
    }

    [Fact]
    public async Task A_flow_without_the_method_asks_nobody()
    {
        var desktop = Sample.Flow(FlowType.Desktop);
        _stage.Flows.Kept[desktop.Id] = desktop;

        Assert.Equal(desktop, Assert.IsType<MobileAuthStarted.NotAvailable>(await BeginAsync(desktop)).Flow);
        Assert.Null(_network.Asked);
    }

    [Fact]
    public async Task A_page_that_begins_here_has_left_a_device_key_behind()
    {
        var flow = Kept() with { Possession = new PossessionState.Ready(PossessionPlan.KnownDeviceThenMobile) };
        _stage.Flows.Kept[flow.Id] = flow;

        var open = Assert.IsType<MobileAuthStarted.Open>(await BeginAsync(flow));

        Assert.Equal(
            [FlowEventCode.DeviceKeyUnavailable, FlowEventCode.MobileAuthBegun], open.Flow.Timeline.Select(happened => happened.Code));
    }

    public static TheoryData<NumberAnswer, string?, string> Answers => new()
    {
        { new NumberAnswer.SameNumber(), null, FlowEventCode.PossessionProven },
        { new NumberAnswer.OtherNumber(), FlowReason.AnotherNumber, FlowEventCode.MobileAuthRefused },
        { new NumberAnswer.NotAvailable(FlowReason.ConsentMissing), FlowReason.ConsentMissing, FlowEventCode.MobileAuthUnavailable },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task The_networks_answer_proves_or_a_code_follows(NumberAnswer answer, string? reason, string code)
    {
        _network.Answer = answer;
        var flow = await BegunAsync();

        var after = await _calls.FinishAsync(flow, _network.Proof, Test);

        var fact = after.Timeline.First(happened => happened.Code != FlowEventCode.MobileAuthBegun);
        Assert.Equal((code, reason), (fact.Code, fact.Reason));
        Assert.Equal(answer is NumberAnswer.SameNumber, after.Tail is VerifiedUserState.Done);
        Assert.Equal(answer is NumberAnswer.SameNumber ? null : PossessionMethod.Otp, after.CurrentMethod);
    }

    [Theory]
    [InlineData("another flow's")]
    [InlineData("")]
    public async Task What_another_browser_brings_is_not_shown_to_the_network(string returned)
    {
        _network.Answer = new NumberAnswer.SameNumber();
        var flow = await BegunAsync();

        var after = await _calls.FinishAsync(flow, new Secret(returned), Test);

        Assert.Equal((PossessionMethod.Otp, FlowReason.AnotherFlow), (after.CurrentMethod, after.Timeline[^1].Reason));
        Assert.Equal(0, _network.Completed);
    }

    [Fact]
    public async Task What_comes_back_when_nothing_is_out_changes_nothing()
    {
        var flow = Kept();

        Assert.Same(flow, await _calls.FinishAsync(flow, new Secret("proof"), Test));
    }

    private Flow Kept()
    {
        var flow = Sample.Flow();
        _stage.Flows.Kept[flow.Id] = flow;
        return flow;
    }

    private Task<MobileAuthStarted> BeginAsync(
        Flow flow, MobileAuthTransport transport = MobileAuthTransport.Fetch, string returnUrl = Page) =>
        _calls.BeginAsync(flow, _settings, new BrowserConnection(IPAddress.Loopback, transport, returnUrl), Test);

    private async Task<Flow> BegunAsync() => Assert.IsType<MobileAuthStarted.Open>(await BeginAsync(Kept())).Flow;

    /// <summary>Gives the browser its proof and gets it back.</summary>
    private sealed class Network : INumberVerifier
    {
        public bool MayVerify(PhoneNumber number) => true;

        public string? Refusal { get; set; }

        public NumberAnswer? Answer { get; set; }

        public BrowserConnection? Asked { get; private set; }

        public Secret Proof { get; private set; }

        public int Completed { get; private set; }

        public Task<NumberCheck> BeginAsync(Flow flow, Secret proof, BrowserConnection browser, CancellationToken cancellationToken)
        {
            (Asked, Proof) = (browser, proof);
            return Task.FromResult<NumberCheck>(
                Refusal is { } why ? new NumberCheck.NotAvailable(why) : new NumberCheck.Open("https://network.example/"));
        }

        public Secret? ReadProof(Flow flow, Secret returned) => returned.Reveal().Length > 0 ? returned : null;

        public Task<NumberAnswer> CompleteAsync(Flow flow, Secret returned, CancellationToken cancellationToken)
        {
            Completed++;
            return Task.FromResult(Answer!);
        }
    }
}
