using Countersign.Core.Pumping;

namespace Countersign.Core.Flows;

/// <summary>What every call that begins a flow says about possession.</summary>
/// <param name="Client">Who calls; null for this server itself.</param>
/// <param name="NumberChange">Whether the person may give another number; where the product permits none, it says nothing.</param>
/// <param name="Challenge">What the relying party says of a test for persons; null when it says nothing.</param>
/// <param name="TellsAssurance">Whether answers say how they came about.</param>
public sealed record FlowStart(
    FlowType Type, string? FinalTargetUrl, string? SmsMessage, bool AllowsOtpRetry, ClientId? Client = null,
    NumberChangeTerms NumberChange = default, ChallengeOutcome? Challenge = null, bool TellsAssurance = false)
{
    public override string ToString() => Type.ToString();
}
