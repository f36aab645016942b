using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;
using Countersign.Core.Unify;

namespace Countersign.Core.Tests.Flows;

public sealed class DeviceNoticesTests
{
    [Theory]
    [InlineData("Shop", true)]
    [InlineData("Müller & Söhne", true)]
    // Thirty-seven letters twice and what is said are one segment.
    [InlineData("The Very Long Name of a Shop in Town", true)]
    [InlineData("The Very Much Longer Name of a Shop in Town", false)]
    // No letters of the GSM alphabet: a second segment, of 70 characters.
    [InlineData("Магазин", false)]
    // Phones would make a link of it.
    [InlineData("shop.example.com", false)]
    public void The_project_is_named_where_one_segment_holds_it_and_no_phone_makes_a_link_of_it(string name, bool isNamed)
    {
        var text = DeviceNotices.TextFor(name, []);

        Assert.Equal((SmsEncoding.Gsm7, 1), (SmsAlphabet.EncodingOf(text), SmsAlphabet.CountSegments(text)));
        Assert.Equal(isNamed, text.StartsWith(name + ":", StringComparison.Ordinal));
        Assert.Null(Wording.Problem(text, []));
    }

    [Fact]
    public void A_name_that_may_stand_in_the_projects_texts_may_stand_in_this_one() =>
        Assert.StartsWith("shop.com:", DeviceNotices.TextFor("shop.com", ["shop.com"]), StringComparison.Ordinal);

    [Fact]
    public void The_person_is_told_what_has_happened_and_whom_to_turn_to()
    {
        Assert.Equal(
            "Shop: a browser was remembered and needs no code for this number any more. Not you? Tell Shop.",
            DeviceNotices.TextFor("Shop", []));
        Assert.Equal(
            "A browser was remembered and needs no code for this number any more. Not you? Tell the service that you entered a code for.",
            DeviceNotices.TextFor("shop.example.com", []));
    }

    [Fact]
    public async Task The_notice_is_a_text_of_its_flow_and_is_worth_sending_for_as_long_as_one_lives()
    {
        var stage = Telling();
        stage.Clock.Now = Sample.Now.AddSeconds(30);
        var flow = Entering(stage, expiresIn: TimeSpan.FromMinutes(10)) with { ClientRequestId = "order-1" };
        stage.Flows.Kept[flow.Id] = flow;

        await EnterAsync(stage, flow);

        var text = Assert.Single(stage.Texts.Kept).Text;
        Assert.Equal(
            new OutgoingText(
                text.Id, flow.Id, flow.Number, TextKind.DeviceNotice, new Secret(DeviceNotices.TextFor("Shop", [])), new Secret(""),
                stage.Clock.Now, stage.Clock.Now.AddMinutes(15))
            {
                Project = flow.ProjectId, Subject = new FlowSubject(Product.Unify, FlowType.Mobile, HasClientRequestId: true),
            },
            text);
    }

    /// <summary>Only who can be talked out of a code or a link needs to be told.</summary>
    [Theory]
    [InlineData("otp", true)]
    [InlineData("instant-link", true)]
    [InlineData("mobile-auth", false)]
    [InlineData("device-key", false)]
    public async Task A_phone_is_told_of_a_browser_whose_person_was_sent_a_text(string method, bool isTold)
    {
        var stage = Telling();
        var notices = new DeviceNotices(stage.Projects, new PublicAddress(() => "https://id.example"), stage.Options, stage.Keys);
        var proven = stage.BeginUnify() with { Possession = new PossessionState.Succeeded(new PossessionMethod(method)) };

        Assert.Equal(isTold, await notices.OfAsync(proven, stage.Clock.Now, Test) is not null);
        Assert.Null(await notices.OfAsync(stage.BeginUnify(), stage.Clock.Now, Test));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_was_proven_in_a_flows_last_moment_is_tied_and_told_once(bool isGivenUpBefore)
    {
        var stage = Telling();
        var flow = Entering(stage, expiresIn: TimeSpan.FromSeconds(1));
        stage.Devices.WhenTied = async () =>
        {
            stage.Clock.Now = flow.ExpiresAt;
            if (isGivenUpBefore)
            {
                await stage.Runner.CatchUpAsync(flow.Id, Test);
            }
        };

        await EnterAsync(stage, flow);
        await stage.Runner.CatchUpAsync(flow.Id, Test);

        var kept = stage.Flows.Kept[flow.Id];
        Assert.Equal(FlowEventCode.BindingDone, kept.Timeline[^1].Code);
        Assert.Equal(!isGivenUpBefore, kept.Tail is UnifyProgress { State: UnifyState.Done { Identity.DeviceId: not null } });
        Assert.Equal(TextKind.DeviceNotice, Assert.Single(stage.Texts.Kept).Text.Kind);
    }

    [Fact]
    public async Task Where_two_calls_tie_the_same_browser_its_phone_is_told_once()
    {
        var stage = Telling();
        var flow = Entering(stage, expiresIn: TimeSpan.FromMinutes(10));
        stage.Devices.WhenTied = async () =>
        {
            stage.Devices.WhenTied = () => Task.CompletedTask;
            stage.Clock.Now += UnifyMachine.BindTime;
            await stage.Runner.CatchUpAsync(flow.Id, Test);
        };

        await EnterAsync(stage, flow);

        Assert.Single(stage.Texts.Kept);
        Assert.Single(stage.Flows.Kept[flow.Id].Timeline, fact => fact.Code == FlowEventCode.BindingDone);
    }

    [Fact]
    public async Task Where_two_calls_tie_the_browser_of_a_flow_that_was_given_up_its_phone_is_told_once()
    {
        var stage = Telling();
        var flow = Entering(stage, expiresIn: TimeSpan.FromMinutes(10));
        stage.Devices.WhenTied = async () =>
        {
            stage.Devices.WhenTied = async () =>
            {
                stage.Devices.WhenTied = () => Task.CompletedTask;
                stage.Clock.Now = flow.ExpiresAt;
                await stage.Runner.CatchUpAsync(flow.Id, Test);
            };
            stage.Clock.Now += UnifyMachine.BindTime;
            await stage.Runner.CatchUpAsync(flow.Id, Test);
        };

        await EnterAsync(stage, flow);

        Assert.Single(stage.Texts.Kept);
        Assert.Single(stage.Flows.Kept[flow.Id].Timeline, fact => fact.Code == FlowEventCode.BindingDone);
    }

    [Fact]
    public async Task Where_a_flow_was_given_up_and_its_browser_was_remembered_already_there_is_nothing_to_tell()
    {
        var stage = Telling();
        var flow = Entering(stage, expiresIn: TimeSpan.FromMinutes(10));
        var person = await stage.Identities.ObtainAsync(flow.ProjectId, flow.Number, Sample.Now, Test);
        stage.Flows.Kept[flow.Id] = flow with { Tail = (UnifyProgress)flow.Tail with { RememberedFor = person.Id } };
        stage.Devices.WhenTied = async () =>
        {
            stage.Clock.Now = flow.ExpiresAt;
            await stage.Runner.CatchUpAsync(flow.Id, Test);
        };

        await EnterAsync(stage, flow);

        Assert.Empty(stage.Texts.Kept);
        Assert.DoesNotContain(stage.Flows.Kept[flow.Id].Timeline, fact => fact.Code == FlowEventCode.BindingDone);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task A_browser_that_was_remembered_already_is_no_news(bool isThisPersons, int notices)
    {
        var stage = Telling();
        var flow = Entering(stage, expiresIn: TimeSpan.FromMinutes(10));
        var person = await stage.Identities.ObtainAsync(flow.ProjectId, flow.Number, Sample.Now, Test);
        var progress = (UnifyProgress)flow.Tail;
        stage.Flows.Kept[flow.Id] = flow with
        {
            Tail = progress with { RememberedFor = isThisPersons ? person.Id : Guid.NewGuid() },
        };

        var done = await EnterAsync(stage, flow);

        Assert.Equal(progress.DeviceId, ((done?.Tail as UnifyProgress)?.State as UnifyState.Done)?.Identity?.DeviceId);
        Assert.Equal(notices, stage.Texts.Kept.Count);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private static FlowStage Telling() =>
        new() { Project = FlowStage.Shop with { Settings = new ProjectSettings { DeviceNotice = DeviceNotice.On } } };

    /// <summary>A flow whose browser has registered a key, and whose person is about to enter a code.</summary>
    private static Flow Entering(FlowStage stage, TimeSpan expiresIn)
    {
        var device = new Device(Guid.CreateVersion7(Sample.Now), FlowStage.Shop.Id, "key", [1], Sample.Now);
        stage.Devices.Devices[device.Id] = device;
        return stage.BeginUnify(begun => (begun with
        {
            ExpiresAt = Sample.Now + expiresIn,
            Tail = (UnifyProgress)begun.Tail with { DeviceId = device.Id },
        }).After(new PossessionEvent.ChallengeSent(PossessionMethod.Otp, Sample.Challenge()), Sample.Now));
    }

    private static Task<Flow?> EnterAsync(FlowStage stage, Flow flow) => stage.Runner.ChangeAsync(
        flow.Id, (present, now) => present.After(new PossessionEvent.ProofAccepted(), now), Test);
}
