using System.Text.Json.Serialization;

namespace Countersign.Core.PreFill;

/// <summary>The order of calls after validate. Stored names are for ever.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StartShape>))]
public enum StartShape
{
    /// <summary>challenge, which gives the person's data, then complete.</summary>
    PreFill,

    /// <summary>complete at once, with what the person has typed.</summary>
    Identity,
}
