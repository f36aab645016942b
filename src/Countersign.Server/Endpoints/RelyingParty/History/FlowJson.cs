using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Texts;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Pages;
using Countersign.Server.Timeline;

namespace Countersign.Server.Endpoints.RelyingParty.History;

[JsonSerializable(typeof(FlowList))]
[JsonSerializable(typeof(FlowDetails))]
[JsonSerializable(typeof(StatisticsResponse))]
internal sealed partial class FlowJson : JsonSerializerContext
{
    public static FlowJson Answers { get; } = new(HttpJson.NewOptions());
}

/// <param name="Next">The cursor of the next page; null when this is the last.</param>
internal sealed record FlowList(IReadOnlyList<FlowItem> Flows, string? Next)
{
    public override string ToString() => $"{Flows.Count} flows";
}

/// <summary>A flow as a relying party sees it: what happened, and none of what the server's operator does to make it happen.</summary>
/// <param name="Reasons">Codes of <see cref="FlowReason"/>; null where there are none. What an adapter says in its own words, and by which
/// rule a name was compared, is the operator's to know.</param>
internal record FlowItem(
    string CorrelationId, string? ClientRequestId, string? ClientCustomerId, string Product, string Type, string State,
    string PossessionResult, string? Method, bool? NumberChanged, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt, string? End, IReadOnlyList<string>? Reasons, Explanation? Explanation)
{
    public static FlowItem Of(FlowAccount flow, Language language)
    {
        var reasons = flow.Ending is { } ending ? Explanations.CodesOf(ending) : [];
        return new FlowItem(
            flow.Id.ToString(), flow.ClientRequestId, flow.ClientCustomerId, Products.WordOf(flow.Product), FlowTypes.WordOf(flow.Type),
            FlowWords.StateOf(flow), FlowWords.Of(flow.Possession), flow.Method, flow.IsNumberChanged ? true : null, flow.BegunAt,
            flow.ExpiresAt, flow.Ending?.At, flow.Ending?.End, reasons.Count == 0 ? null : reasons,
            flow.Ending is null ? null : Explanations.Of(flow.Ending, language));
    }

    public sealed override string ToString() => CorrelationId;
}

/// <summary>The same with what happened to it, and to its texts.</summary>
internal sealed record FlowDetails : FlowItem
{
    private FlowDetails(FlowItem item) : base(item) { }

    [JsonPropertyOrder(1)]
    public required IReadOnlyList<FlowLine> Timeline { get; init; }

    [JsonPropertyOrder(2)]
    public required IReadOnlyList<SentText> Texts { get; init; }

    public static new FlowDetails Of(FlowAccount flow, Language language) => new(FlowItem.Of(flow, language))
    {
        Timeline = [.. flow.Facts.Select(FlowLine.Of).OfType<FlowLine>()],
        Texts = [.. flow.Texts.Select(SentText.Of)],
    };
}

/// <param name="Code">Null in what a former version stored.</param>
internal sealed record FlowLine(DateTimeOffset At, string? Code, string What)
{
    /// <summary>Null for what concerns the server's operator alone.</summary>
    public static FlowLine? Of(FlowEvent happened) =>
        FlowSentences.ForRelyingParty(happened) is { } what ? new(happened.At, happened.Code, what) : null;

    public override string ToString() => What;
}

/// <summary>What became of a text. Which gateways were asked, and what it cost, is left out.</summary>
internal sealed record SentText(string Kind, string State, int Segments, DateTimeOffset CreatedAt)
{
    public static SentText Of(OutcomeText text) =>
        new(TextKinds.WordOf(text.Kind), FlowWords.Of(text.State), text.Segments, text.CreatedAt);

    public override string ToString() => Kind;
}
