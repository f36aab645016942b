using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Limits;

public sealed class LineBudgetsTests
{
    private static readonly PhoneNumber _line = PhoneNumber.Parse("+12025550142");

    private static readonly ProjectId[] _all = [FlowStage.Shop.Id];

    private readonly FlowStage _stage = new();
    private readonly CounterKeys _keys = new(new SecretHasher(new byte[32]));

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_each_limit_it_is_told_what_is_spent_and_until_when()
    {
        await SpendAsync(_keys.OfTexts(_line), FlowStage.Shop.Id, 1, 1);
        await SpendAsync(_keys.OfTexts(_line), ProjectId.Parse("gone"), 1);

        Assert.Equal(
            ["guesses.line  0", "names.line  0", "texts.project.hour shop 2 60", "texts.line.hour  3"],
            (await Budgets().ShowAsync(_line, _all, Test)).Select(Words));
    }

    [Fact]
    public async Task A_share_that_is_too_small_for_another_guess_is_spent()
    {
        await SpendAsync(_keys.OfGuesses(_line), FlowStage.Shop.Id, (GuessLimits.Day / 2) - GuessLimits.CostOf(6, 0.00001m) + 1);

        var spent = await Budgets().ShowAsync(_line, _all, Test);

        Assert.NotNull(spent.Single(one => one.Rule == LimitRule.GuessesOfProject).Until);
        Assert.Null(spent.Single(one => one.Rule == LimitRule.GuessesOfLine).Until);
    }

    [Fact]
    public async Task A_name_that_two_projects_have_tried_is_one_of_the_line()
    {
        var none = Counter.Empty(_keys.OfNames(_line));
        var tried = none with
        {
            Charges = [new(_stage.Clock.Now, 1, _keys.TagOf(FlowStage.Shop.Id), 7), new(_stage.Clock.Now, 1, Project: 1, 7)],
        };
        await _stage.Counters.TrySaveAsync(new CounterChange(none, tried, TimeSpan.FromDays(1)), Test);

        var spent = await Budgets().ShowAsync(_line, _all, Test);

        Assert.Equal(["names.project shop 1", "names.line  1"], spent.Select(Words).Where(one => one.StartsWith('n')));
    }

    [Fact]
    public async Task What_is_lifted_counts_no_more_and_other_lines_keep_theirs()
    {
        var other = PhoneNumber.Parse("+12025550143");
        await SpendAsync(_keys.OfTexts(_line), FlowStage.Shop.Id, 1);
        await SpendAsync(_keys.OfTexts(other), FlowStage.Shop.Id, 1);
        // Somebody spends meanwhile: that is lifted, too.
        _stage.Counters.BeforeSave = () => SpendAsync(_keys.OfTexts(_line), FlowStage.Shop.Id, 1);

        var lifted = await Budgets().LiftAsync(_line, _all);

        Assert.Equal(["texts.project.hour shop 2 60", "texts.line.hour  2"], lifted.Select(Words));
        Assert.All(await Budgets().ShowAsync(_line, _all, Test), one => Assert.Equal(0, one.Count));
        Assert.Empty(await Budgets().LiftAsync(_line, _all));
        Assert.Contains("texts.line.hour  1", (await Budgets().ShowAsync(other, _all, Test)).Select(Words));
    }

    private LineBudgets Budgets()
    {
        var budget = new BudgetOptions { GuessProbability = 0.00001m, NamesPerProject = 3, NamesPerLine = 5 };
        return new LineBudgets(
            new GuessLimits(_stage.Counters, _keys, budget), new NameLimits(_stage.Counters, _keys, new Turns(_stage.Clock), budget),
            new TextLimits(_stage.Counters, _keys, new TextLimitOptions { PerHour = 2 }), _keys, _stage.Counters,
            new Turns(TimeProvider.System), _stage.Clock);
    }

    private string Words(Spending one) =>
        $"{one.Rule} {one.Project} {one.Count}" + (one.Until is { } until ? $" {(until - _stage.Clock.Now).TotalMinutes}" : "");

    private async Task SpendAsync(CounterKey key, ProjectId project, params long[] costs)
    {
        foreach (var cost in costs)
        {
            var before = await _stage.Counters.ReadAsync(key, Test);
            var after = before.With(new Charge(_stage.Clock.Now, cost, _keys.TagOf(project)), TimeSpan.FromDays(1));
            Assert.True(await _stage.Counters.TrySaveAsync(new CounterChange(before, after, TimeSpan.FromDays(1)), Test));
        }
    }
}
