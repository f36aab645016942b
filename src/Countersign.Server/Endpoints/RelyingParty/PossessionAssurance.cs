using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Receipts;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>What <c>assurance</c> of the answers about a flow says.</summary>
internal sealed class Assurances(INumberPlan plan)
{
    /// <summary>Null where there is nothing to say.</summary>
    public PossessionAssurance? Of(Flow flow) =>
        flow.TellsAssurance && flow.IsDecided ? PossessionAssurance.Of(FlowAssurance.Of(flow, plan.KindOf(flow.Number)))
        : flow.IsSameDevice ? new PossessionAssurance(SameDevice: true)
        : null;
}

/// <summary>See <see cref="FlowAssurance"/>.</summary>
/// <param name="SameDevice">True or left out.</param>
internal sealed record PossessionAssurance(
    string? Method = null, string? Channel = null, string? Binding = null, bool? PhishingResistant = null, bool? SameDevice = null,
    string? SimSwap = null, bool? Recycled = null, string? Line = null, NameAssurance? Names = null)
{
    public static PossessionAssurance Of(FlowAssurance flow) => new(
        flow.Method, flow.Channel, flow.Binding, flow.IsPhishingResistant, flow.IsSameDevice, flow.SimSwap, flow.WasRecycled, flow.Line,
        flow.Names);

    public override string ToString() => Method ?? "";
}
