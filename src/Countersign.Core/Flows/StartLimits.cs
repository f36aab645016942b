using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Limits;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Core.Texts;

namespace Countersign.Core.Flows;

/// <summary>
/// Whether a flow can come to anything: it does not begin where only a text could prove, and none may be sent to its line, or no code
/// entered for it.
/// </summary>
public sealed class StartLimits(
    TextLimits texts, TextSourceLimits sources, PumpingGuard guard, TextCaps caps, GuessLimits guesses, EntryLimits entries,
    GuessBudget budget, IMobileNetworks networks, IIdentityStore identities, IDeviceStore devices, DeviceKeyOptions keys)
{
    /// <returns>Null when it may begin.</returns>
    public async ValueTask<Reached?> JudgeAsync(
        Flow flow, ProjectSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (flow.PlanLeft is not { } plan || flow.TakesNoText || !IsText(plan.Last))
        {
            return null;
        }
        var allowance = await texts.JudgeAsync(flow.Number, flow.ProjectId, now, cancellationToken);
        var isByCode = plan.Last == PossessionMethod.Otp;
        Guards.Drop("S10", ref isByCode, () => true);
        if (allowance is not Allowance.Over && isByCode)
        {
            allowance = await guesses.JudgeAsync(
                flow.Number, flow.ProjectId, DigitsOf(flow, settings), budget.Of(settings.GuessProbability), now, cancellationToken);
        }
        var ofSource = await sources.JudgeAsync(new TextSource(Client: flow.Client), flow.Number, cancellationToken);
        var reached = (allowance as Allowance.Over)?.Reached
            ?? (plan.Last == PossessionMethod.Otp ? await entries.JudgeAsync(flow.ProjectId, cancellationToken) : null)
            ?? (ofSource is [var over, ..] ? over.Reached : null)
            ?? await guard.JudgeAsync(flow.Number, flow.IsChallengePassed, now, cancellationToken)
            ?? await caps.JudgeAsync(flow.ProjectId, flow.Number, now, cancellationToken);
        return reached is not null && !await HasOtherWayAsync(flow, plan, now, cancellationToken) ? reached : null;
    }

    private int DigitsOf(Flow flow, ProjectSettings settings) =>
        (flow.SmsMessage is { } own ? SmsTemplate.OfChecked(own, FlowType.Mobile)?.Placeholder : null)
            ?? budget.DefaultDigits(settings.GuessProbability, flow.AllowsOtpRetry);

    private async Task<bool> HasOtherWayAsync(
        Flow flow, PossessionPlan plan, DateTimeOffset now, CancellationToken cancellationToken) =>
        (plan.From(PossessionMethod.MobileAuth) is not null && networks.MayVerify(flow.Number))
        || (plan.From(PossessionMethod.DeviceKey) is not null
            && await identities.FindAsync(flow.ProjectId, flow.Number, cancellationToken) is { } person
            && await devices.HasAnyAsync(person.Id, keys.HorizonAt(now), cancellationToken));

    private static bool IsText(PossessionMethod method) => method == PossessionMethod.Otp || method == PossessionMethod.InstantLink;
}
