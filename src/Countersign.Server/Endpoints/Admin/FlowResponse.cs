using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Texts;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Pages;
using Countersign.Server.Timeline;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>A flow as the server's operator sees it. The relying party's own ids are not repeated.</summary>
/// <param name="Product">"verified-users", "pre-fill" or "unify".</param>
/// <param name="Type">"mobile", "desktop" or "none".</param>
/// <param name="State">"running" or "ended".</param>
/// <param name="Decided">The browser has nothing left to do.</param>
/// <param name="Method">The possession method that runs, or that proved, that failed or that was waited for.</param>
/// <param name="Country">Of the line; null where no country's plan has it.</param>
/// <param name="Deadline">When the running challenge ends; null when none runs.</param>
/// <param name="End">A code of <see cref="FlowEnd"/>; null while something may still come of the flow.</param>
/// <param name="Reason">What there is to add to the end, an adapter's own words and rules of matching included; null when nothing.</param>
/// <param name="Segments">How many its texts took on the air, for each gateway that may have sent them.</param>
/// <param name="Cost">What its texts cost; null where there are no prices.</param>
/// <param name="Timeline">Null in a list.</param>
/// <param name="Texts">What became of its texts, oldest first; null in a list.</param>
internal sealed record FlowResponse(
    string CorrelationId, string ProjectId, string Product, string Type, string State, string PossessionResult, string? VerifyResult,
    bool Decided, string? Method, string? Country, bool? NumberChanged, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? Deadline, string? End, string? Reason, DateTimeOffset? EndedAt, Explanation? Explanation, int Segments, decimal? Cost,
    string? Currency, IReadOnlyList<TimelineLine>? Timeline, IReadOnlyList<FlowText>? Texts)
{
    public static FlowResponse Of(FlowAccount flow, Language language) => new(
        flow.Id.ToString(), flow.ProjectId.ToString(), Products.WordOf(flow.Product), FlowTypes.WordOf(flow.Type), FlowWords.StateOf(flow),
        FlowWords.Of(flow.Possession), VerifyResultOf(flow), flow.IsDecided, flow.Method, flow.Country, flow.IsNumberChanged ? true : null,
        flow.BegunAt, flow.ExpiresAt, flow.Deadline, flow.Ending?.End, flow.Ending?.Reason, flow.Ending?.At,
        flow.Ending is null ? null : Explanations.Of(flow.Ending, language), SegmentsOf(flow), CostOf(flow),
        flow.Currency, [.. flow.Facts.Select(TimelineLine.Of)], [.. flow.Texts.Select(FlowText.Of)]);

    public static FlowResponse InList(FlowAccount flow, Language language) => Of(flow, language) with { Timeline = null, Texts = null };

    public override string ToString() => CorrelationId;

    /// <summary>Only verify flows match a name.</summary>
    private static string? VerifyResultOf(FlowAccount flow) => flow switch
    {
        { Product: not Core.Product.VerifiedUsers } => null,
        { Ending: null } => "pending",
        { Ending.End: FlowEnd.Matched } => "success",
        { Ending.End: var end } when FlowEnd.IsRanOut(end) => "pending",
        _ => "failed",
    };

    private static int SegmentsOf(FlowAccount flow) => flow.Texts.Sum(text =>
        text.Segments * text.Attempts.Count(attempt => attempt.State != AttemptState.Refused));

    private static decimal? CostOf(FlowAccount flow) => flow.Currency is null
        ? null
        : flow.Texts.SelectMany(text => text.Attempts).Sum(attempt => attempt.Cost?.Amount ?? 0);
}

/// <param name="Flows">Newest first.</param>
/// <param name="IsComplete">False when there are more.</param>
/// <param name="Next">The cursor of the next page; null when this is the last.</param>
internal sealed record FlowListResponse(IReadOnlyList<FlowResponse> Flows, bool IsComplete, string? Next)
{
    public static FlowListResponse Of(FlowPage page, Func<FlowAccount, FlowResponse> say) =>
        new([.. page.Flows.Select(say)], page.Next is null, FlowFilters.CursorOf(page));

    public override string ToString() => $"{Flows.Count} flows";
}
