using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Limits;

public sealed class TextLimitsTests
{
    private static readonly DateTimeOffset _noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly PhoneNumber _line = PhoneNumber.Parse("+12025550142");

    private readonly MemoryCounters _counters = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>Texts that projects have sent at noon, and the rule by which another of a project is refused minutes later.</summary>
    public static TheoryData<int?, int?, string, string, int, string?> Cases => new()
    {
        { 2, 4, "a", "a", 10, null },
        { 2, 4, "aa", "a", 10, LimitRule.TextsOfProjectInHour },
        { 2, 4, "aa", "a", 60, null },
        { 2, 4, "aa", "b", 10, null },
        { 2, 4, "aabb", "c", 10, LimitRule.TextsOfLineInHour },
        { 2, 4, "aabb", "c", 60, null },
        { null, 2, "aa", "a", 70, LimitRule.TextsOfProjectInDay },
        { null, 2, "aabb", "c", 70, LimitRule.TextsOfLineInDay },
        { null, 2, "aab", "c", 70, null },
        { null, 2, "aabb", "c", 24 * 60, null },
        { 2, null, "aabb", "c", 60, null },
        // Of two that are reached, the one that lasts longer.
        { 2, 2, "aa", "a", 10, LimitRule.TextsOfProjectInDay },
        { null, null, "aaaaaaaaaaaaaaaaaaaaaaaa", "a", 0, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_line_gets_no_more_texts_than_its_limits_allow(
        int? perHour, int? perDay, string sent, string project, int minutes, string? rule)
    {
        var limits = Limits(new TextLimitOptions { PerHour = perHour, PerDay = perDay });
        foreach (var sender in sent)
        {
            await SendAsync(limits, sender.ToString(), _noon);
        }

        var allowance = await limits.JudgeAsync(_line, ProjectId.Parse(project), _noon.AddMinutes(minutes), Test);

        Assert.Equal(rule, (allowance as Allowance.Over)?.Reached.Rule);
    }

    [Fact]
    public async Task Another_line_has_a_count_of_its_own()
    {
        var limits = Limits(new TextLimitOptions { PerHour = 1 });
        await SendAsync(limits, "a", _noon);

        Assert.IsType<Allowance.Possible>(await limits.JudgeAsync(PhoneNumber.Parse("+12025550143"), ProjectId.Parse("a"), _noon, Test));
        Assert.IsType<Allowance.Over>(await limits.JudgeAsync(_line, ProjectId.Parse("a"), _noon, Test));
    }

    [Fact]
    public async Task Guesses_do_not_spend_texts()
    {
        var guesses = new GuessLimits(_counters, Keys, new BudgetOptions { GuessProbability = 0.00001m });
        for (var i = 0; i < 5; i++)
        {
            var guess = await guesses.JudgeAsync(_line, ProjectId.Parse("a"), 6, 0.00001m, _noon, Test);
            Assert.True(await _counters.TrySaveAsync(Assert.IsType<Allowance.Possible>(guess).Charged, Test));
        }

        var over = Assert.IsType<Allowance.Over>(await guesses.JudgeAsync(_line, ProjectId.Parse("a"), 6, 0.00001m, _noon, Test));
        Assert.Equal(LimitRule.GuessesOfProject, over.Reached.Rule);
        Assert.IsType<Allowance.Possible>(await guesses.JudgeAsync(_line, ProjectId.Parse("b"), 6, 0.00001m, _noon, Test));
        Assert.IsType<Allowance.Possible>(
            await Limits(new TextLimitOptions { PerHour = 1 }).JudgeAsync(_line, ProjectId.Parse("a"), _noon, Test));
    }

    private static CounterKeys Keys => new(new SecretHasher(new byte[32]));

    private TextLimits Limits(TextLimitOptions options) => new(_counters, Keys, options);

    private async Task SendAsync(TextLimits limits, string project, DateTimeOffset at)
    {
        if (await limits.JudgeAsync(_line, ProjectId.Parse(project), at, Test) is Allowance.Possible { Charged: var charged })
        {
            Assert.True(await _counters.TrySaveAsync(charged, Test));
        }
    }
}
