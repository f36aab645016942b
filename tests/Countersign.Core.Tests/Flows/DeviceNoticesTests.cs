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
