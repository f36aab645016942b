using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;
using Countersign.Core.Numbers;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Scenarios;

namespace Countersign.Providers.Scenarios;

/// <summary>Admits every number. The flow's own is as the scenario says; another that a person gives takes texts.</summary>
internal sealed class ScenarioAdmission(ScenarioScript script) : INumberAdmission
{
    public Task<Admission> AdmitAsync(string text, NumberUse use, CancellationToken cancellationToken)
    {
        var flow = script.Flow;
        var isStart = script.Step.Do == ScenarioActs.Start;
        return Task.FromResult<Admission>(new Admission.Admitted(
            PhoneNumber.Parse(text), isStart && flow.ProvesItself,
            flow.Shape is { } shape ? ScenarioWords.Shapes[shape] : null,
            NoText: isStart && flow.TakesNoText ? "no text arrives at this line" : null, HasOperator: true));
    }
}

/// <summary>The mobile network answers as the step says that asks it.</summary>
internal sealed class ScenarioNetwork(ScenarioScript script) : INumberVerifier
{
    public bool MayVerify(PhoneNumber number) => true;

    public Task<NumberCheck> BeginAsync(Flow flow, Secret proof, BrowserConnection browser, CancellationToken cancellationToken)
    {
        if (script.Step.Answer != ScenarioActs.Open)
        {
            return Task.FromResult<NumberCheck>(new NumberCheck.NotAvailable(script.Step.Reason ?? ScenarioWords.Other));
        }
        script.NetworkProof = proof;
        return Task.FromResult<NumberCheck>(new NumberCheck.Open("https://operator.example/check"));
    }

    public Secret? ReadProof(Flow flow, Secret returned) => returned;

    public Task<NumberAnswer> CompleteAsync(Flow flow, Secret returned, CancellationToken cancellationToken) =>
        Task.FromResult<NumberAnswer>(script.Step.Answer switch
        {
            ScenarioActs.SameNumber => new NumberAnswer.SameNumber(),
            ScenarioActs.AnotherNumber => new NumberAnswer.OtherNumber(),
            _ => new NumberAnswer.NotAvailable(script.Step.Reason ?? ScenarioWords.Other),
        });
}

/// <summary>Whoever knows names and persons: each question waits for a step that answers it.</summary>
internal sealed class ScenarioSource(ScenarioCalls calls) : IIdentitySource, IPersonSource
{
    public async Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken) =>
        (IdentityAnswer)await calls.AskAsync(ScenarioActs.SourceAnswers);

    public async Task<PersonAnswer> FindAsync(
        PhoneNumber number, ProjectId project, PartialDate? birthDate, Ssn? ssn, CancellationToken cancellationToken)
    {
        await calls.AskAsync(ScenarioActs.SourceAnswers);
        return new PersonAnswer.NotFound();
    }

    public async Task<PersonCheck> CheckAsync(
        PhoneNumber number, ProjectId project, Person described, MatchPolicy policy, CancellationToken cancellationToken)
    {
        await calls.AskAsync(ScenarioActs.SourceAnswers);
        return new PersonCheck.NotFound();
    }

    /// <summary>The answer of a step.</summary>
    public static IdentityAnswer AnswerOf(ScenarioStep step)
    {
        var (match, isDown) = step.Answer switch
        {
            ScenarioActs.Matched => (IdentityMatch.Matched, false),
            ScenarioActs.Differs => (IdentityMatch.Differs, false),
            ScenarioActs.Down => (IdentityMatch.NotAvailable, true),
            _ => (IdentityMatch.NotAvailable, false),
        };
        var rule = step.Answer == ScenarioActs.NotComparable ? step.Rule ?? ScenarioWords.Other : step.Rule;
        return new IdentityAnswer(match, isDown, step.Source is { } source ? SourceName.Parse(source) : null, rule);
    }
}

/// <summary>Whoever knows what has happened to a number: a step answers where the answer decides something.</summary>
internal sealed class ScenarioRiskSource(ScenarioScript script, ScenarioCalls calls) : IPhoneRiskSource
{
    public async Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken) =>
        script.WaitsForRisk ? (PhoneRisk)await calls.AskAsync(ScenarioActs.RiskAnswers) : PhoneRisk.Unknown;

    /// <summary>What the project makes of signals.</summary>
    public static RiskPolicy? PolicyOf(ScenarioFlow flow)
    {
        return flow.Refuses is not { Count: > 0 } ? null : new RiskPolicy
        {
            SimSwap = Of(RiskSignal.SimSwap), SimSwapInWeek = Of(RiskSignal.SimSwapInWeek), Recycled = Of(RiskSignal.Recycled),
            VeryShortTenure = Of(RiskSignal.VeryShortTenure), ShortTenure = Of(RiskSignal.ShortTenure),
            RefusesUnknown = flow.RefusesUnknown,
        };

        RiskRule Of(RiskSignal signal) =>
            flow.Refuses!.Contains(ScenarioWords.Of(ScenarioWords.Signals, signal), StringComparer.Ordinal)
                ? RiskRule.Refuse : RiskRule.Report;
    }

    /// <summary>The answer of a step: what it does not name is known not to be.</summary>
    public static PhoneRisk AnswerOf(ScenarioStep step)
    {
        return new PhoneRisk(
            Of(RiskSignal.SimSwap), Of(RiskSignal.SimSwapInWeek), Of(RiskSignal.Recycled), Of(RiskSignal.VeryShortTenure),
            Of(RiskSignal.ShortTenure));

        bool? Of(RiskSignal signal)
        {
            var word = ScenarioWords.Of(ScenarioWords.Signals, signal);
            return step.Unknown?.Contains(word, StringComparer.Ordinal) == true ? null
                : step.Given?.Contains(word, StringComparer.Ordinal) == true;
        }
    }
}
