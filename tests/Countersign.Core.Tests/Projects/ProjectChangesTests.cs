using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Projects;

public sealed class ProjectChangesTests
{
    private static readonly ProjectRules _rules = new("https://verify.example", Countries: null, GuessBudget.None);
    private static readonly ProjectId _shop = FlowStage.Shop.Id;
    private static readonly ProjectId _bank = ProjectId.Parse("bank");
    private static readonly Project _fixed = FlowStage.Shop with { Id = ProjectId.Parse("fixed"), Origin = ProjectOrigin.Configuration };
    private static readonly ProjectSettings _bad = new() { WebOrigins = ["no origin"] };

    private readonly MemoryProjects _store = new(FlowStage.Shop, _fixed);
    private readonly ProjectDirectory _directory;

    public ProjectChangesTests() => _directory = new ProjectDirectory(_store, new StillClock());

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private ProjectChanges Changes => new(_store, _directory);

    [Fact]
    public async Task A_project_is_made_once()
    {
        var bank = FlowStage.Shop with { Id = _bank };

        Assert.Equal(new ProjectOutcome.Done(bank), await Changes.CreateAsync(bank, mayWiden: true, _rules, Test));
        Assert.Equal(new ProjectOutcome.AlreadyThere(_bank), await Changes.CreateAsync(bank, mayWiden: true, _rules, Test));
    }

    [Fact]
    public async Task A_project_whose_settings_break_a_rule_is_not_made()
    {
        var refused = Assert.IsType<ProjectOutcome.Refused>(
            await Changes.CreateAsync(new Project(_bank, "Bank", _bad), mayWiden: true, _rules, Test));

        Assert.StartsWith(nameof(ProjectSettings.WebOrigins), Assert.Single(refused.Problems).Setting, StringComparison.Ordinal);
        Assert.Equal(2, _store.Projects.Count);
    }

    [Fact]
    public async Task A_change_counts_on_this_node_at_once()
    {
        Assert.NotNull(await _directory.FindProjectAsync(_shop, Test));

        var outcome = await ChangeAsync("shop", project => project with { Name = "Another shop" });

        Assert.Equal("Another shop", Assert.IsType<ProjectOutcome.Done>(outcome).Project.Name);
        Assert.Equal("Another shop", (await _directory.FindProjectAsync(_shop, Test))?.Name);
    }

    [Fact]
    public async Task A_change_that_breaks_a_rule_changes_nothing()
    {
        var outcome = await ChangeAsync("shop", project => project with { Settings = _bad }, nameof(ProjectSettings.WebOrigins));

        Assert.IsType<ProjectOutcome.Refused>(outcome);

        Assert.Equal(FlowStage.Shop, await _store.FindProjectAsync(_shop, Test));
    }

    [Fact]
    public async Task A_project_that_is_removed_is_known_no_more_on_this_node()
    {
        Assert.NotNull(await _directory.FindProjectAsync(_shop, Test));

        Assert.Equal(new ProjectOutcome.Done(FlowStage.Shop), await Changes.RemoveAsync(_shop, mayWiden: true, Test));

        Assert.Null(await _directory.FindProjectAsync(_shop, Test));
        Assert.Equal(new ProjectOutcome.NoSuchProject(), await Changes.RemoveAsync(_shop, mayWiden: true, Test));
    }

    [Fact]
    public async Task Of_two_removals_at_once_one_counts()
    {
        var store = new MemoryProjects(FlowStage.Shop) { LosesRaces = true };

        Assert.IsType<ProjectOutcome.NoSuchProject>(await new ProjectChanges(store, _directory).RemoveAsync(_shop, mayWiden: true, Test));
    }

    [Theory]
    [InlineData("nowhere", typeof(ProjectOutcome.NoSuchProject))]
    [InlineData("fixed", typeof(ProjectOutcome.Configured))]
    public async Task What_may_not_be_changed_is_not_removed_either(string id, Type expected)
    {
        Assert.IsType(expected, await ChangeAsync(id, project => project with { Name = "Another" }));
        Assert.IsType(expected, await Changes.RemoveAsync(ProjectId.Parse(id), mayWiden: true, Test));
        Assert.Equal([FlowStage.Shop, _fixed], _store.Projects);
    }

    [Fact]
    public async Task Who_may_not_widen_a_project_does_not_remove_one_with_caps()
    {
        var capped = FlowStage.Shop with { Settings = FlowStage.Shop.Settings with { Caps = new Caps(1m, PerMonth: null, "USD") } };
        var store = new MemoryProjects(capped);
        var changes = new ProjectChanges(store, _directory);

        var refused = Assert.IsType<ProjectOutcome.Refused>(await changes.RemoveAsync(_shop, mayWiden: false, Test));
        Assert.Equal([nameof(ProjectSettings.Caps)], refused.Widened);
        Assert.Equal([capped], store.Projects);

        Assert.Equal(new ProjectOutcome.Done(capped), await changes.RemoveAsync(_shop, mayWiden: true, Test));
    }

    [Fact]
    public async Task Who_may_not_widen_a_project_narrows_it_and_makes_none_that_is_wider_than_a_new_one()
    {
        var wide = new ProjectSettings { OneCall = [VerificationType.Prefill], DisclosesSsn = true };
        var bank = new Project(_bank, "Bank", wide);
        var expected = new[] { nameof(ProjectSettings.OneCall), nameof(ProjectSettings.DisclosesSsn) };

        var made = await Changes.CreateAsync(bank, mayWiden: false, _rules, Test);
        await Changes.CreateAsync(bank, mayWiden: true, _rules, Test);
        var kept = await Changes.ChangeAsync(_bank, project => project with { Name = "B" }, [], mayWiden: false, _rules, Test);
        var narrowed = await Changes.ChangeAsync(
            _bank, project => project with { Settings = new ProjectSettings() }, [], mayWiden: false, _rules, Test);
        var widened = await Changes.ChangeAsync(
            _bank, project => project with { Settings = wide }, [], mayWiden: false, _rules, Test);

        Assert.Equal(expected, Assert.IsType<ProjectOutcome.Refused>(made).Widened);
        Assert.IsType<ProjectOutcome.Done>(kept);
        Assert.IsType<ProjectOutcome.Done>(narrowed);
        Assert.Equal(expected, Assert.IsType<ProjectOutcome.Refused>(widened).Widened);
        Assert.Equal(new ProjectSettings(), (await _store.FindProjectAsync(_bank, Test))?.Settings);
    }

    [Fact]
    public async Task What_is_bad_and_what_is_too_wide_are_told_together_and_judging_changes_nothing()
    {
        var wide = _bad with { DisclosesSsn = true };

        var made = await Changes.CreateAsync(new Project(_bank, "Bank", wide), mayWiden: false, _rules, Test);
        var changed = await Changes.ChangeAsync(
            _shop, project => project with { Settings = wide }, [nameof(ProjectSettings.WebOrigins)], mayWiden: false, _rules, Test);
        var judged = await Changes.JudgeAsync(
            _shop, project => project with { Settings = wide }, [nameof(ProjectSettings.WebOrigins)], mayWiden: false, _rules, Test);
        var permitted = await Changes.JudgeAsync(_shop, project => project with { Name = "Another" }, [], mayWiden: false, _rules, Test);
        var nowhere = await Changes.JudgeAsync(_bank, project => project, [], mayWiden: false, _rules, Test);

        Assert.All([made, changed, judged], outcome =>
        {
            var refused = Assert.IsType<ProjectOutcome.Refused>(outcome);
            Assert.Single(refused.Problems);
            Assert.Equal([nameof(ProjectSettings.DisclosesSsn)], refused.Widened);
        });
        Assert.IsType<ProjectOutcome.Done>(permitted);
        Assert.IsType<ProjectOutcome.NoSuchProject>(nowhere);
        Assert.Equal(FlowStage.Shop, await _store.FindProjectAsync(_shop, Test));
    }

    [Theory]
    [InlineData(true, true, null)]
    [InlineData(true, false, null)]
    [InlineData(false, true, null)]
    [InlineData(
        false, false, "Tap (one button on the phone) or Match (six digits that the computer shows are typed on the phone)")]
    public void How_links_are_confirmed_has_to_be_chosen_where_there_is_no_default(bool hasDefault, bool isChosen, string? choices) =>
        Assert.Equal(
            choices, (_rules with { HasDefaultConfirmation = hasDefault }).LackingConfirmation(isChosen, way => way.ToString()));

    private Task<ProjectOutcome> ChangeAsync(string id, Func<Project, Project> change, params string[] named) =>
        Changes.ChangeAsync(ProjectId.Parse(id), change, named, mayWiden: true, _rules, Test);
}
