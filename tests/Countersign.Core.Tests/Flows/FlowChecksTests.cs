using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.Flows;

public sealed class FlowChecksTests
{
    private static readonly DateTimeOffset _lastYear = Sample.Now.AddYears(-1);
    private static readonly DateTimeOffset _lastWeek = Sample.Now.AddDays(-7);

    private readonly FlowStage _stage = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>Whether the number changed hands, whether an identity holds it, what proved it.</summary>
    [Theory]
    [InlineData(false, false, "otp", true)]
    [InlineData(false, true, "device-key", true)]
    [InlineData(null, false, "otp", true)]
    [InlineData(null, false, "device-key", false)]
    [InlineData(null, true, "otp", false)]
    [InlineData(null, true, "device-key", false)]
    [InlineData(true, false, "otp", false)]
    [InlineData(true, false, "device-key", false)]
    [InlineData(true, true, "otp", false)]
    public async Task The_day_of_the_last_proof_moves_where_the_number_is_known_to_have_stayed_or_was_nobodys(
        bool? wasRecycled, bool isHeld, string method, bool moves)
    {
        _stage.Risk = PhoneRisk.Unknown with { WasRecycled = wasRecycled };
        if (isHeld)
        {
            KeepPerson();
        }

        await _stage.Checks.MatchAsync(Proven(method), Test);

        Assert.Equal(moves ? [Sample.Now] : [], _stage.LastVerified.Values);
    }

    [Theory]
    [InlineData(IdentityMatch.Matched, true, true)]
    [InlineData(IdentityMatch.Differs, true, false)]
    [InlineData(IdentityMatch.NotAvailable, true, false)]
    [InlineData(IdentityMatch.Matched, false, false)]
    public async Task The_day_of_the_last_proof_is_one_of_a_proof_that_said_whose_the_number_is(
        IdentityMatch match, bool isProven, bool moves)
    {
        _stage.Risk = PhoneRisk.Unknown with { WasRecycled = false };
        _stage.Identity = new IdentityAnswer(match);

        await _stage.Checks.MatchAsync(isProven ? Proven("otp") : Sample.Flow(FlowType.None), Test);

        Assert.Equal(moves ? [Sample.Now] : [], _stage.LastVerified.Values);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_operator_is_asked_since_the_last_proof_or_else_since_the_identity_began(bool isVerified, bool isHeld)
    {
        if (isVerified)
        {
            _stage.LastVerified[Sample.Flow().Number] = _lastWeek;
        }
        if (isHeld)
        {
            KeepPerson();
        }

        await _stage.Checks.MatchAsync(Proven("otp"), Test);

        DateTimeOffset? since = isVerified ? _lastWeek : isHeld ? _lastYear : null;
        Assert.Equal([new RiskQuestion(Sample.Flow().Number, since)], _stage.RiskQuestions);
    }

    /// <summary>What is known of the number, what proved it, and whether its identity leaves it.</summary>
    [Theory]
    [InlineData(true, "otp", true)]
    [InlineData(true, "instant-link", true)]
    [InlineData(true, "device-key", false)]
    [InlineData(false, "otp", false)]
    [InlineData(null, "otp", false)]
    public async Task A_number_that_changed_hands_is_left_when_it_is_shown_who_has_it_now(
        bool? wasRecycled, string method, bool leaves)
    {
        _stage.Risk = PhoneRisk.Unknown with { WasRecycled = wasRecycled };
        KeepPerson();

        await _stage.Checks.MatchAsync(Proven(method), Test);

        Assert.Equal(leaves ? Sample.Now : null, _stage.Identities.Kept[0].LeftNumberAt);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task An_own_check_shows_who_has_the_number_now_and_a_match_without_proof_does_not(bool isOwnCheck, bool leaves)
    {
        _stage.Risk = PhoneRisk.Unknown with { WasRecycled = true };
        KeepPerson();
        var flow = Sample.Flow(FlowType.None);
        flow = isOwnCheck ? flow with { Tail = new UnifyProgress(new UnifyState.Binding(Sample.Now)) } : flow;

        await _stage.Checks.AfterAsync(flow, () => Task.FromResult<string?>(""), _ => true, Test);

        Assert.Equal(leaves, _stage.Identities.Kept[0].LeftNumberAt is not null);
    }

    [Fact]
    public async Task A_flow_that_has_proven_nothing_shows_nobody()
    {
        _stage.Risk = PhoneRisk.Unknown with { WasRecycled = true };
        KeepPerson();

        await _stage.Checks.MatchAsync(Sample.Challenged(PossessionMethod.Otp), Test);

        Assert.Null(_stage.Identities.Kept[0].LeftNumberAt);
    }

    [Theory]
    [InlineData(RiskRule.Report, true)]
    [InlineData(RiskRule.Refuse, false)]
    public async Task The_identity_is_asked_for_beside_the_operator_where_nothing_can_be_refused(RiskRule rule, bool isBeside)
    {
        _stage.Project = FlowStage.Shop with { Settings = new ProjectSettings { Risk = new RiskPolicy { SimSwap = rule } } };
        var operatorAnswers = new TaskCompletionSource();
        _stage.OperatorAnswers = operatorAnswers.Task;

        var matching = _stage.Checks.MatchAsync(Proven("otp"), Test);
        Assert.Equal(isBeside ? 1 : 0, _stage.IdentityQuestions.Count);
        operatorAnswers.SetResult();
        await matching;

        Assert.Single(_stage.IdentityQuestions);
    }

    [Fact]
    public async Task Where_possession_is_refused_nobody_is_asked_and_nothing_is_kept()
    {
        _stage.Project = FlowStage.Shop with { Settings = new ProjectSettings { Risk = new RiskPolicy { SimSwap = RiskRule.Refuse } } };
        _stage.Risk = PhoneRisk.Unknown with { WasSimSwapped = true, WasRecycled = false };

        var answered = await _stage.Checks.MatchAsync(Proven("otp"), Test);

        Assert.Null(answered.Identity);
        Assert.Equal([RiskSignal.SimSwap], answered.Refusal?.Signals);
        Assert.Empty(_stage.IdentityQuestions);
        Assert.Empty(_stage.LastVerified);
    }

    [Theory]
    [InlineData(true, "family-differs")]
    [InlineData(false, "no-record-or-other-name")]
    public async Task What_the_record_says_is_told_to_who_has_shown_that_they_hold_the_number(bool isProven, string rule)
    {
        _stage.Identity = new IdentityAnswer(IdentityMatch.Differs, Rule: "family-differs");

        var answered = await _stage.Checks.MatchAsync(isProven ? Proven("otp") : Sample.Flow(FlowType.None), Test);

        Assert.Equal(rule, answered.Identity?.Rule);
        Assert.Equal((isProven, !isProven), (_stage.IdentityQuestions[0].IsPossessionProven, _stage.IdentityQuestions[0].HidesRecord));
    }

    private static Flow Proven(string method) => Sample.Flow() with
    {
        Possession = new PossessionState.Succeeded(new PossessionMethod(method)),
        Tail = new VerifiedUserState.Matching(Sample.Deadline),
    };

    /// <summary>Somebody has held the number since last year.</summary>
    private void KeepPerson() => _stage.Identities.Kept.Add(new ProjectIdentity(
        Guid.CreateVersion7(_lastYear), FlowStage.Shop.Id, Sample.Flow().Number, IdentityStatus.Active, _lastYear, new IdentityDetails()));
}
