using System.Net;
using System.Security.Cryptography;
using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Unify;
using static Countersign.Core.Possession.PossessionEvent;
using static Countersign.Core.Possession.PossessionState;

namespace Countersign.Core.Possession.MobileAuth;

/// <summary>Possession by the mobile network's word. Whatever goes wrong with it, OTP follows: it can prove, it cannot refute.</summary>
public sealed class MobileAuthMethod(
    INumberVerifier verifier, SecretHasher hasher, PossessionOptions options, DeviceKeyOptions keys)
{
    private const string Purpose = "mobile-auth";

    /// <summary>Begins, or begins anew.</summary>
    /// <param name="redirectUrl">Where the browser is to go; null when the check cannot be made.</param>
    public async ValueTask<(Flow Flow, string? RedirectUrl)> BeginAsync(
        Flow flow, BrowserConnection browser, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (flow.PlanLeft?.From(PossessionMethod.MobileAuth) is null)
        {
            return (flow, null);
        }

        // A page that begins here has left behind what came before.
        while (flow.CurrentMethod is { } former && former != PossessionMethod.MobileAuth)
        {
            flow = flow.After(new MethodUnavailable(former), now);
        }

        var proof = new Secret(RandomNumberGenerator.GetHexString(32, lowercase: true));
        var check = await verifier.BeginAsync(flow, proof, browser, cancellationToken);
        if (check is not NumberCheck.Open open)
        {
            var reason = (check as NumberCheck.NotAvailable)?.Reason;
            return (flow.After(new MethodUnavailable(PossessionMethod.MobileAuth, reason), now), null);
        }

        var life = browser.Transport == MobileAuthTransport.Redirect ? options.MobileAuthRedirectLife : options.MobileAuthLife;
        var challenge = new Challenge(hasher.Hash(flow.Id, Purpose, proof), now, now + life, new ChallengeLimits(Entries: 1),
            IsSilent: browser.Transport != MobileAuthTransport.Redirect);
        return (flow.After(new ChallengeSent(PossessionMethod.MobileAuth, challenge), now), open.RedirectUrl);
    }

    /// <summary>The browser came back with what the network gave it.</summary>
    /// <param name="from">Where its call comes from; null when that is not known.</param>
    public async ValueTask<Flow> FinishAsync(
        Flow flow, Secret returned, IPAddress? from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (flow.Possession is not Challenged { Challenge: var challenge } || !IsCurrent(flow))
        {
            return flow;
        }

        // The browser's proof first: an answer of the network counts only for the browser that asked.
        if (verifier.ReadProof(flow, returned) is not { } proof || !challenge.Proof.Matches(hasher.Hash(flow.Id, Purpose, proof)))
        {
            return flow.After(new ProofRejected(FlowReason.AnotherFlow), now);
        }

        // Attack: a page of the attacker's has the victim's browser fetch the address, and the attacker hands in what came back for a flow
        // that they began with the victim's number.
        if (verifier.PathOf(flow, returned) is { } path && !path.IsOf(from))
        {
            return flow.After(new MethodUnavailable(PossessionMethod.MobileAuth, FlowReason.OtherAddress), now);
        }

        return await verifier.CompleteAsync(flow, returned, cancellationToken) switch
        {
            NumberAnswer.SameNumber => (challenge.IsSilent && !keys.TieOnFetch ? WithoutDevice(flow, now) : flow)
                .After(new ProofAccepted(), now),
            NumberAnswer.NotAvailable unavailable =>
                flow.After(new MethodUnavailable(PossessionMethod.MobileAuth, unavailable.Reason), now),
            _ => flow.After(new ProofRejected(FlowReason.AnotherNumber), now),
        };
    }

    /// <summary>The browser could not do it.</summary>
    public static Flow Fail(Flow flow, DateTimeOffset now) =>
        flow.After(new MethodUnavailable(PossessionMethod.MobileAuth, FlowReason.BrowserFailed), now);

    /// <summary>The way the browser asked for is not open to its page.</summary>
    public static Flow Refuse(Flow flow, string reason, DateTimeOffset now) =>
        flow.After(new MethodUnavailable(PossessionMethod.MobileAuth, reason), now);

    /// <summary>
    /// Nobody has seen the check: it proves the number once, and ties nothing that would prove it ever after.
    /// </summary>
    private static Flow WithoutDevice(Flow flow, DateTimeOffset now) => flow.Tail is UnifyProgress { DeviceId: not null } unify
        ? (flow with { Tail = unify with { DeviceId = null } }).With(new FlowEvent(now, FlowEventCode.DeviceLeftOut))
        : flow;

    private static bool IsCurrent(Flow flow) => flow.CurrentMethod == PossessionMethod.MobileAuth;
}
