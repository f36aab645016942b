using Countersign.Core.Keys;
using Countersign.Core.Limits;

namespace Countersign.Core.Tests.Limits;

public sealed class CounterTests
{
    private static readonly DateTimeOffset _noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);
    private static readonly Counter _none = Counter.Empty(new CounterKey(new SecretHash(new string('a', 64))));

    [Fact]
    public void Charges_stand_in_the_order_of_their_moments()
    {
        var counter = _none.With(new Charge(_noon, 1, 1), _day).With(new Charge(_noon.AddHours(-1), 2, 1), _day, _noon);

        Assert.Equal([2, 1], counter.Charges.Select(charge => charge.Cost));
    }

    [Fact]
    public void A_moment_is_kept_in_milliseconds_and_never_earlier()
    {
        Assert.Equal(_noon.AddMilliseconds(1), Assert.Single(_none.With(new Charge(_noon.AddTicks(1), 1, 1), _day).Charges).At);
        Assert.Equal(_noon, Assert.Single(_none.With(new Charge(_noon, 1, 1), _day).Charges).At);
    }

    [Fact]
    public void What_is_older_than_the_window_goes_with_the_next_charge()
    {
        var counter = _none.With(new Charge(_noon, 1, 1), _day).With(new Charge(_noon + _day, 2, 1), _day);

        Assert.Equal(2, Assert.Single(counter.Charges).Cost);
    }

    [Theory]
    [InlineData(1, 7, "19 27 28")]
    [InlineData(2, 7, "17 19 28")]
    [InlineData(1, 9, "17 27 28")]
    [InlineData(2, 9, "17 19 27 28")]
    public void What_a_project_has_charged_for_an_item_is_taken_back_alone(int project, int item, string left)
    {
        var counter = _none with
        {
            Charges = [new(_noon, 1, 1, 7), new(_noon, 1, 1, 9), new(_noon, 1, 2, 7), new(_noon, 1, 2, 8)],
        };

        var charges = counter.Without(project, item).Charges;

        Assert.Equal(left, string.Join(' ', charges.Select(charge => $"{charge.Project}{charge.Item}")));
    }

    [Fact]
    public void It_counts_until_its_last_charge_is_over()
    {
        var counter = _none with { Charges = [new(_noon.AddHours(2), 1, 1), new(_noon, 1, 1)] };

        Assert.Equal(_noon.AddHours(26), counter.EndOf(_day));
        Assert.Equal(DateTimeOffset.MinValue, _none.EndOf(_day));
    }

    [Fact]
    public void The_nearest_charges_of_a_project_are_joined_at_the_later_moment()
    {
        var charges = Enumerable.Range(0, Counter.MaxCharges).Select(i => new Charge(_noon.AddMinutes(10 * i), 1, Project: 1)).ToList();
        charges[30] = charges[30] with { At = charges[29].At.AddMinutes(1) };

        var counter = (_none with { Charges = charges }).With(new Charge(_noon.AddMinutes(640), 1, Project: 1), _day);

        Assert.Equal(Counter.MaxCharges, counter.Charges.Count);
        Assert.Equal((charges[30].At, 2L), (counter.Charges[29].At, counter.Charges[29].Cost));
        Assert.All(counter.Charges.Where((_, i) => i != 29), charge => Assert.Equal(1, charge.Cost));
    }

    [Fact]
    public void What_must_not_be_counted_twice_is_never_joined()
    {
        var counter = _none;
        for (var i = 0; i < 100; i++)
        {
            counter = counter.With(new Charge(_noon.AddSeconds(i), 1, Project: 1, Item: i + 1), _day);
        }

        Assert.Equal(100, counter.Charges.Count);
        Assert.Equal(100, counter.Charges.DistinctBy(charge => charge.Item).Count());
    }

    [Fact]
    public void Neighbours_of_different_projects_are_never_joined()
    {
        var counter = _none;
        for (var i = 0; i < 100; i++)
        {
            counter = counter.With(new Charge(_noon.AddSeconds(i), 1, Project: i + 1), _day);
        }

        Assert.Equal(100, counter.Charges.DistinctBy(charge => charge.Project).Count());
    }

    [Fact]
    public void What_is_counted_has_keys_apart_and_names_nobody()
    {
        var keys = new CounterKeys(new SecretHasher(new byte[32]));
        var line = PhoneNumber.Parse("+12025550142");
        CounterKey[] all =
        [
            keys.OfGuesses(line), keys.OfTexts(line), keys.OfNames(line), keys.OfPrefix(line), keys.OfAddress(line.E164),
            keys.OfCountry("US"), keys.OfCountry("GB"),
            keys.OfClient(ClientId.Parse("client-one")), keys.OfClient(ClientId.Parse("client-two")),
            keys.OfTexts(PhoneNumber.Parse("+12025550143")), keys.OfPrefix(PhoneNumber.Parse("+12025560142")),
        ];

        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, key => Assert.Equal("***", key.ToString()));
        Assert.Equal(keys.OfPrefix(line), keys.OfPrefix(PhoneNumber.Parse("+12025559999")));
        Assert.NotEqual(keys.TagOf(ProjectId.Parse("one")), keys.TagOf(ProjectId.Parse("two")));
        Assert.NotEqual(keys.TagOf(ProjectId.Parse("one")), keys.TagOf("other", "one"));
        Assert.All(Enumerable.Range(0, 50), i => Assert.NotEqual(0, keys.TagOf("test", $"{i}") & 1));
    }

    [Fact]
    public void Texts_of_limits_hold_nothing_personal()
    {
        var limit = new Limit("test", Max: 3, _day);

        Assert.Equal("3 in 1.00:00:00", limit.ToString());
        Assert.Equal("0 charges", _none.ToString());
        Assert.Equal("3 of 3", new LimitReached("test", 3, 3, _day, _noon).ToString());
        Assert.Equal("***", new BrowserNetwork("203.0.113.7", IsOfOne: true).ToString());
    }
}
