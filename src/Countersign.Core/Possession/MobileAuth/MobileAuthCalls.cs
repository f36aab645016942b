using System.Net;
using Countersign.Core.Flows;
using Countersign.Core.Projects;

namespace Countersign.Core.Possession.MobileAuth;

/// <summary>
/// Begins the check of a browser's number and takes what the browser brings back. The operator may take seconds: other calls on the flow do
/// not wait for it.
/// </summary>
public sealed class MobileAuthCalls(MobileAuthMethod method, FlowRunner flows, PublicAddress address)
{
    /// <param name="asked">What the browser wants: where it is to come back to is not checked yet.</param>
    public async Task<MobileAuthStarted> BeginAsync(
        Flow flow, ProjectSettings settings, BrowserConnection asked, CancellationToken cancellationToken)
    {
        string? returnUrl = null;
        if (asked.Transport == MobileAuthTransport.Redirect
            && !ReturnAddress.TryRead(asked.ReturnUrl, settings, address.Origin, out returnUrl))
        {
            var refused = await flows.ChangeAsync(
                flow.Id, (present, now) => MobileAuthMethod.Refuse(present, FlowReason.PageNotAllowed, now), cancellationToken);
            return new MobileAuthStarted.ReturnNotAllowed(await flows.SettleAsync(refused, cancellationToken) ?? flow);
        }

        string? redirectUrl = null;
        var connection = asked with { ReturnUrl = returnUrl };
        var after = await ChangeByAskingAsync(
            flow,
            async (present, now) =>
            {
                (var begun, redirectUrl) = await method.BeginAsync(present, connection, now, cancellationToken);
                return new Decision(begun);
            },
            cancellationToken);
        return redirectUrl is not null && after.CurrentMethod == PossessionMethod.MobileAuth
            ? new MobileAuthStarted.Open(after, redirectUrl)
            : new MobileAuthStarted.NotAvailable(after);
    }

    /// <summary>The browser came back with what the network gave it.</summary>
    /// <param name="from">Where its call comes from; null when that is not known.</param>
    /// <returns>The flow as it stands now.</returns>
    public Task<Flow> FinishAsync(Flow flow, Secret returned, IPAddress? from, CancellationToken cancellationToken) => ChangeByAskingAsync(
        flow,
        async (present, now) => new Decision(await method.FinishAsync(present, returned, from, now, cancellationToken)),
        cancellationToken);

    /// <summary>The flow afterwards; as it was when the call came in, if it is gone since.</summary>
    private async Task<Flow> ChangeByAskingAsync(
        Flow flow, Func<Flow, DateTimeOffset, ValueTask<Decision>> decide, CancellationToken cancellationToken) =>
        await flows.SettleAsync(await flows.ChangeByAskingAsync(flow.Id, decide, cancellationToken), cancellationToken) ?? flow;
}

/// <summary>Where the browser is to go: a closed set. Each has the flow as it stands now.</summary>
public abstract record MobileAuthStarted
{
    private MobileAuthStarted() { }

    // The address may carry the proof.
    public sealed override string ToString() => GetType().Name;

    /// <summary>The browser is to open this address.</summary>
    public sealed record Open(Flow Flow, string RedirectUrl) : MobileAuthStarted;

    /// <summary>The page may not come back to where it asked to.</summary>
    public sealed record ReturnNotAllowed(Flow Flow) : MobileAuthStarted;

    /// <summary>The check cannot be made, or the flow has gone on.</summary>
    public sealed record NotAvailable(Flow Flow) : MobileAuthStarted;
}
