using System.Text.Json.Serialization;

namespace Countersign.Core;

/// <summary>The kind of device on which the person begins.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FlowType>))]
public enum FlowType
{
    Desktop,
    Mobile,

    /// <summary>No possession check.</summary>
    None,
}
