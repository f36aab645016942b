using System.Text;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Limits;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.VerifiedUser;
using Countersign.Core.VerifiedUser.Calls;

namespace Countersign.Core.Tests.Flows;

/// <summary>Beginning a flow, by the simplest of the products.</summary>
public sealed class FlowStarterTests
{
    private static readonly Admission.Admitted _admitted = new(PhoneNumber.Parse("+12025550142"));
    private static readonly KeyedCall _keyed = new(Sample.Hash(1), Sample.Hash(2), Sample.Now, Sample.Now.AddDays(-1));

    [Fact]
    public async Task A_flow_that_is_begun_is_stored_answered_and_told()
    {
        var stage = new FlowStage();

        var outcome = await StartAsync(stage, FlowType.Mobile);

        var flow = Assert.Single(stage.Flows.Kept.Values);
        Assert.Equal(Says(flow.Id, "AwaitingPossession", null), SaidBy(outcome));
        Assert.Equal(Sample.Now + stage.Options.FlowLife, flow.ExpiresAt);
        Assert.Equal([flow], stage.Journal.Begun);
        Assert.Empty(stage.Flows.Answers);
    }

    [Fact]
    public async Task A_flow_without_possession_check_has_its_result_before_it_is_answered()
    {
        var stage = new FlowStage { Identity = new IdentityAnswer(IdentityMatch.Matched) };

        var outcome = await StartAsync(stage, FlowType.None);

        var flow = Assert.Single(stage.Flows.Kept.Values);
        Assert.Equal(IdentityMatch.Matched, Assert.IsType<VerifiedUserState.Done>(flow.Tail).Identity?.Match);
        Assert.Equal(Says(flow.Id, "Done", null), SaidBy(outcome));
    }

    [Fact]
    public async Task A_number_that_proves_itself_is_answered_as_pending_and_stored_as_done()
    {
        var stage = new FlowStage();

        var outcome = await StartAsync(stage, FlowType.Mobile, _admitted with { ProvesItself = true });

        var flow = Assert.Single(stage.Flows.Kept.Values);
        Assert.IsType<PossessionState.Succeeded>(flow.Possession);
        Assert.IsType<VerifiedUserState.Done>(flow.Tail);
        Assert.Equal(Says(flow.Id, "AwaitingPossession", null), SaidBy(outcome));
    }

    [Fact]
    public async Task Only_a_desktop_of_a_project_that_matches_links_gets_digits_and_the_flow_their_hash()
    {
        var stage = new FlowStage
        {
            Project = FlowStage.Shop with { Settings = new ProjectSettings { LinkConfirmation = LinkConfirmation.Match } }
        };

        var desktop = SaidBy(await StartAsync(stage, FlowType.Desktop));
        var mobile = SaidBy(await StartAsync(stage, FlowType.Mobile));

        var digits = desktop.Split(' ')[^1];
        var flow = stage.Flows.Kept.Values.Single(kept => kept.Type == FlowType.Desktop);
        Assert.Matches("^[0-9]{6}$", digits);
        Assert.NotNull(flow.MatchDigits);
        Assert.EndsWith("no-digits", mobile, StringComparison.Ordinal);
        Assert.Null(stage.Flows.Kept.Values.Single(kept => kept.Type == FlowType.Mobile).MatchDigits);
    }

    [Fact]
    public async Task The_answer_of_a_keyed_call_is_stored_together_with_its_flow()
    {
        var stage = new FlowStage();

        var outcome = await StartAsync(stage, FlowType.Mobile, keyed: _keyed);

        var kept = Assert.Single(stage.Flows.Answers);
        Assert.Equal(_keyed, kept.Call);
        Assert.Equal(SaidBy(outcome), Encoding.UTF8.GetString(kept.Body));
        Assert.Single(stage.Flows.Kept);
    }

    [Fact]
    public async Task A_keyed_call_that_another_was_before_begins_nothing()
    {
        var first = new Remembered.OtherBody();
        var stage = new FlowStage { Flows = new MemoryFlows { First = first } };

        var outcome = await StartAsync(stage, FlowType.Mobile, keyed: _keyed);

        Assert.Equal(new StartOutcome.Repeated(first), outcome);
        Assert.Empty(stage.Flows.Kept);
        Assert.Empty(stage.Journal.Begun);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_made_leaves_no_flow()
    {
        var stage = new FlowStage();

        await Assert.ThrowsAsync<UnavailableException>(() =>
            StartAsync(stage, FlowType.Mobile, answer: (_, _, _) => throw new UnavailableException("no key", TimeSpan.Zero)));

        Assert.Empty(stage.Flows.Kept);
        Assert.Empty(stage.Journal.Begun);
    }

    [Fact]
    public async Task A_number_that_is_refused_begins_nothing()
    {
        var stage = new FlowStage();
        var refused = new Admission.Refused("no such line");

        var outcome = await StartAsync(stage, FlowType.Mobile, refused);

        Assert.Equal(new StartOutcome.Refused(refused), outcome);
        Assert.Empty(stage.Flows.Kept);
    }

    [Fact]
    public async Task Where_no_text_may_be_sent_a_flow_does_not_begin_unless_its_number_proves_itself()
    {
        var stage = new FlowStage(new TextLimitOptions { PerHour = 0 });

        var outcome = await StartAsync(stage, FlowType.Mobile);

        Assert.Equal([Assert.IsType<StartOutcome.Limited>(outcome).Reached], stage.Journal.Limits);
        Assert.Empty(stage.Flows.Kept);
        Assert.IsType<StartOutcome.Started>(await StartAsync(stage, FlowType.Mobile, _admitted with { ProvesItself = true }));
    }

    [Fact]
    public async Task A_call_that_is_refused_is_told_with_what_it_said_of_itself()
    {
        var stage = new FlowStage(new TextLimitOptions { PerHour = 0 });
        var refused = new Admission.Refused("no such line");

        await StartAsync(stage, FlowType.Mobile, refused);
        var limited = Assert.IsType<StartOutcome.Limited>(await StartAsync(stage, FlowType.Mobile));

        var told = new RefusedCall(FlowStage.Shop.Id, Product.VerifiedUsers, FlowType.Mobile, "2025550142", Sample.Now)
        {
            Client = ClientId.Parse("client"), ClientRequestId = "order-1", ClientCustomerId = "customer-1",
        };
        Assert.Equal(
            [told with { Admission = refused }, told with { Number = "+12025550142", Reached = limited.Reached }], stage.Journal.Refused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_challenge_that_the_relying_party_names_counts_for_one_call(bool isPassed)
    {
        var stage = new FlowStage();
        var challenge = new ChallengeOutcome("challenge-1", isPassed);

        await StartAsync(stage, FlowType.Mobile, challenge: challenge);
        var second = await StartAsync(stage, FlowType.Mobile, challenge: challenge);
        await StartAsync(stage, FlowType.Mobile);

        Assert.IsType<StartOutcome.ChallengeTaken>(second);
        Assert.Equal([isPassed, false], stage.Flows.Kept.Values.Select(flow => flow.IsChallengePassed));
    }

    /// <summary>A source that is down has told nobody anything.</summary>
    [Theory]
    [InlineData(IdentityMatch.Matched, false, true)]
    [InlineData(IdentityMatch.NotAvailable, true, true)]
    [InlineData(IdentityMatch.Differs, false, false)]
    [InlineData(IdentityMatch.NotAvailable, false, false)]
    public async Task A_name_that_was_tried_counts_unless_it_was_right_or_nobody_could_be_asked(
        IdentityMatch match, bool isSourceDown, bool mayTryAnother)
    {
        var stage = new FlowStage { Identity = new IdentityAnswer(match, isSourceDown), Budget = { NamesPerProject = 1 } };
        await StartAsync(stage, FlowType.None);

        var another = await StartAsync(stage, FlowType.None, name: "Laura");

        Assert.Equal(mayTryAnother, another is StartOutcome.Started);
        Assert.Equal(mayTryAnother ? [] : [LimitRule.NamesOfProject], stage.Journal.Limits.Select(reached => reached.Rule));
    }

    [Theory]
    [InlineData("The call's ####", "The project's ####", "The call's ####")]
    [InlineData(null, "The project's ####", "The project's ####")]
    [InlineData(null, null, null)]
    public async Task The_wording_of_the_call_goes_before_the_projects(string? ofCall, string? ofProject, string? expected)
    {
        var stage = new FlowStage { Project = FlowStage.Shop with { Settings = new ProjectSettings { OtpText = ofProject } } };

        await StartAsync(stage, FlowType.Mobile, wording: ofCall);

        Assert.Equal(expected, Assert.Single(stage.Flows.Kept.Values).SmsMessage);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("a fixed line", true)]
    public async Task A_flow_of_a_line_without_texts_knows_and_has_no_code_in_its_plan(string? noText, bool takesNoText)
    {
        var stage = new FlowStage();

        await StartAsync(stage, FlowType.Mobile, _admitted with { NoText = noText, HasOperator = true });

        var flow = Assert.Single(stage.Flows.Kept.Values);
        Assert.Equal((takesNoText, takesNoText), (flow.TakesNoText, flow.PlanLeft?.From(PossessionMethod.Otp) is null));
        Assert.Equal(PossessionMethod.MobileAuth, flow.CurrentMethod);
    }

    [Theory]
    [InlineData(FlowType.Desktop, false)]
    [InlineData(FlowType.Mobile, false)]
    [InlineData(FlowType.None, true)]
    public async Task A_line_without_texts_is_admitted_where_none_is_needed(FlowType type, bool begins)
    {
        var outcome = await StartAsync(new FlowStage(), type, _admitted with { NoText = "a fixed line" });

        Assert.Equal(begins, outcome is StartOutcome.Started);
        Assert.True(begins || outcome == new StartOutcome.Refused(new Admission.Refused("a fixed line")));
    }

    private static Task<StartOutcome> StartAsync(
        FlowStage stage, FlowType type, Admission? admission = null, KeyedCall? keyed = null, StartAnswer? answer = null,
        string name = "Lori", string? wording = null, ChallengeOutcome? challenge = null) =>
        new VerifyStarter(new Admits(admission ?? _admitted), stage.Starter).StartAsync(
            stage.Project,
            new VerifyRequest(
                new FlowStart(
                    type, "https://shop.example/", wording, AllowsOtpRetry: false, ClientId.Parse("client"), Challenge: challenge),
                "2025550142", new PersonName(name, "Ray"), "customer-1", "order-1"),
            answer ?? AnswerAsync, keyed, TestContext.Current.CancellationToken);

    private static ValueTask<byte[]> AnswerAsync(Flow flow, Secret? digits, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Encoding.UTF8.GetBytes(Says(flow.Id, flow.Tail.GetType().Name, digits)));

    private static string Says(CorrelationId id, string state, Secret? digits) => $"{id} {state} {digits?.Reveal() ?? "no-digits"}";

    private static string SaidBy(StartOutcome outcome) => Encoding.UTF8.GetString(Assert.IsType<StartOutcome.Started>(outcome).Answer);
}
