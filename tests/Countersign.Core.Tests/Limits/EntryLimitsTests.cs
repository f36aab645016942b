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

    /// <summary>What it says of a wrong entry and of a right one after so many wrong ones, and whether a code may still be sent.</summary>
    [Theory]
    [Trait("attack", "S04")]
    [InlineData(LimitMode.Enforce, 1, null, null, true)]
    [InlineData(LimitMode.Enforce, 2, LimitMode.Enforce, LimitMode.Enforce, false)]
    [InlineData(LimitMode.Shadow, 1, null, null, true)]
    [InlineData(LimitMode.Shadow, 2, LimitMode.Shadow, null, true)]
    [InlineData(LimitMode.Off, 2, null, null, true)]
    public async Task After_too_many_wrong_ones_a_right_one_is_worth_nothing_either(
        LimitMode mode, int before, LimitMode? wrong, LimitMode? right, bool maySend)
    {
        var limits = Limits(new BudgetOptions { WrongCodesPerProject = 2, WrongCodes = mode });
        for (var n = 0; n < before; n++)
        {
            Assert.Null(await limits.AskAsync(_shop, isRight: false, Test));
        }

        Assert.Equal(right, (await limits.AskAsync(_shop, isRight: true, Test))?.Mode);
        Assert.Equal(maySend, await limits.JudgeAsync(_shop, Test) is null);
        Assert.Equal(wrong, (await limits.AskAsync(_shop, isRight: false, Test))?.Mode);
        Assert.Null(await limits.AskAsync(ProjectId.Parse("bank"), isRight: false, Test));
    }

    [Fact]
    public async Task Right_ones_count_for_nothing_and_wrong_ones_for_an_hour()
    {
        var limits = Limits(new BudgetOptions { WrongCodesPerProject = 1, WrongCodes = LimitMode.Enforce });
        for (var n = 0; n < 3; n++)
        {
            Assert.Null(await limits.AskAsync(_shop, isRight: true, Test));
        }

        Assert.Null(await limits.AskAsync(_shop, isRight: false, Test));
        Assert.Equal((LimitRule.EntriesOfProject, 1, 1), await ReachedAsync(limits));

        _clock.Now += TimeSpan.FromMinutes(59);
        Assert.Equal((LimitRule.EntriesOfProject, 1, 1), await ReachedAsync(limits));
        _clock.Now += TimeSpan.FromMinutes(1);
        Assert.Null(await limits.AskAsync(_shop, isRight: false, Test));
    }

    [Fact]
    public async Task Where_nothing_is_set_nothing_is_counted()
    {
        Assert.Null(await Limits(new BudgetOptions { WrongCodes = LimitMode.Enforce }).AskAsync(_shop, isRight: false, Test));

        Assert.Empty((await _counters.ReadAsync(new CounterKeys(new SecretHasher(new byte[32])).OfEntries(_shop), Test)).Charges);
    }

    private static async Task<(string, long, long)> ReachedAsync(EntryLimits limits)
    {
        var reached = (await limits.AskAsync(_shop, isRight: false, Test))!.Reached;
        return (reached.Rule, reached.Count, reached.Max);
    }

    private EntryLimits Limits(BudgetOptions options) =>
        new(new LeasedCounters(_counters, new Turns(_clock), _clock), new CounterKeys(new SecretHasher(new byte[32])), options);
}
