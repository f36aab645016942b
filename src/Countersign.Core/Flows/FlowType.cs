using System.Text.Json.Serialization;
using Countersign.Core.Possession;

namespace Countersign.Core.Flows;

/// <summary>The kind of device on which the person begins.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FlowType>))]
public enum FlowType
{
    Desktop,
    Mobile,

    /// <summary>No possession check.</summary>
    None,
}

public static class FlowTypePlans
{
    /// <summary>The possession that a new flow of this type and product starts with.</summary>
    public static PossessionState ToPossession(this FlowType type, Product product = Product.VerifiedUsers) => (type, product) switch
    {
        (FlowType.Desktop, _) => new PossessionState.Ready(PossessionPlan.Desktop),
        (FlowType.Mobile, Product.Unify) => new PossessionState.Ready(PossessionPlan.KnownDeviceThenMobile),
        (FlowType.Mobile, _) => new PossessionState.Ready(PossessionPlan.Mobile),
        (_, Product.Unify) => new PossessionState.Ready(PossessionPlan.KnownDevice),
        _ => new PossessionState.NotApplicable(),
    };
}
