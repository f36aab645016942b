namespace Countersign.Core.Pumping;

/// <summary>
/// What looks like pumping: pure rules over counts. The counts are of texts that were asked for, whether or not they were sent, so that a
/// rule in shadow finds what it would find if it refused.
/// </summary>
public static class PumpingRules
{
    /// <summary>What was asked for in the last minutes may yet be proven: a link is good for three.</summary>
    public static readonly TimeSpan Unsettled = TimeSpan.FromMinutes(3);

    public static readonly TimeSpan ConversionWindow = TimeSpan.FromHours(1);
    public static readonly TimeSpan SequenceWindow = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan AddressWindow = TimeSpan.FromHours(1);
    public static readonly TimeSpan GrowthWindow = TimeSpan.FromDays(1);

    // With what a past is compared, and what growth is compared with.
    private const int DaysBefore = 7;

    /// <summary>Too few codes come back: fewer than a floor, or than a share of what came back in the seven days before.</summary>
    /// <param name="cells">Of a prefix or a country.</param>
    /// <param name="min">From so many texts on it is judged, and the days before are known.</param>
    /// <param name="floor">In percent.</param>
    /// <param name="shareOfPast">In percent.</param>
    /// <returns>Counts what was not proven. Null when nothing is wrong.</returns>
    public static PumpingFinding? Conversion(
        string rule, IEnumerable<TrafficCell> cells, int min, int floor, int shareOfPast, DateTimeOffset now)
    {
        var end = now - Unsettled - TimeSpan.FromMinutes(5);
        var begin = end - ConversionWindow;
        long asked = 0, proven = 0, pastAsked = 0, pastProven = 0;
        foreach (var cell in cells)
        {
            if (cell.Item != TrafficItem.Flows || cell.At > end)
            {
                continue;
            }
            if (cell.At > begin)
            {
                (asked, proven) = (asked + cell.Asked, proven + cell.Proven);
            }
            else if (cell.At > begin - TimeSpan.FromDays(DaysBefore))
            {
                (pastAsked, pastProven) = (pastAsked + cell.Asked, pastProven + cell.Proven);
            }
        }
        if (asked < min)
        {
            return null;
        }
        var past = pastAsked < min ? 0m : (decimal)pastProven / pastAsked;
        var least = decimal.Max(floor / 100m, past * shareOfPast / 100m);
        var max = (long)decimal.Floor(asked * (1 - least));
        return asked - proven > max ? new PumpingFinding(rule, asked - proven, max, ConversionWindow) : null;
    }

    /// <summary>Different numbers of one block of a thousand, one after another.</summary>
    /// <param name="cells">Of the block, with the number that is asked for now.</param>
    /// <param name="tooMany">So many are too many.</param>
    public static PumpingFinding? Sequence(IEnumerable<TrafficCell> cells, int tooMany, DateTimeOffset now)
    {
        var numbers = cells.Where(cell => cell.At > now - SequenceWindow).DistinctBy(cell => cell.Item).Count();
        return numbers >= tooMany ? new PumpingFinding(PumpingRule.Sequence, numbers, tooMany - 1, SequenceWindow) : null;
    }

    /// <summary>One address asks for many prefixes. One for which it has proven something does not count.</summary>
    /// <param name="cells">Of the address, with the prefix that is asked for now.</param>
    public static PumpingFinding? Address(IEnumerable<TrafficCell> cells, int max, DateTimeOffset now)
    {
        var prefixes = cells.Where(cell => cell.At > now - AddressWindow).GroupBy(cell => cell.Item)
            .Count(prefix => prefix.All(cell => cell.Proven == 0));
        return prefixes > max ? new PumpingFinding(PumpingRule.Address, prefixes, max, AddressWindow) : null;
    }

    /// <summary>A country gets many more texts than on any of the seven days before.</summary>
    /// <param name="cells">Of the country, without the text that is asked for now.</param>
    public static PumpingFinding? Growth(IEnumerable<TrafficCell> cells, int factor, int floor, DateTimeOffset now)
    {
        Span<long> days = stackalloc long[DaysBefore + 1];
        foreach (var cell in cells)
        {
            // A cell of a clock that was set back since is of today.
            var day = Math.Max(0, (now - cell.At) / GrowthWindow);
            if (cell.Item == TrafficItem.Texts && day < days.Length)
            {
                days[(int)day] += cell.Asked;
            }
        }
        var greatest = 0L;
        foreach (var day in days[1..])
        {
            greatest = Math.Max(greatest, day);
        }
        var max = Math.Max(floor, factor * greatest);
        return days[0] >= max ? new PumpingFinding(PumpingRule.Growth, days[0] + 1, max, GrowthWindow) : null;
    }

    /// <summary>How long nothing goes where a rule has found something.</summary>
    public static TimeSpan HoldOf(string rule) => TimeSpan.FromHours(rule == PumpingRule.PrefixConversion ? 6 : 1);

    public static AbuseTarget TargetOf(string rule) => rule switch
    {
        PumpingRule.CountryConversion or PumpingRule.Growth => AbuseTarget.Country,
        PumpingRule.Address => AbuseTarget.Address,
        _ => AbuseTarget.Prefix,
    };
}

/// <summary>What a rule has found, with its evidence.</summary>
/// <param name="Count">What was counted in the window.</param>
/// <param name="Max">The most that would have been right.</param>
public sealed record PumpingFinding(string Rule, long Count, long Max, TimeSpan Window)
{
    public override string ToString() => $"{Count} of {Max}";
}
