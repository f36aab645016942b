using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Limits;

public sealed class EntryLimitsTests
{
    private static readonly ProjectId _shop = ProjectId.Parse("shop");

    private readonly MemoryCounters _counters = new();
    private readonly StillClock _clock = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>
    /// After so many wrong codes of two that are permitted: whether one more may be entered, and as what the next wrong one is told.
    /// </summary>
    [Theory]
    [Trait("attack", "S04")]
    [InlineData(LimitMode.Enforce, 1, true, null)]
    [InlineData(LimitMode.Enforce, 2, false, LimitMode.Enforce)]
    [InlineData(LimitMode.Shadow, 1, true, null)]
    [InlineData(LimitMode.Shadow, 2, true, LimitMode.Shadow)]
    [InlineData(LimitMode.Off, 2, true, null)]
    public async Task Too_many_wrong_ones_are_told_and_enforced_leave_none(LimitMode mode, int before, bool mayEnter, LimitMode? told)
    {
        var limits = Limits(new BudgetOptions { WrongCodesPerProject = 2, WrongCodes = mode });
        for (var n = 0; n < before; n++)
        {
            Assert.Null(await limits.CountAsync(_shop));
        }

        Assert.Equal(mayEnter, await limits.JudgeAsync(_shop, Test) is null);
        Assert.Equal(told, (await limits.CountAsync(_shop))?.Mode);
        Assert.Null(await limits.JudgeAsync(ProjectId.Parse("bank"), Test));
        Assert.Null(await limits.CountAsync(ProjectId.Parse("bank")));
    }

    [Fact]
    public async Task It_is_told_once_an_hour_for_each_project()
    {
        var limits = Limits(new BudgetOptions { WrongCodesPerProject = 1 });
        var bank = ProjectId.Parse("bank");
        await limits.CountAsync(_shop);
        await limits.CountAsync(bank);

        Assert.Equal((LimitRule.EntriesOfProject, 1, 1), await ToldAsync(limits, _shop));
        Assert.Null(await limits.CountAsync(_shop));
        Assert.NotNull(await limits.CountAsync(bank));

        _clock.Now += TimeSpan.FromMinutes(59);
        Assert.Null(await limits.CountAsync(_shop));
        _clock.Now += TimeSpan.FromMinutes(1);
        Assert.Null(await limits.CountAsync(_shop));
        Assert.Equal((LimitRule.EntriesOfProject, 1, 1), await ToldAsync(limits, _shop));
    }

    [Fact]
    public async Task What_is_over_gives_room_after_an_hour()
    {
        var limits = Limits(new BudgetOptions { WrongCodesPerProject = 1, WrongCodes = LimitMode.Enforce });
        await limits.CountAsync(_shop);

        _clock.Now += TimeSpan.FromMinutes(59);
        Assert.Equal(_clock.Now.AddMinutes(1), (await limits.JudgeAsync(_shop, Test))?.Until);
        _clock.Now += TimeSpan.FromMinutes(1);
        Assert.Null(await limits.JudgeAsync(_shop, Test));
    }

    [Fact]
    public async Task A_store_that_cannot_count_keeps_nobody_from_an_entry_that_was_stored()
    {
        var limits = Limits(new BudgetOptions { WrongCodesPerProject = 1, WrongCodes = LimitMode.Enforce });
        _counters.BeforeSave = () => throw new UnavailableException("it is away", TimeSpan.FromSeconds(1));

        Assert.Null(await limits.CountAsync(_shop));
    }

    [Fact]
    public async Task Where_nothing_is_set_nothing_is_counted()
    {
        Assert.Null(await Limits(new BudgetOptions { WrongCodes = LimitMode.Enforce }).CountAsync(_shop));

        Assert.Empty((await _counters.ReadAsync(new CounterKeys(new SecretHasher(new byte[32])).OfEntries(_shop), Test)).Charges);
    }

    private static async Task<(string, long, long)> ToldAsync(EntryLimits limits, ProjectId project)
    {
        var reached = (await limits.CountAsync(project))!.Reached;
        return (reached.Rule, reached.Count, reached.Max);
    }

    private EntryLimits Limits(BudgetOptions options) => new(
        new LeasedCounters(_counters, new Turns(_clock), _clock), new CounterKeys(new SecretHasher(new byte[32])), options, _clock);
}
