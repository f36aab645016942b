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

/// <summary>The words that types have outside the v3 contract.</summary>
public static class FlowTypes
{
    public static string WordOf(FlowType type) => type switch
    {
        FlowType.Desktop => "desktop",
        FlowType.Mobile => "mobile",
        _ => "none",
    };
}
