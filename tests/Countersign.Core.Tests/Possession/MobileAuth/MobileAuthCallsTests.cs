using System.Net;
using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.Possession.MobileAuth;

/// <summary>The method, and the calls that are made of it.</summary>
public sealed class MobileAuthCallsTests
{
    private const string Page = "https://shop.example/back";

    private static readonly ProjectSettings _settings = new() { WebOrigins = ["https://shop.example"] };

    private readonly FlowStage _stage = new();
    private readonly Network _network = new();
    private readonly DeviceKeyOptions _keys = new();
    private readonly MobileAuthCalls _calls;

    public MobileAuthCallsTests() => _calls = new MobileAuthCalls(
        new MobileAuthMethod(_network, _stage.Hasher, _stage.Options, _keys), _stage.Runner,
        new PublicAddress(() => "https://id.example"));

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

        var after = await _calls.FinishAsync(flow, _network.Proof, IPAddress.Loopback, Test);

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

        var after = await _calls.FinishAsync(flow, new Secret(returned), IPAddress.Loopback, Test);

        Assert.Equal((PossessionMethod.Otp, FlowReason.AnotherFlow), (after.CurrentMethod, after.Timeline[^1].Reason));
        Assert.Equal(0, _network.Completed);
    }

    [Fact]
    public async Task What_comes_back_when_nothing_is_out_changes_nothing()
    {
        var flow = Kept();

        Assert.Same(flow, await _calls.FinishAsync(flow, new Secret("proof"), IPAddress.Loopback, Test));
    }

    [Theory]
    [InlineData("198.51.100.7", "198.51.100.9", "198.51.100.200", true)]
    [InlineData("198.51.100.7", "198.51.101.7", "198.51.100.7", false)]
    [InlineData("198.51.100.7", "198.51.100.7", "198.51.99.7", false)]
    [InlineData("198.51.100.7", "2001:db8::7", "198.51.100.7", false)]
    [InlineData("2001:db8:1:2::7", "2001:db8:1:2:ffff::9", "2001:db8:1:2::1", true)]
    [InlineData("2001:db8:1:2::7", "2001:db8:1:3::7", "2001:db8:1:2::7", false)]
    [InlineData("::ffff:198.51.100.7", "198.51.100.8", "::ffff:198.51.100.9", true)]
    [InlineData("::ffff:198.51.100.7", "::ffff:198.51.101.8", "198.51.100.9", false)]
    [InlineData("198.51.100.7", null, "198.51.100.7", false)]
    [InlineData(null, null, null, false)]
    public async Task Of_a_check_that_nobody_saw_all_comes_from_one_network_or_a_code_follows(
        string? began, string? returned, string? finishes, bool isOne)
    {
        _network.Answer = new NumberAnswer.SameNumber();
        _network.Path = new BrowserPath(ClientNetwork.Of(AddressOf(began)), ClientNetwork.Of(AddressOf(returned)));
        var flow = await BegunAsync();

        var after = await _calls.FinishAsync(flow, _network.Proof, AddressOf(finishes), Test);

        Assert.Equal(isOne ? null : PossessionMethod.Otp, after.CurrentMethod);
        Assert.Equal(isOne ? null : FlowReason.OtherAddress, after.Timeline.Last(fact => fact.Code!.StartsWith(isOne ? 'p' : 'm')).Reason);
        // What came from elsewhere is not shown to the network, whose code would be used up.
        Assert.Equal(isOne ? 1 : 0, _network.Completed);
    }

    [Theory]
    [InlineData(MobileAuthTransport.Fetch, false, false)]
    [InlineData(MobileAuthTransport.Pixel, false, false)]
    [InlineData(MobileAuthTransport.Redirect, false, true)]
    [InlineData(MobileAuthTransport.Fetch, true, true)]
    public async Task What_nobody_saw_ties_no_device_unless_that_is_wanted(MobileAuthTransport transport, bool isWanted, bool isTied)
    {
        _keys.TieOnFetch = isWanted;
        _network.Answer = new NumberAnswer.SameNumber();
        var device = Guid.NewGuid();
        var flow = _stage.BeginUnify(begun => begun with { Tail = ((UnifyProgress)begun.Tail) with { DeviceId = device } });
        flow = Assert.IsType<MobileAuthStarted.Open>(await BeginAsync(flow, transport)).Flow;

        var after = await new MobileAuthMethod(_network, _stage.Hasher, _stage.Options, _keys).FinishAsync(
            flow, _network.Proof, IPAddress.Loopback, Sample.Now, Test);

        Assert.IsType<PossessionState.Succeeded>(after.Possession);
        Assert.Equal(isTied ? device : null, ((UnifyProgress)after.Tail).DeviceId);
        Assert.Equal(isTied ? 0 : 1, after.Timeline.Count(fact => fact.Code == FlowEventCode.DeviceLeftOut));
    }

    private static IPAddress? AddressOf(string? text) => text is null ? null : IPAddress.Parse(text);

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

        public BrowserPath? Path { get; set; }

        public BrowserPath? PathOf(Flow flow, Secret returned) => Path;

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
