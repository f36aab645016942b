using Countersign.Core.Limits;

namespace Countersign.Core.Tests.Limits;

public sealed class LimitTests
{
    private static readonly DateTimeOffset _noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);
    private static readonly Counter _none = Counter.Empty(new CounterKey(new SecretHash(new string('a', 64))));

    /// <summary>Minutes and costs of charges, the cost of another at noon, and until when it is refused: null when it is not.</summary>
    public static TheoryData<(int Minutes, int Cost)[], int, int?> Windows => new()
    {
        { [], 1, null },
        { [], 4, 60 },
        { [(-30, 1), (-20, 1)], 1, null },
        { [(-30, 1), (-20, 1), (-10, 1)], 1, 30 },
        { [(-60, 3)], 3, null },
        { [(-59, 3)], 1, 1 },
        { [(-50, 1), (-40, 1), (-30, 1)], 2, 20 },
        { [(-50, 2), (-30, 1)], 2, 10 },
        // A clock that was set back since.
        { [(10, 3)], 1, 70 },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_window_rolls((int Minutes, int Cost)[] charges, int cost, int? until)
    {
        var counter = _none with { Charges = [.. charges.Select(one => new Charge(_noon.AddMinutes(one.Minutes), one.Cost, Project: 1))] };

        var reached = new Limit("test", Max: 3, _hour).Judge(counter, project: 1, cost, _noon);

        Assert.Equal(until is { } minutes ? _noon.AddMinutes(minutes) : null, reached?.Until);
    }

    [Fact]
    public void What_another_project_has_done_counts_for_the_line_alone()
    {
        var counter = _none with { Charges = [new(_noon, 2, Project: 1), new(_noon, 1, Project: 2)] };

        Assert.Null(new Limit("test", Max: 2, _hour, IsOfProject: true).Judge(counter, project: 2, 1, _noon));
        Assert.Equal(2, new Limit("test", Max: 2, _hour, IsOfProject: true).Judge(counter, project: 1, 1, _noon)!.Count);
        Assert.Equal(3, new Limit("test", Max: 3, _hour).Judge(counter, project: 2, 1, _noon)!.Count);
    }

    [Fact]
    public void No_window_holds_more_than_its_limit_whenever_somebody_tries()
    {
        var random = new Random(1);
        var limit = new Limit("test", Max: 5, _hour);
        var counter = _none;
        var permitted = new List<DateTimeOffset>();
        var now = _noon;
        for (var i = 0; i < 2000; i++)
        {
            now = now.AddSeconds(random.Next(0, 600));
            if (limit.Judge(counter, 1, 1, now) is not { } reached)
            {
                permitted.Add(now);
                counter = counter.With(new Charge(now, 1, 1), _hour);
            }
            else
            {
                Assert.NotNull(limit.Judge(counter, 1, 1, reached.Until.AddTicks(-1)));
                Assert.Null(limit.Judge(counter, 1, 1, reached.Until));
            }
        }

        Assert.All(permitted, end => Assert.InRange(permitted.Count(at => at > end - _hour && at <= end), 1, 5));
    }

    [Fact]
    public void Too_many_charges_become_fewer_and_count_no_less()
    {
        var counter = _none;
        for (var i = 0; i < 500; i++)
        {
            counter = counter.With(new Charge(_noon.AddSeconds(i), 1, Project: 1 + (i % 3)), TimeSpan.FromDays(1));
        }

        Assert.Equal(Counter.MaxCharges, counter.Charges.Count);
        Assert.Equal(500, counter.Charges.Sum(charge => charge.Cost));
        Assert.Equal(167, counter.Charges.Where(charge => charge.Project == 1).Sum(charge => charge.Cost));
        // Those of the first minute count at least as long as they would have.
        Assert.Equal(500, counter.Within(TimeSpan.FromSeconds(500), _noon.AddSeconds(499)).Sum(charge => charge.Cost));
    }

    [Theory]
    [InlineData(6, "0.00001", 5)]
    [InlineData(6, "0.000006", 3)]
    [InlineData(4, "0.0006", 3)]
    [InlineData(5, "0.0006", 30)]
    [InlineData(4, "0.01", 50)]
    [InlineData(4, "0.00001", 0)]
    public void A_project_has_as_many_guesses_as_half_of_the_probability_allows(int digits, string probability, int guesses)
    {
        var cost = GuessLimits.CostOf(digits, decimal.Parse(probability, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(guesses, GuessLimits.Day / 2 / cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_limit_that_is_reached_is_told_with_what_was_counted_and_until_when(bool isShadow)
    {
        var reached = new LimitReached(LimitRule.TextsOfAddress, 60, 60, _hour, _noon.AddMinutes(5));

        var fact = reached.ToFact(_noon, isShadow);

        Assert.Equal(
            new FlowEvent(_noon, FlowEventCode.BudgetSpent)
            {
                Limit = new LimitEvidence(LimitRule.TextsOfAddress, 60, 60, Seconds: 3600, _noon.AddMinutes(5), isShadow),
            },
            fact);
        Assert.Equal(_noon.AddMinutes(5), reached.End);
        Assert.False(reached.ToFact(_noon).Limit!.IsShadow);
        Assert.False(reached.ToEvidence().IsShadow);
        Assert.True(reached.IsToldBy(fact, _noon.AddMinutes(5).AddTicks(-1)));
        Assert.False(reached.IsToldBy(fact, _noon.AddMinutes(5)));
        Assert.False((reached with { Rule = LimitRule.TextsOfClient }).IsToldBy(fact, _noon));
        Assert.False(reached.IsToldBy(new FlowEvent(_noon, FlowEventCode.BudgetSpent), _noon));
    }

    [Fact]
    public void Another_number_is_no_way_around_what_counts_all_of_them() => Assert.Equal(
        [LimitRule.EntriesOfProject, LimitRule.TextsOfClient], LimitRule.All.Where(LimitRule.IsOfAllNumbers));

    [Theory]
    [InlineData(0, "1")]
    [InlineData(1, "0.1")]
    [InlineData(4, "0.0001")]
    [InlineData(6, "0.000001")]
    public void Each_digit_makes_a_guess_ten_times_less_likely(int digits, string chance) => Assert.Equal(
        decimal.Parse(chance, System.Globalization.CultureInfo.InvariantCulture), GuessLimits.ChanceOf(digits));

    [Fact]
    public void No_guess_is_more_than_a_whole_day() => Assert.Equal(GuessLimits.Day, GuessLimits.CostOf(1, 0.01m));

    [Fact]
    public void What_asks_for_nothing_is_refused_as_a_charge_is_and_charges_nothing()
    {
        var charged = new CounterChange(_none, _none.With(new Charge(_noon, 1, 1), _hour), _hour);

        Assert.Equal(charged with { After = _none }, new Allowance.Possible(charged).Uncharged);
    }

    [Fact]
    public void The_names_of_limits_are_for_ever() => Assert.Equal(
        [
            "guesses.line", "guesses.project", "entries.project", "names.line", "names.project", "texts.line.hour", "texts.line.day",
            "texts.project.hour", "texts.project.day", "texts.address", "texts.client", "texts.prefix", "texts.country",
        ],
        LimitRule.All);
}
