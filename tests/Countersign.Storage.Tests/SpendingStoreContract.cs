using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Money;
using Countersign.Core.Texts;

namespace Countersign.Storage.Tests;

public abstract class SpendingStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly SpendingOwner _shop = SpendingOwner.Of(ProjectId.Parse("shop"));
    private static readonly DateTimeOffset _now = new(2026, 11, 29, 23, 59, 0, TimeSpan.Zero);

    private SpendingStore Spending => new(Fixture.Database);

    private TextStore Texts => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes);

    [Fact]
    public async Task What_was_charged_is_read()
    {
        Assert.Equal([Spent.Nothing(SpendingOwner.Server, _now), Spent.Nothing(_shop, _now)], await ReadAsync());

        var counted = Assert.IsType<ClaimOutcome.Counted>(await Spending.TryChargeAsync(Charge(0.007501m), Test));

        Spent[] expected =
        [
            new(SpendingOwner.Server, 202611, 20261129, 0.007501m, 0.007501m), new(_shop, 202611, 20261129, 0.007501m, 0.007501m),
        ];
        Assert.Equal(expected, counted.Spent);
        Assert.Equal(expected, await ReadAsync());
        Assert.Equal(expected, await Spending.ListAsync(_now, Test));
    }

    [Fact]
    public async Task What_finds_no_room_for_one_owner_is_counted_for_none()
    {
        await Spending.TryChargeAsync(Charge(0.9m), Test);

        Assert.IsType<ClaimOutcome.Over>(await Spending.TryChargeAsync(Charge(0.11m, ofShop: 1), Test));
        Assert.IsType<ClaimOutcome.Over>(await Spending.TryChargeAsync(Charge(0.11m, ofServer: 1), Test));
        Assert.IsType<ClaimOutcome.Over>(await Spending.TryChargeAsync(Charge(2m, ofShop: 1, at: _now.AddMonths(1)), Test));
        Assert.Equal([0.9m, 0.9m], (await ReadAsync()).Select(spent => spent.InMonth));
        Assert.Equal([0m, 0m], (await ReadAsync(_now.AddMonths(1))).Select(spent => spent.InMonth));

        Assert.IsType<ClaimOutcome.Counted>(await Spending.TryChargeAsync(Charge(0.1m, ofServer: 1, ofShop: 1), Test));
    }

    [Fact]
    public async Task A_new_day_begins_at_nothing_and_a_new_month_too()
    {
        await Spending.TryChargeAsync(Charge(1m), Test);
        await Spending.TryChargeAsync(Charge(2m, at: _now.AddMinutes(1)), Test);
        // A node whose clock is behind counts in the day that has begun.
        await Spending.TryChargeAsync(Charge(4m), Test);
        await Spending.TryChargeAsync(Charge(8m, at: _now.AddDays(2)), Test);

        var (november, december) = ((await ReadAsync())[1], (await ReadAsync(_now.AddDays(2)))[1]);

        Assert.Equal((20261130, 6m, 7m), (november.Day, november.OnDay, november.InMonth));
        Assert.Equal((20261201, 8m, 8m), (december.Day, december.OnDay, december.InMonth));
    }

    [Fact]
    public async Task Of_two_hundred_charges_at_once_on_two_nodes_as_many_are_counted_as_there_is_room_for()
    {
        await using var otherNode = Fixture.Open();
        var other = new SpendingStore(otherNode);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(
            () => (i % 2 == 0 ? Spending : other).TryChargeAsync(Charge(0.1m, ofServer: 100, ofShop: 0.75m), Test), Test)));

        Assert.Equal(7, outcomes.Count(outcome => outcome is ClaimOutcome.Counted));
        Assert.Equal([0.7m, 0.7m], (await ReadAsync()).Select(spent => spent.InMonth));
    }

    [Fact]
    public async Task An_attempt_and_its_cost_are_saved_together()
    {
        var stored = await AddTextAsync();
        var begun = Begun(stored, 0.5m);

        Assert.IsType<ClaimOutcome.Counted>(await Texts.TryClaimAsync(begun, Charge(0.5m, ofShop: 1), Test));

        Assert.Equal(begun with { Version = 1 }, await Texts.FindAsync(stored.Text.Id, Test));
        Assert.Equal([0.5m, 0.5m], (await ReadAsync()).Select(spent => spent.InMonth));
    }

    [Fact]
    public async Task An_attempt_that_finds_no_room_does_not_begin()
    {
        var stored = await AddTextAsync();

        Assert.IsType<ClaimOutcome.Over>(await Texts.TryClaimAsync(Begun(stored, 2m), Charge(2m, ofShop: 1), Test));

        Assert.Equal(stored, await Texts.FindAsync(stored.Text.Id, Test));
        Assert.Equal([0m, 0m], (await ReadAsync()).Select(spent => spent.InMonth));
    }

    [Fact]
    public async Task Of_two_who_begin_an_attempt_of_one_text_one_pays()
    {
        await using var otherNode = Fixture.Open();
        var other = new TextStore(otherNode, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes);
        var stored = await AddTextAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => (i % 2 == 0 ? Texts : other).TryClaimAsync(Begun(stored, 0.5m), Charge(0.5m, ofShop: 100), Test), Test)));

        Assert.Single(outcomes, outcome => outcome is ClaimOutcome.Counted);
        Assert.Equal(19, outcomes.Count(outcome => outcome is ClaimOutcome.Taken));
        Assert.Equal([0.5m, 0.5m], (await ReadAsync()).Select(spent => spent.InMonth));
    }

    [Fact]
    public async Task What_cost_nothing_is_given_back_once_and_with_its_text()
    {
        var stored = await AddTextAsync();
        await Texts.TryClaimAsync(Begun(stored, 0.5m), Charge(0.5m), Test);
        var begun = (await Texts.FindAsync(stored.Text.Id, Test))!;
        var over = begun with { Fate = TextMachine.Next(begun.Fate, new TextEvent.TurnedDown(1, SmsRefusal.Other), _now) };
        var back = over.Fate.BackSince(begun.Fate)!;

        Assert.True(await Texts.TrySaveAsync(over, back, Test));
        Assert.False(await Texts.TrySaveAsync(over, back, Test));

        Assert.Equal([(0m, 0m), (0m, 0m)], (await ReadAsync()).Select(spent => (spent.OnDay, spent.InMonth)));
    }

    [Fact]
    public async Task What_is_given_back_the_day_after_leaves_that_day_alone()
    {
        await Spending.TryChargeAsync(Charge(1m), Test);
        await Spending.TryChargeAsync(Charge(2m, at: _now.AddDays(1)), Test);

        await Spending.GiveBackAsync(Charge(1m), Test);

        Assert.Equal([(2m, 2m), (2m, 2m)], (await ReadAsync()).Select(spent => (spent.OnDay, spent.InMonth)));
    }

    [Fact]
    public async Task An_amount_is_told_once_for_each_window()
    {
        await using var otherNode = Fixture.Open();
        var other = new SpendingStore(otherNode);
        await Spending.TryChargeAsync(Charge(1m), Test);

        foreach (var window in Enum.GetValues<CapWindow>())
        {
            var told = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(
                () => (i % 2 == 0 ? Spending : other).TryTellAsync(_shop, window, 0.5m, _now, Test), Test)));
            Assert.Single(told, isFirst => isFirst);
            Assert.True(await Spending.TryTellAsync(_shop, window, 0.8m, _now, Test));
            Assert.False(await Spending.TryTellAsync(_shop, window, 0.5m, _now, Test));
        }
        var spent = (await ReadAsync())[1];
        Assert.Equal((1m, 0.8m, 0.8m), (spent.OnDay, spent.ToldOfDay, spent.ToldOfMonth));

        await Spending.TryChargeAsync(Charge(1m, at: _now.AddDays(1)), Test);
        Assert.True(await Spending.TryTellAsync(_shop, CapWindow.Day, 0.5m, _now.AddDays(1), Test));
        Assert.False(await Spending.TryTellAsync(_shop, CapWindow.Month, 0.5m, _now.AddDays(1), Test));
        // Nothing was ever spent: a cap may be smaller than one text.
        Assert.True(await Spending.TryTellAsync(SpendingOwner.Of(ProjectId.Parse("bank")), CapWindow.Day, 0.5m, _now, Test));
        Assert.True(await Spending.TryTellAsync(SpendingOwner.Of(ProjectId.Parse("club")), CapWindow.Month, 0.5m, _now, Test));
    }

    [Fact]
    public async Task Months_that_are_long_over_are_removed()
    {
        await Spending.TryChargeAsync(Charge(1m, at: _now.AddMonths(-2)), Test);
        await Spending.TryChargeAsync(Charge(2m, at: _now.AddMonths(-1)), Test);
        await Spending.TryChargeAsync(Charge(4m), Test);

        Assert.Equal(0, await Spending.RemoveAsync(_now.AddMonths(-2), limit: 10, Test));
        Assert.Equal(1, await Spending.RemoveAsync(_now, limit: 1, Test));
        Assert.Equal(3, await Spending.RemoveAsync(_now, limit: 10, Test));

        Assert.Equal([4m, 4m], (await ReadAsync()).Select(spent => spent.InMonth));
        Assert.Equal([0m, 0m], (await ReadAsync(_now.AddMonths(-1))).Select(spent => spent.InMonth));
    }

    private static SpendingCharge Charge(
        decimal amount, decimal? ofServer = null, decimal? ofShop = null, DateTimeOffset? at = null) => new(
            amount, at ?? _now, [new CappedOwner(SpendingOwner.Server, CapsOf(ofServer)), new CappedOwner(_shop, CapsOf(ofShop))]);

    private static Caps? CapsOf(decimal? perMonth) => perMonth is null ? null : new Caps(PerDay: null, perMonth, "USD");

    private static StoredText Begun(StoredText stored, decimal amount)
    {
        var begun = new TextEvent.Begun(GatewayName.Parse("alpha"), AwaitsHandover: false, AttemptCost.Of(Charge(amount)));
        return stored with { Fate = TextMachine.Next(stored.Fate, begun, _now) };
    }

    private Task<IReadOnlyList<Spent>> ReadAsync(DateTimeOffset? at = null) =>
        Spending.ReadAsync([SpendingOwner.Server, _shop], at ?? _now, Test);

    private async Task<StoredText> AddTextAsync()
    {
        var flows = new FlowStore(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));
        var flow = Sample.Flow();
        await flows.AddAsync(flow, Test);
        var text = Sample.Text(flow) with { Project = _shop.Project };
        await flows.TrySaveAsync(new Decision(flow, text), Test);
        return (await Texts.FindAsync(text.Id, Test))!;
    }
}

public sealed class SpendingStoreOnSqlite(SqliteFixture fixture) : SpendingStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class SpendingStoreOnPostgres(PostgresFixture fixture) : SpendingStoreContract(fixture), IClassFixture<PostgresFixture>;
