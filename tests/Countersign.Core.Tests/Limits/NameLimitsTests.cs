using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Limits;

public sealed class NameLimitsTests
{
    private static readonly DateTimeOffset _noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly PhoneNumber _line = PhoneNumber.Parse("+12025550142");
    private static readonly ProjectId _one = ProjectId.Parse("one");
    private static readonly ProjectId _two = ProjectId.Parse("two");

    private readonly MemoryCounters _counters = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_project_may_try_so_many_names_in_a_day()
    {
        var limits = Limits(perProject: 3, perLine: 10);
        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<NameTry.Charged>(await TryAsync(limits, _one, $"Name{i}", _noon.AddHours(i)));
        }

        var over = Assert.IsType<NameTry.Over>(await TryAsync(limits, _one, "Other", _noon.AddHours(3))).Reached;
        Assert.Equal((LimitRule.NamesOfProject, 3, 3, _noon.AddDays(1)), (over.Rule, over.Count, over.Max, over.Until));
        Assert.IsType<NameTry.Charged>(await TryAsync(limits, _two, "Other", _noon.AddHours(3)));
        Assert.IsType<NameTry.Over>(await TryAsync(limits, _one, "Other", over.Until.AddMilliseconds(-1)));
        Assert.IsType<NameTry.Charged>(await TryAsync(limits, _one, "Other", over.Until));
    }

    [Fact]
    public async Task All_projects_together_may_try_so_many_different_names()
    {
        var limits = Limits(perProject: 3, perLine: 4);
        for (var i = 0; i < 3; i++)
        {
            await TryAsync(limits, _one, $"Name{i}", _noon);
        }
        await TryAsync(limits, _two, "Name3", _noon.AddHours(1));

        var over = Assert.IsType<NameTry.Over>(await TryAsync(limits, _two, "Name4", _noon.AddHours(2))).Reached;
        Assert.Equal((LimitRule.NamesOfLine, 4, 4, _noon.AddDays(1)), (over.Rule, over.Count, over.Max, over.Until));
        // New to this project alone: the line's count stays.
        Assert.IsType<NameTry.Charged>(await TryAsync(limits, _two, "Name0", _noon.AddHours(2)));
    }

    [Fact]
    public async Task A_name_that_two_projects_have_tried_counts_once_for_the_line()
    {
        var limits = Limits(perProject: 2, perLine: 2);
        await TryAsync(limits, _one, "Name0", _noon);
        await TryAsync(limits, _two, "Name0", _noon);

        Assert.IsType<NameTry.Charged>(await TryAsync(limits, _two, "Name1", _noon));
        Assert.IsType<NameTry.Over>(await TryAsync(limits, ProjectId.Parse("three"), "Name2", _noon));
    }

    [Theory]
    [InlineData("Lori", "Lori", 1)]
    [InlineData("Lori", "LORI", 1)]
    [InlineData("Zoë", "zoe", 1)]
    [InlineData("Lori", "Laura", 2)]
    public async Task A_name_counts_once_in_whatever_spelling(string first, string second, int saves)
    {
        var limits = Limits(perProject: 5, perLine: 5);

        var before = await TryAsync(limits, _one, first, _noon);
        var after = await TryAsync(limits, _one, second, _noon.AddHours(1));

        Assert.Equal(saves, _counters.Saves);
        Assert.Equal(saves == 1, before == after);
    }

    [Fact]
    public async Task The_longer_lasting_of_two_limits_is_told()
    {
        var limits = Limits(perProject: 2, perLine: 2);
        await TryAsync(limits, _two, "Name0", _noon);
        await TryAsync(limits, _one, "Name1", _noon.AddHours(1));
        await TryAsync(limits, _one, "Name0", _noon.AddHours(2));

        var over = Assert.IsType<NameTry.Over>(await TryAsync(limits, _one, "Name2", _noon.AddHours(3))).Reached;

        Assert.Equal((LimitRule.NamesOfProject, _noon.AddHours(25)), (over.Rule, over.Until));
    }

    [Fact]
    public async Task A_name_that_matched_costs_nothing()
    {
        var limits = Limits(perProject: 1, perLine: 1);
        var tried = await TryAsync(limits, _one, "Lori", _noon);
        Assert.IsType<NameTry.Over>(await TryAsync(limits, _one, "Laura", _noon));

        await limits.GiveBackAsync(tried);
        Assert.IsType<NameTry.Charged>(await TryAsync(limits, _one, "Laura", _noon));

        var saves = _counters.Saves;
        await limits.GiveBackAsync(tried);
        Assert.Equal(saves, _counters.Saves);
    }

    [Fact]
    public async Task What_is_given_back_while_others_try_counts_no_more_and_theirs_does()
    {
        var limits = Limits(perProject: 1, perLine: 2);
        var tried = await TryAsync(limits, _one, "Lori", _noon);
        _counters.BeforeSave = () => TryAsync(limits, _two, "Laura", _noon);

        await limits.GiveBackAsync(tried);

        Assert.IsType<NameTry.Over>(await TryAsync(limits, _two, "Lara", _noon));
        Assert.IsType<NameTry.Charged>(await TryAsync(limits, _one, "Lara", _noon));
    }

    [Fact]
    public async Task What_others_tried_is_not_given_back()
    {
        var limits = Limits(perProject: 1, perLine: 2);
        var tried = await TryAsync(limits, _one, "Lori", _noon);
        await TryAsync(limits, _two, "Laura", _noon);

        await limits.GiveBackAsync(tried);

        Assert.IsType<NameTry.Over>(await TryAsync(limits, _two, "Lara", _noon));
        Assert.IsType<NameTry.Charged>(await TryAsync(limits, _one, "Lara", _noon));
    }

    [Theory]
    [InlineData(null, 1, LimitRule.NamesOfLine)]
    [InlineData(1, null, LimitRule.NamesOfProject)]
    public async Task One_limit_alone_holds(int? perProject, int? perLine, string rule)
    {
        var limits = Limits(perProject, perLine);
        await TryAsync(limits, _one, "Lori", _noon);

        Assert.Equal(rule, Assert.IsType<NameTry.Over>(await TryAsync(limits, _one, "Laura", _noon)).Reached.Rule);
    }

    [Fact]
    public async Task Without_limits_nothing_is_counted()
    {
        var limits = Limits(perProject: null, perLine: null);

        var tried = await TryAsync(limits, _one, "Lori", _noon);
        await limits.GiveBackAsync(tried);

        Assert.IsType<NameTry.Free>(tried);
        Assert.Equal(0, _counters.Saves);
    }

    [Fact]
    public async Task Whoever_comes_second_looks_again()
    {
        var limits = Limits(perProject: 5, perLine: 1);
        _counters.BeforeSave = () => TryAsync(limits, _two, "Laura", _noon);

        Assert.IsType<NameTry.Over>(await TryAsync(limits, _one, "Lori", _noon));
    }

    private NameLimits Limits(int? perProject, int? perLine) => new(
        _counters, new CounterKeys(new SecretHasher(new byte[32])), new Turns(TimeProvider.System),
        new BudgetOptions { NamesPerProject = perProject, NamesPerLine = perLine });

    private static Task<NameTry> TryAsync(NameLimits limits, ProjectId project, string given, DateTimeOffset at) =>
        limits.ChargeAsync(_line, project, new PersonName(given, "Montgomery"), at, Test);
}
