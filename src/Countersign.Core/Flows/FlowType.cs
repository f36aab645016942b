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
    /// <summary>The possession a new flow of this type starts with.</summary>
    public static PossessionState ToPossession(this FlowType type) => type switch
    {
        FlowType.Desktop => new PossessionState.Ready(PossessionPlan.Desktop),
        FlowType.Mobile => new PossessionState.Ready(PossessionPlan.Mobile),
        _ => new PossessionState.NotApplicable(),
    };
}
