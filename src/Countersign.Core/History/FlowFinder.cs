using Countersign.Core.Flows;
using Countersign.Core.Money;
using Countersign.Core.Texts;

namespace Countersign.Core.History;

/// <summary>
/// Finds flows for who asks how they stand or how they ended, whether they live, are over, or have become outcomes meanwhile.
/// </summary>
public sealed class FlowFinder(
    FlowHistory history, IFlowStore flows, ITextStore texts, IOutcomeStore outcomes, ILinePseudonyms lines, INumberPlan plan,
    ServerCaps caps, HistoryOptions options, TimeProvider time)
{
    /// <summary>
    /// At most about so many rows are looked at for one page. No index finds a reason, so a page may have fewer flows than were asked for,
    /// or none, and still not be the last.
    /// </summary>
    public const int MostLookedAt = 2000;

    // Rows that are judged here are read in pieces of this size at least.
    private const int AtOnce = 200;

    /// <summary>Null when there is no such flow, or nothing of it is kept any more.</summary>
    public async Task<FlowAccount?> FindAsync(CorrelationId id, CancellationToken cancellationToken)
    {
        // In this order: between the two looks a flow may become an outcome, and no outcome a flow.
        var row = await flows.FindAsync(id, cancellationToken) is { } flow
            ? new ListedFlow(id, flow, null)
            : new ListedFlow(id, null, await outcomes.FindAsync(id, cancellationToken));
        var now = time.GetUtcNow();
        return Judge(row, now) is { } account ? await WithTextsAsync(account, row, cancellationToken) : null;
    }

    /// <summary>One page of those that fit, newest first.</summary>
    /// <param name="projects">Whose; null for those of all projects.</param>
    /// <param name="hasTexts">Whether what became of their texts is wanted too.</param>
    public async Task<FlowPage> ListAsync(
        FlowQuery query, IReadOnlyList<ProjectId>? projects, int limit, bool hasTexts, CancellationToken cancellationToken)
    {
        if (query.Search is FlowSearch.ByNumber { Number: var number })
        {
            query = query with { Line = await lines.FindAsync(number, cancellationToken) };
        }
        var (page, next, looked) = (new List<FlowAccount>(), query.Before, 0);
        var size = query is { End: null, Reason: null, Product: null, IsRunning: null } ? limit + 1 : Math.Max(limit + 1, AtOnce);
        while (true)
        {
            var rows = await ReadAsync(query with { Before = next }, projects, size, cancellationToken);
            var now = time.GetUtcNow();
            foreach (var row in rows)
            {
                if (page.Count == limit)
                {
                    return new FlowPage(page, next);
                }
                next = row.Id;
                if (Judge(row, now) is { } account && Fits(account, query))
                {
                    page.Add(hasTexts ? await WithTextsAsync(account, row, cancellationToken) : account);
                }
            }
            looked += rows.Count;
            if (rows.Count < size)
            {
                return new FlowPage(page, null);
            }
            if (looked >= MostLookedAt || page.Count == limit)
            {
                return new FlowPage(page, next);
            }
        }
    }

    /// <summary>
    /// Of several projects each is read for itself: rows of another one must neither be looked at nor be told of by where a page stops.
    /// </summary>
    private async Task<IReadOnlyList<ListedFlow>> ReadAsync(
        FlowQuery query, IReadOnlyList<ProjectId>? projects, int size, CancellationToken cancellationToken)
    {
        if (projects is null)
        {
            return await outcomes.ListAsync(query, null, size, cancellationToken);
        }
        var rows = new List<ListedFlow>();
        foreach (var project in projects)
        {
            rows.AddRange(await outcomes.ListAsync(query, project, size, cancellationToken));
        }
        return [.. rows.OrderByDescending(row => row.Id).Take(size)];
    }

    /// <summary>Null where nothing may be told any more.</summary>
    private FlowAccount? Judge(ListedFlow row, DateTimeOffset now) => row switch
    {
        { Outcome: { } outcome } => now < outcome.EndedAt + options.Retention ? FlowAccount.Of(outcome) : null,
        { Flow: { } flow } when now < flow.ExpiresAt => FlowAccount.Of(flow, [], plan.CountryOf(flow.Number), caps.Prices?.Currency, now),
        // Its outcome will stand there within a minute, and does not tell what the relying party calls the person.
        { Flow: { } flow } when history.IsKept => FlowAccount.Of(history.OutcomeOf(flow) with { ClientCustomerId = null }),
        _ => null,
    };

    private async Task<FlowAccount> WithTextsAsync(
        FlowAccount account, ListedFlow row, CancellationToken cancellationToken) => row.Flow is null
        ? account
        : account with { Texts = [.. (await texts.ListAsync(account.Id, cancellationToken)).Select(OutcomeText.Of)] };

    private static bool Fits(FlowAccount account, FlowQuery query) =>
        (query.End is null || account.Ending?.End == query.End)
        && (query.Reason is null || account.Ending?.Reason?.Split(',').Contains(query.Reason, StringComparer.Ordinal) == true)
        && (query.IsRunning is null || query.IsRunning == (account.Ending is null));
}
