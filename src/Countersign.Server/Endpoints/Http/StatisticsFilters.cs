using System.Text.Json.Nodes;
using Countersign.Core.History;
using Countersign.Core.Money;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Http;

/// <summary>What is asked of the statistics, and how they are told: the same for relying parties and for the operator.</summary>
internal static class StatisticsFilters
{
    /// <summary>How far back it goes where nothing is said.</summary>
    public static readonly TimeSpan DefaultSpan = TimeSpan.FromDays(30);

    public const int DefaultLimit = 100;

    public static Member<CountedBy> By { get; } = Member.Required(
        "by", Shape.Word(Enum.GetValues<CountedBy>().Select(by => (WordOf(by), by)).ToArray()), "What flows are counted by.");

    public static Member<DateTimeOffset?> From { get; } = Member.OptionalValue(
        "from", Fields.Moment,
        "Flows that ended at this moment or later: a moment in UTC, or a date for its beginning. Taken down to the beginning of its day, "
            + "or of its hour where they are counted by hour. 400 days ago at most. Default: 30 days ago.");

    public static Member<DateTimeOffset?> To { get; } = Member.OptionalValue(
        "to", Fields.Moment,
        "Flows that ended before this moment: a moment in UTC, or a date for its beginning. Taken up to the end of its day or hour. "
            + "Default: now.");

    public static Member<int> Limit { get; } = Member.Standard(
        "limit", Shape.Number(1, StatisticsQuery.MaxLimit), DefaultLimit,
        $"How many values are told at most: those with the most flows. Default: {DefaultLimit}.");

    public static StatisticsQuery ReadFrom(RequestMembers members, DateTimeOffset now)
    {
        var by = members.Read(By);
        var (from, to) = members.ReadSpan(
            From, To, absentFrom: now - DefaultSpan, absentTo: now,
            also: moment => moment < now - StatisticsQuery.MaxSpan ? "must not be more than 400 days ago" : null);
        return new StatisticsQuery(by, from ?? now - DefaultSpan, to ?? now, members.Read(Limit));
    }

    public static string WordOf(CountedBy by) => by.ToString().ToLowerInvariant();

    public static ObjectSchema ResponseSchema => new(
        nameof(StatisticsResponse), "What flows came to.", IsClosed: true,
        new Member("by", Schema.Word("What they are counted by.", Enum.GetValues<CountedBy>().Select(WordOf)), IsRequired: true),
        new Member("since", Schema.Time("The beginning of the first day or hour that is counted."), IsRequired: true),
        new Member("until", Schema.Time("The end of the last."), IsRequired: true),
        new Member(
            "counts", Schema.List("The most flows first; hours in their order.", Schema.Closed("One value.", CountMembers)),
            IsRequired: true),
        new Member(
            "hidden", Schema.Number(
                "How many values are left out because fewer than five lines stand behind them. None is for the server's operator."),
            IsRequired: true),
        new Member("currency", Schema.Text("Of `cost` (ISO 4217); absent where the server has no prices.")));

    public static JsonObject ExampleOf(int hidden) => Members.Object(
        ("by", "country"), ("since", "2026-01-01T00:00:00+00:00"), ("until", "2026-02-01T00:00:00+00:00"),
        ("counts", new JsonArray(Members.Object(
            ("value", "US"), ("flows", 1200), ("proven", 1110), ("succeeded", 1086), ("conversion", 0.905), ("texts", 1250),
            ("delivered", 1190), ("segments", 1260), ("cost", 9.954)))),
        ("hidden", hidden), ("currency", "USD"));

    private static Member[] CountMembers =>
    [
        new(
            "value", Schema.Text(
                "A country (ISO 3166-1 alpha-2), a number without its last four digits, a possession method, a gateway, a code of `end`, "
                    + "or the beginning of an hour. Absent for flows that have none: whose number is of no country's plan, that used no "
                    + "method, or of whose texts no gateway took one.")),
        new("flows", Schema.Number("How many ended."), IsRequired: true),
        new("proven", Schema.Number("Of these, those whose possession was proven and accepted."), IsRequired: true),
        new("succeeded", Schema.Number("Of these, those that came to what was asked for."), IsRequired: true),
        new("conversion", Schema.Fraction("`succeeded` for each of `flows`.", 0, 1), IsRequired: true),
        new("texts", Schema.Number("Tries to have a text sent that were not refused."), IsRequired: true),
        new("delivered", Schema.Number("Of these, those that arrived, as far as receipts say."), IsRequired: true),
        new("segments", Schema.Number("What they took on the air."), IsRequired: true),
        new("cost", Schema.Fraction("What they cost; absent where the server has no prices.", 0, 1_000_000_000)),
    ];
}

/// <param name="Hidden">How many values are left out for few people.</param>
internal sealed record StatisticsResponse(
    string By, DateTimeOffset Since, DateTimeOffset Until, IReadOnlyList<CountResponse> Counts, int Hidden, string? Currency)
{
    public static StatisticsResponse Of(CountedBy by, CountedFlows flows) => new(
        StatisticsFilters.WordOf(by), flows.From, flows.To,
        [.. flows.Counts.Select(count => CountResponse.Of(count, hasPrices: flows.Currency is not null))],
        flows.Hidden, flows.Currency);

    public override string ToString() => By;
}

internal sealed record CountResponse(
    string? Value, long Flows, long Proven, long Succeeded, decimal Conversion, long Texts, long Delivered, long Segments, decimal? Cost)
{
    public static CountResponse Of(OutcomeCount count, bool hasPrices) => new(
        count.Value == OutcomeCount.None ? null : count.Value, count.Ended, count.Proven, count.Succeeded,
        decimal.Round((decimal)count.Succeeded / count.Ended, 4), count.Texts,
        count.Delivered, count.Segments, hasPrices ? Amounts.FromMillionths(count.Cost) : null);

    public override string ToString() => Value ?? "none";
}
