using Countersign.Core.Flows;
using Countersign.Core.Money;
using Countersign.Core.Texts;

namespace Countersign.Core.History;

/// <summary>
/// What became of flows whose life is over. It is written when they are removed, not when they end: so no call waits for it, and what is
/// learnt of a text between the two is in it.
/// </summary>
public sealed class FlowHistory(
    IFlowStore flows, ITextStore texts, IOutcomeStore outcomes, ILinePseudonyms lines, IStatisticsStore statistics, INumberPlan plan,
    ServerCaps caps, HistoryOptions options)
{
    // One write each: on SQLite it holds the one writer for some milliseconds.
    private const int AtOnce = 64;

    /// <summary>
    /// How long flows are left that cannot be read, since another node may have the key that opens them: then they go without an outcome.
    /// And how long those wait whose line's pseudonym cannot be had: then their outcome has none.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    // That a pseudonym is used is written once a day, an outcome is removed by its flow's end, and with its day, where there are days.
    private static readonly TimeSpan _usedUpTo = TimeSpan.FromDays(4);

    /// <summary>How long counts are kept: a year and the month to compare with.</summary>
    public static readonly TimeSpan CountsMemory = TimeSpan.FromDays(400);

    public bool IsKept => options.Mode == HistoryMode.On;

    /// <summary>Makes ready what outcomes of the next days need.</summary>
    public Task PrepareAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        IsKept ? outcomes.PrepareAsync(now, cancellationToken) : Task.CompletedTask;

    /// <summary>Puts outcomes in the place of all flows whose life is over, where they are kept, and says how many flows went.</summary>
    public async Task<int> KeepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (kept, after) = (0, (CorrelationId?)null);
        do
        {
            var page = await outcomes.ListEndedAsync(now, after, AtOnce, cancellationToken);
            // Somebody may still be at what follows from possession: the next time finds what came of it.
            var over = page.Flows.Where(ended => ended.Flow.Tail.Deadline is not { } deadline || deadline <= now).ToList();
            var names = IsKept ? await NamesAsync(over, now, cancellationToken) : null;
            kept += await outcomes.ReplaceAsync(
                [
                    .. over.Select(ended => new ReplacedFlow(
                        OutcomeOf(ended.Flow, ended.Texts) with { Line = names?[ended.Flow.Number] }, ended.Flow.Version)
                    {
                        IsKept = IsKept, News = FlowNews.AtLast(ended.Flow),
                    }),
                ],
                cancellationToken);
            after = page.Next;
        }
        while (after is not null);
        return kept;
    }

    /// <summary>Null where the pseudonyms are out of reach, and the flows have waited for them long enough.</summary>
    private async Task<IReadOnlyDictionary<PhoneNumber, LinePseudonym>?> NamesAsync(
        List<EndedFlow> over, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ObtainAsync([.. over.Select(ended => ended.Flow.Number)], now, cancellationToken);
        }
        catch (Exception failure) when (
            failure is not OperationCanceledException && over.TrueForAll(ended => ended.Flow.ExpiresAt < now - Patience))
        {
            return null;
        }
    }

    /// <summary>Removes pseudonyms of lines of which no outcome is kept any more.</summary>
    /// <returns>How many.</returns>
    public Task<int> ForgetLinesAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        lines.RemoveUnusedAsync(now - options.Retention - _usedUpTo, limit, cancellationToken);

    /// <summary>Removes what was counted of outcomes so long ago that nobody compares with it.</summary>
    /// <returns>How many rows.</returns>
    public Task<int> ForgetCountsAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        statistics.RemoveAsync(now - CountsMemory, limit, cancellationToken);

    /// <summary>Removes outcomes that have been kept long enough.</summary>
    /// <returns>How many.</returns>
    public Task<int> ForgetAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        outcomes.RemoveAsync(now - options.Retention, limit, cancellationToken);

    /// <summary>What became of a flow whose life is over at this moment; null when there is no such flow, it lives, or nothing is kept
    /// of it.</summary>
    public async Task<Outcome?> FindAsync(CorrelationId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // In this order: between the two looks a flow may become an outcome, and no outcome a flow.
        if (await flows.FindAsync(id, cancellationToken) is { } flow)
        {
            return IsKept && now >= flow.ExpiresAt ? OutcomeOf(flow, await texts.ListAsync(id, cancellationToken)) : null;
        }
        return await outcomes.FindAsync(id, cancellationToken) is { } outcome && now < outcome.EndedAt + options.Retention
            ? outcome : null;
    }

    /// <summary>What is to be said of a flow that has come to its end, as long as its row is there: its texts are not in it.</summary>
    public Outcome OutcomeOf(Flow flow) => OutcomeOf(flow, []);

    /// <summary>Until when it can be told what became of a flow.</summary>
    public DateTimeOffset KeptUntil(Outcome outcome) => IsKept ? outcome.EndedAt + options.Retention : outcome.ExpiresAt;

    private Outcome OutcomeOf(Flow flow, IReadOnlyList<StoredText> sent) =>
        Outcome.Of(flow, sent, plan.CountryOf(flow.Number), caps.Prices?.Currency, plan.KindOf(flow.Number));
}
