using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>One page of your project's flows.</summary>
public sealed record ListFlowsResponse
{
    /// <summary>The flows of this page, newest first; it may be empty and not the last, never null.</summary>
    [JsonRequired]
    public IReadOnlyList<FlowRecord> Flows { get; init => field = value ?? []; } = [];

    /// <summary>Where the next page begins; null when this is the last.</summary>
    public string? Next { get; init => field = WireText.OrNull(value); }

    /// <summary>How many there are, and whether there is another page.</summary>
    public override string ToString() =>
        $"{nameof(ListFlowsResponse)} {{ Flows = {Flows.Count}, Next = {Mask.Presence(Next)} }}";
}
