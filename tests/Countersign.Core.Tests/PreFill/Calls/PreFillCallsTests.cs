using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.PreFill.Calls;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.PreFill.Calls;

public sealed class PreFillCallsTests
{
    private static readonly Person _lori = new(new PersonName("Lori", "Montgomery"), [], []);
    private static readonly PartialDate _birthday = PartialDate.Parse("1981-01");
    private static readonly Ssn _ssn = Ssn.Parse("0596");

    private readonly FlowStage _stage = new();
    private readonly Records _records = new();
    private readonly PreFillCalls _calls;

    public PreFillCallsTests() => _calls = new PreFillCalls(_stage.Runner, _records, _stage.Checks);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StartShape.PreFill, typeof(PreFillState.AwaitingChallenge))]
    [InlineData(StartShape.Identity, typeof(PreFillState.AwaitingComplete))]
    public async Task What_follows_validate_is_the_flows_shape(StartShape shape, Type expected)
    {
        var flow = Keep(new PreFillState.Proven(), shape);

        var validated = await _calls.ValidateAsync(flow.Id, Test);

        Assert.IsType(expected, StateOf(validated!));
        Assert.Equal(expected, StateOf((await _calls.ValidateAsync(flow.Id, Test))!).GetType());
        Assert.Single(_stage.Flows.Kept[flow.Id].Timeline);
        Assert.Null(await _calls.ValidateAsync(CorrelationId.New(Sample.Now), Test));
    }

    [Fact]
    public async Task A_challenge_is_answered_once_and_then_complete_follows()
    {
        var flow = Keep(new PreFillState.AwaitingChallenge());

        var answered = Assert.IsType<CallOutcome<PersonAnswer>.Answered>(await ChallengeAsync(flow));

        Assert.Equal(new PersonAnswer.Found(_lori), answered.Answer);
        Assert.Equal(new PreFillState.AwaitingComplete(IsChallenged: true), StateOf(_stage.Flows.Kept[flow.Id]));
        Assert.IsType<CallOutcome<PersonAnswer>.OutOfOrder>(await ChallengeAsync(flow));
        Assert.Single(_records.Asked);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task What_is_given_at_the_challenge_replaces_what_was_given_at_the_start(bool hasDate, bool hasSsn)
    {
        var flow = Keep(new PreFillState.AwaitingChallenge(), birthDate: _birthday, ssn: _ssn);
        var (otherDate, otherSsn) = (PartialDate.Parse("1990-02"), Ssn.Parse("1234"));

        await _calls.ChallengeAsync(flow.Id, hasDate ? otherDate : null, hasSsn ? otherSsn : null, Test);

        Assert.Equal([(hasDate ? otherDate : _birthday, hasSsn ? otherSsn : _ssn)], _records.Asked);
    }

    [Fact]
    public async Task With_nothing_to_compare_nothing_is_asked_and_nothing_counted()
    {
        var flow = Keep(new PreFillState.AwaitingChallenge());

        Assert.IsType<CallOutcome<PersonAnswer>.Incomplete>(await _calls.ChallengeAsync(flow.Id, null, null, Test));

        Assert.Equal(flow, _stage.Flows.Kept[flow.Id]);
        Assert.IsType<CallOutcome<PersonAnswer>.Answered>(await ChallengeAsync(flow));
    }

    [Fact]
    public async Task Complete_comes_after_the_challenge_and_once()
    {
        var early = Keep(new PreFillState.AwaitingChallenge());
        var flow = Keep(new PreFillState.AwaitingComplete(IsChallenged: true));

        Assert.IsType<CallOutcome<PersonCheck>.OutOfOrder>(await _calls.CompleteAsync(early.Id, _lori, Test));
        Assert.IsType<CallOutcome<PersonCheck>.Answered>(await _calls.CompleteAsync(flow.Id, _lori, Test));
        Assert.IsType<CallOutcome<PersonCheck>.OutOfOrder>(await _calls.CompleteAsync(flow.Id, _lori, Test));
        Assert.IsType<PreFillState.Completed>(StateOf(_stage.Flows.Kept[flow.Id]));
    }

    /// <summary>From the day on which it was said whose a number is, the operator is asked whether it has changed hands.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(null, false)]
    public async Task Only_a_person_who_was_confirmed_says_whose_the_number_is(bool? isRight, bool isVerified)
    {
        _records.Check = isRight is null ? new PersonCheck.NotFound()
            : new PersonCheck.Compared(new PersonComparison { GivenName = isRight, FamilyName = isRight });
        var asked = Keep(new PreFillState.AwaitingChallenge());
        await ChallengeAsync(asked);
        Assert.Empty(_stage.LastVerified);
        var flow = Keep(new PreFillState.AwaitingComplete(IsChallenged: true));

        var answered = Assert.IsType<CallOutcome<PersonCheck>.Answered>(await _calls.CompleteAsync(flow.Id, _lori, Test));

        Assert.Equal(_records.Check, answered.Answer);
        Assert.Equal(isVerified ? [flow.Number] : [], _stage.LastVerified.Keys);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task The_relying_party_is_told_whether_the_answer_is_about_another_number(bool isChanged, bool isRefused)
    {
        _stage.Project = FlowStage.Shop with
        {
            Settings = new ProjectSettings { Risk = new RiskPolicy { SimSwap = RiskRule.Refuse } },
        };
        _stage.Risk = new PhoneRisk(WasSimSwapped: isRefused);
        var flow = Keep(new PreFillState.AwaitingComplete(IsChallenged: true));
        _stage.Flows.Kept[flow.Id] = flow with { IsNumberChanged = isChanged };

        var outcome = await _calls.CompleteAsync(flow.Id, _lori, Test);

        Assert.Equal(
            (isChanged, isRefused),
            outcome is CallOutcome<PersonCheck>.Refused refused
                ? (refused.IsNumberChanged, true)
                : (Assert.IsType<CallOutcome<PersonCheck>.Answered>(outcome).IsNumberChanged, false));
    }

    [Fact]
    public async Task A_flow_that_is_gone_before_its_answer_comes_is_unknown()
    {
        var flow = Keep(new PreFillState.AwaitingChallenge());
        _records.While = () =>
        {
            _stage.Flows.Kept.Clear();
            return Task.CompletedTask;
        };

        Assert.IsType<CallOutcome<PersonAnswer>.UnknownFlow>(await ChallengeAsync(flow));
    }

    [Fact]
    public async Task Unknown_flows_and_those_of_other_products_get_no_answer()
    {
        var verify = Sample.Flow();
        _stage.Flows.Kept[verify.Id] = verify;

        Assert.IsType<CallOutcome<PersonAnswer>.UnknownFlow>(
            await _calls.ChallengeAsync(CorrelationId.New(Sample.Now), _birthday, null, Test));
        Assert.IsType<CallOutcome<PersonAnswer>.OutOfOrder>(await ChallengeAsync(verify));
        Assert.Empty(_records.Asked);
    }

    [Fact]
    public async Task Where_the_project_does_not_accept_the_possession_nobody_is_asked()
    {
        _stage.Project = FlowStage.Shop with
        {
            Settings = new ProjectSettings { Risk = new RiskPolicy { SimSwap = RiskRule.Refuse } },
        };
        _stage.Risk = new PhoneRisk(WasSimSwapped: true);
        var flow = Keep(new PreFillState.AwaitingChallenge());

        var refused = Assert.IsType<CallOutcome<PersonAnswer>.Refused>(await ChallengeAsync(flow));

        Assert.Equal([RiskSignal.SimSwap], refused.Refusal.Signals);
        Assert.Empty(_records.Asked);
        Assert.Equal(
            (FlowEventCode.PossessionNotAccepted, FlowReason.SimSwap),
            (_stage.Flows.Kept[flow.Id].Timeline[^1].Code, _stage.Flows.Kept[flow.Id].Timeline[^1].Reason));
    }

    [Fact]
    public async Task Who_takes_too_long_is_taken_over_and_of_two_answers_one_is_given()
    {
        var flow = Keep(new PreFillState.AwaitingChallenge());
        CallOutcome<PersonAnswer>? second = null;
        _records.While = async () =>
        {
            _records.While = null;
            _stage.Clock.Now = Sample.Now + PreFillMachine.AnswerTime;
            second = await ChallengeAsync(flow);
        };

        var first = await ChallengeAsync(flow);

        Assert.IsType<CallOutcome<PersonAnswer>.Answered>(second);
        Assert.IsType<CallOutcome<PersonAnswer>.OutOfOrder>(first);
    }

    private Task<CallOutcome<PersonAnswer>> ChallengeAsync(Flow flow) => _calls.ChallengeAsync(flow.Id, _birthday, null, Test);

    private static PreFillState StateOf(Flow flow) => ((PreFillProgress)flow.Tail).State;

    private Flow Keep(
        PreFillState state, StartShape shape = StartShape.PreFill, PartialDate? birthDate = null, Ssn? ssn = null)
    {
        var flow = Sample.Flow() with
        {
            Name = null,
            Possession = new PossessionState.Succeeded(PossessionMethod.Otp),
            Tail = new PreFillProgress(shape, state, birthDate, ssn),
        };
        _stage.Flows.Kept[flow.Id] = flow;
        return flow;
    }

    /// <summary>Has Lori behind every number.</summary>
    private sealed class Records : IPersonSource
    {
        public List<(PartialDate? BirthDate, Ssn? Ssn)> Asked { get; } = [];

        public Func<Task>? While { get; set; }

        public PersonCheck Check { get; set; } = new PersonCheck.NotFound();

        public async Task<PersonAnswer> FindAsync(
            PhoneNumber number, ProjectId project, PartialDate? birthDate, Ssn? ssn, CancellationToken cancellationToken)
        {
            Asked.Add((birthDate, ssn));
            await (While?.Invoke() ?? Task.CompletedTask);
            return new PersonAnswer.Found(_lori);
        }

        public Task<PersonCheck> CheckAsync(
            PhoneNumber number, ProjectId project, Person described, MatchPolicy policy, CancellationToken cancellationToken) =>
            Task.FromResult(Check);
    }
}
