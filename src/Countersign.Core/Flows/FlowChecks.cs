using Countersign.Core.Enrolments;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Flows;

/// <summary>
/// What is asked once possession is proven: what has happened to the number, and whose it is. The project's policies decide what is made of
/// it.
/// </summary>
public sealed class FlowChecks(
    IIdentitySource identity, IPhoneRiskSource risk, IProjectStore projects, IVerifiedNumbers verified, NumberSuccession succession,
    RecordPrivacy privacy, TimeProvider time)
{
    /// <summary>How much names may differ in a flow's project.</summary>
    public async Task<MatchPolicy> NamePolicyOfAsync(Flow flow, CancellationToken cancellationToken) =>
        (await SettingsAsync(flow, cancellationToken)).NamePolicy.ToMatchPolicy();

    /// <summary>Asks the identity source of a verify flow.</summary>
    public async Task<VerifiedUserEvent.IdentityAnswered> MatchAsync(Flow flow, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(flow, cancellationToken);
        var isProven = flow.Possession is PossessionState.Succeeded;
        var question = new IdentityQuestion(
            flow.Number, flow.ProjectId, flow.Name!, isProven, settings.NamePolicy.ToMatchPolicy(), privacy.Hides(settings, isProven));
        var (signals, refusal, answer) = await AfterAsync(
            flow, settings, () => identity.MatchAsync(question, cancellationToken), answer =>
                answer.Match == IdentityMatch.Matched, cancellationToken);
        Guards.Drop("I04", ref answer, () => answer is { IsSourceDown: true } ? new IdentityAnswer(IdentityMatch.Matched) : answer);
        // Before it is stored: no later answer about this flow has more to tell.
        return new VerifiedUserEvent.IdentityAnswered(question.HidesRecord ? answer?.WithoutRecord() : answer, signals, refusal);
    }

    /// <summary>Assesses a flow's number and does what follows from its possession, if the project accepts that.</summary>
    /// <param name="work">Done beside the assessment where nothing can be refused; after it where something can.</param>
    /// <param name="isVerified">
    /// True for a result that says whose the number is: from that day on the operator is asked whether it has changed hands, unless it may
    /// have by now.
    /// </param>
    public async Task<(PhoneRisk Risk, RiskRefusal? Refusal, T? Result)> AfterAsync<T>(
        Flow flow, Func<Task<T>> work, Func<T, bool> isVerified, CancellationToken cancellationToken)
        where T : class? =>
        await AfterAsync(flow, await SettingsAsync(flow, cancellationToken), work, isVerified, cancellationToken);

    private async Task<(PhoneRisk Risk, RiskRefusal? Refusal, T? Result)> AfterAsync<T>(
        Flow flow, ProjectSettings settings, Func<Task<T>> work, Func<T, bool> isVerified, CancellationToken cancellationToken)
        where T : class?
    {
        var method = (flow.Possession as PossessionState.Succeeded)?.Method;
        // The last proof may not be on file: the identity was enrolled without one, or its time is over. Whoever holds the number then does
        // so since they began; when they have left it, that day stays until the next identity begins.
        var heldSince = await verified.FindAsync(flow.ProjectId, flow.Number, cancellationToken)
            ?? await succession.HeldSinceAsync(flow.ProjectId, flow.Number, cancellationToken);
        var assessing = risk.AssessAsync(new RiskQuestion(flow.Number, heldSince), cancellationToken);
        var policy = settings.Risk ?? RiskPolicy.Default;
        // Whom a unify flow is tied to depends on whether the number has changed hands.
        var working = policy.RefusesAnything || flow.Tail is UnifyProgress ? null : work();

        var signals = await assessing;
        if (method is { } proven && policy.Judge(signals, proven) is { } refusal)
        {
            return (signals, refusal, null);
        }

        if (signals.WasRecycled == true && IsProvenToday(flow))
        {
            await succession.PassOnAsync(flow.ProjectId, flow.Number, heldSince, cancellationToken);
        }
        var result = await (working ?? work());
        if (method is not null && isVerified(result) && MovesLastVerified(signals, heldSince, method))
        {
            await verified.RecordAsync(flow.ProjectId, flow.Number, time.GetUtcNow(), cancellationToken);
        }
        return (signals, null, result);
    }

    /// <summary>
    /// True when the flow shows who has the number now: a key shows who had it, and an own check is the relying party's word for today.
    /// </summary>
    private static bool IsProvenToday(Flow flow) => flow.Possession switch
    {
        PossessionState.Succeeded { Method: var method } => method != PossessionMethod.DeviceKey,
        PossessionState.NotApplicable => flow.Tail is UnifyProgress,
        _ => false,
    };

    /// <summary>
    /// Attack: a number has gone to somebody else, its former holder proves it by a key, and from that day on the operator is asked whether
    /// it has changed hands since: the signal would be gone. So the day moves only where the number is known to have stayed, and is first
    /// set only by who has it and where no identity holds it, or was the last to hold it: that may be the former holder's.
    /// </summary>
    private static bool MovesLastVerified(PhoneRisk signals, DateTimeOffset? heldSince, PossessionMethod? method) =>
        signals.WasRecycled == false || (signals.WasRecycled is null && heldSince is null && method != PossessionMethod.DeviceKey);

    private async Task<ProjectSettings> SettingsAsync(Flow flow, CancellationToken cancellationToken) =>
        (await projects.FindProjectAsync(flow.ProjectId, cancellationToken))?.Settings ?? new ProjectSettings();
}
