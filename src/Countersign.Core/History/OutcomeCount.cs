using System.Numerics;
using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.Texts;

namespace Countersign.Core.History;

/// <summary>What outcomes are counted by. Stored names are for ever.</summary>
public enum CountedBy
{
    /// <summary>The hour (UTC) in which it ended, as <c>2026-11-30T13:00Z</c>.</summary>
    Hour,

    /// <summary>The country of the line (ISO 3166-1 alpha-2).</summary>
    Country,

    /// <summary>The number without its last four digits.</summary>
    Prefix,

    /// <summary>The possession method that proved or failed, or that was waited for.</summary>
    Method,

    /// <summary>
    /// The gateway that texts were handed to. A flow whose texts went to several is counted for each, one without texts for none.
    /// </summary>
    Gateway,

    /// <summary>A code of <see cref="FlowEnd"/>; also of calls that have no flow.</summary>
    End,
}

/// <summary>
/// How many outcomes there were of a kind in a span of time, and what they came to. It is added up as outcomes are written, so that nobody
/// who asks has to go through them.
/// </summary>
/// <param name="Value">What they have in common, such as a country; <see cref="None"/> where they have none.</param>
/// <param name="Since">The beginning of the span: an hour of <see cref="CountedBy.Hour"/>, else a day (UTC).</param>
/// <param name="Ended">How many.</param>
/// <param name="Proven">Of these, those whose possession was proven and accepted.</param>
/// <param name="Succeeded">Of these, those that came to what was asked for.</param>
/// <param name="Texts">Texts that were handed over, and how many of them arrived as far as is known; by gateway its own alone.</param>
/// <param name="Segments">What they took on the air.</param>
/// <param name="Cost">What was counted for them, in millionths of the currency of the prices.</param>
/// <param name="People">
/// A bit for each line, by chance: there are at least as many people as bits. It tells whether a number is about few, and not about whom.
/// </param>
public sealed record OutcomeCount(
    CountedBy By, string Value, DateTimeOffset Since, long Ended, long Proven, long Succeeded, long Texts, long Delivered, long Segments,
    long Cost, long People)
{
    /// <summary>Fewer lines than these are not told to a relying party.</summary>
    public const int FewPeople = 5;

    /// <summary>The value of flows without one: whose number has no country, that used no method, whose texts no gateway took.</summary>
    public const string None = "";

    // One bit is the sign.
    private const int Bits = 63;

    public override string ToString() => By.ToString();

    /// <summary>Whether too few people stand behind it to be told.</summary>
    public bool IsOfFew => BitOperations.PopCount((ulong)People) < FewPeople;

    /// <summary>What an outcome adds: by whatever flows are counted, each is in it.</summary>
    public static IReadOnlyList<OutcomeCount> Of(Outcome outcome)
    {
        if (FlowEnd.OfCalls.Contains(outcome.End, StringComparer.Ordinal))
        {
            return [Of(outcome, CountedBy.End, outcome.End, [])];
        }
        var handed = outcome.Texts.SelectMany(text => text.Attempts.Select(attempt => (text.Segments, Attempt: attempt)))
            .Where(one => one.Attempt.State != AttemptState.Refused).ToList();
        return
        [
            Of(outcome, CountedBy.Hour, HourOf(outcome.EndedAt), handed),
            Of(outcome, CountedBy.Country, outcome.Country ?? None, handed),
            Of(outcome, CountedBy.Prefix, outcome.Prefix, handed),
            Of(outcome, CountedBy.Method, outcome.Method ?? None, handed),
            Of(outcome, CountedBy.End, outcome.End, handed),
            .. handed.Count == 0
                ? [Of(outcome, CountedBy.Gateway, None, [])]
                : handed.GroupBy(one => one.Attempt.Gateway).Select(own => Of(outcome, CountedBy.Gateway, own.Key.ToString(), [.. own])),
        ];
    }

    /// <summary>The sum of two of a kind, whatever their spans.</summary>
    public OutcomeCount Plus(OutcomeCount other) => this with
    {
        Since = Since < other.Since ? Since : other.Since,
        Ended = Ended + other.Ended,
        Proven = Proven + other.Proven,
        Succeeded = Succeeded + other.Succeeded,
        Texts = Texts + other.Texts,
        Delivered = Delivered + other.Delivered,
        Segments = Segments + other.Segments,
        Cost = Cost + other.Cost,
        People = People | other.People,
    };

    /// <summary>One for each value, the greatest first; hours in their order.</summary>
    public static IReadOnlyList<OutcomeCount> SumsOf(CountedBy by, IEnumerable<OutcomeCount> counts)
    {
        var sums = counts.GroupBy(count => count.Value, StringComparer.Ordinal)
            .Select(own => own.Aggregate((one, other) => one.Plus(other)));
        return
        [
            .. by == CountedBy.Hour
                ? sums.OrderBy(sum => sum.Since)
                : sums.OrderByDescending(sum => sum.Ended).ThenBy(sum => sum.Value, StringComparer.Ordinal),
        ];
    }

    public static string HourOf(DateTimeOffset moment) => $"{moment.UtcDateTime:yyyy-MM-dd'T'HH':00Z'}";

    private static OutcomeCount Of(
        Outcome outcome, CountedBy by, string value, List<(int Segments, TextAttempt Attempt)> handed) => new(
        by, value, SpanOf(by, outcome.EndedAt), Ended: 1,
        Proven: outcome.Possession == PossessionVerdict.Proven ? 1 : 0,
        Succeeded: outcome.End is FlowEnd.Matched or FlowEnd.Completed or FlowEnd.Bound ? 1 : 0,
        Texts: handed.Count, Delivered: handed.Count(one => one.Attempt.State == AttemptState.Delivered),
        Segments: handed.Sum(one => one.Segments), Cost: handed.Sum(one => CostOf(one.Attempt)), People: BitOf(outcome.Line));

    private static DateTimeOffset SpanOf(CountedBy by, DateTimeOffset moment)
    {
        var day = new DateTimeOffset(moment.UtcDateTime.Date, TimeSpan.Zero);
        return by == CountedBy.Hour ? day.AddHours(moment.UtcDateTime.Hour) : day;
    }

    private static long CostOf(TextAttempt attempt) => attempt.Cost is { } cost ? Amounts.ToMillionths(cost.Amount) : 0;

    private static long BitOf(LinePseudonym? line) => line is { } known ? 1L << (known.ToBytes()[0] % Bits) : 0;
}
