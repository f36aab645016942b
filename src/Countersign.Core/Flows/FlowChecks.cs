using Countersign.Core.Identity;
using Countersign.Core.Names;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Flows;

/// <summary>What is asked once possession is proven: what has happened to the number, and whose it is. The project's policies decide what is made of it.</summary>
public sealed class FlowChecks(
    IIdentitySource identity, IPhoneRiskSource risk, IProjectStore projects, IVerifiedNumbers verified, TimeProvider time)
{
    /// <summary>How much names may differ in a flow's project.</summary>
    public async Task<MatchPolicy> NamePolicyOfAsync(Flow flow, CancellationToken cancellationToken) =>
        PolicyOf(await SettingsAsync(flow, cancellationToken));

    /// <summary>Asks the identity source of a verify flow.</summary>
    public async Task<VerifiedUserEvent.IdentityAnswered> MatchAsync(Flow flow, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(flow, cancellationToken);
        var question = new IdentityQuestion(
            flow.Number, flow.Name!, IsPossessionProven: flow.Possession is PossessionState.Succeeded, PolicyOf(settings));
        var (signals, refusal, answer) = await AfterAsync(
            flow, settings, () => identity.MatchAsync(question, cancellationToken), answer => answer.Match == IdentityMatch.Matched, cancellationToken);
        return new VerifiedUserEvent.IdentityAnswered(answer, signals, refusal);
    }

    /// <summary>Assesses a flow's number and does what follows from its possession, if the project accepts that.</summary>
    /// <param name="work">Done beside the assessment where nothing can be refused; after it where something can.</param>
    /// <param name="isVerified">True for a result that says whose the number is: from that day on the operator is asked whether it has changed hands.</param>
    public async Task<(PhoneRisk Risk, RiskRefusal? Refusal, T? Result)> AfterAsync<T>(
        Flow flow, Func<Task<T>> work, Func<T, bool> isVerified, CancellationToken cancellationToken)
        where T : class? =>
        await AfterAsync(flow, await SettingsAsync(flow, cancellationToken), work, isVerified, cancellationToken);

    private async Task<(PhoneRisk Risk, RiskRefusal? Refusal, T? Result)> AfterAsync<T>(
        Flow flow, ProjectSettings settings, Func<Task<T>> work, Func<T, bool> isVerified, CancellationToken cancellationToken)
        where T : class?
    {
        var method = (flow.Possession as PossessionState.Succeeded)?.Method;
        var lastVerifiedAt = await verified.FindAsync(flow.ProjectId, flow.Number, cancellationToken);
        var assessing = risk.AssessAsync(new RiskQuestion(flow.Number, lastVerifiedAt), cancellationToken);
        var policy = settings.Risk ?? RiskPolicy.Default;
        var working = policy.RefusesAnything ? null : work();
        var signals = await assessing;
        if (method is { } proven && policy.Judge(signals, proven) is { } refusal)
        {
            return (signals, refusal, null);
        }

        var result = await (working ?? work());
        if (method is not null && isVerified(result))
        {
            await verified.NoteAsync(flow.ProjectId, flow.Number, time.GetUtcNow(), cancellationToken);
        }
        return (signals, null, result);
    }

    private async Task<ProjectSettings> SettingsAsync(Flow flow, CancellationToken cancellationToken) =>
        (await projects.FindProjectAsync(flow.ProjectId, cancellationToken))?.Settings ?? new ProjectSettings();

    /// <summary>How much names may differ by a project's settings.</summary>
    public static MatchPolicy PolicyOf(ProjectSettings settings) => settings.NamePolicy switch
    {
        NamePolicy.Strict => MatchPolicy.Strict,
        NamePolicy.Lenient => MatchPolicy.Lenient,
        _ => MatchPolicy.Standard,
    };
}
