namespace Countersign.Core.Flows;

/// <summary>What every call that begins a flow says about possession.</summary>
public sealed record FlowStart(FlowType Type, string? FinalTargetUrl, string? SmsMessage, bool AllowsOtpRetry)
{
    public override string ToString() => Type.ToString();
}
