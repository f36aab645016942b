using System.Collections.Concurrent;
using System.Globalization;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;

namespace Countersign.Core.Tests.Pumping;

/// <summary>What the rules do to an attack and to a campaign; docs/pumping.md has the table.</summary>
public sealed class PumpingSimulationTests
{
    private static readonly string[] _rules = [.. PumpingRule.All.Where(rule => rule != PumpingRule.Denied)];

    /// <summary>The rules of a line of the table, and whether the campaign was announced.</summary>
    private static readonly (string Name, string[] Rules, bool IsAnnounced)[] _lines =
    [
        .. _rules.Select(rule => ($"`{rule}`", new[] { rule }, false)),
        ("all", _rules, false),
        ("all, and `abuse allow --country GB` before the launch", _rules, true),
    ];

    // A day takes a second, and several tests look at it.
    private static readonly ConcurrentDictionary<(string, LimitMode, AttackShape, bool), Lazy<Task<SimulatedDay>>> _days = [];

    [Theory]
    [InlineData(AttackShape.Runs)]
    [InlineData(AttackShape.Scattered)]
    public async Task Together_shadow_decides_what_enforce_decides(AttackShape shape)
    {
        var shadow = await DayOf(_rules, LimitMode.Shadow, shape, isAnnounced: false);
        var enforced = await DayOf(_rules, LimitMode.Enforce, shape, isAnnounced: false);

        Assert.Equal(SimulatedDay.Attack + shadow.Persons, shadow.Decisions.Count);
        Assert.True(shadow.Decisions.SequenceEqual(enforced.Decisions, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(AttackShape.Runs)]
    [InlineData(AttackShape.Scattered)]
    public async Task Alone_each_rule_decides_in_shadow_what_it_decides_enforced(AttackShape shape)
    {
        foreach (var (name, rules, isAnnounced) in _lines)
        {
            var shadow = await RunAsync(rules, LimitMode.Shadow, shape, isAnnounced, part: 10);
            var enforced = await RunAsync(rules, LimitMode.Enforce, shape, isAnnounced, part: 10);

            Assert.True(shadow.Decisions.SequenceEqual(enforced.Decisions, StringComparer.Ordinal), name);
        }
    }

    [Fact]
    public async Task Of_several_rules_each_decides_the_same_whatever_the_others_do()
    {
        var mixed = new PumpingOptions
        {
            PrefixConversion = LimitMode.Enforce, CountryConversion = LimitMode.Shadow, Sequence = LimitMode.Enforce,
            Address = LimitMode.Shadow, Growth = LimitMode.Shadow,
        };

        var shadow = await DayOf(_rules, LimitMode.Shadow, AttackShape.Scattered, isAnnounced: false);
        var some = await new PumpingSimulation(mixed, AttackShape.Scattered).RunAsync(found => found.Mode == LimitMode.Enforce);

        Assert.Equal(shadow.Decisions, some.Decisions);
    }

    [Fact]
    [Trait("attack", "F01")]
    [Trait("attack", "F05")]
    public async Task The_table_in_the_documentation_is_true()
    {
        List<string> table = [];
        foreach (var (name, rules, isAnnounced) in _lines)
        {
            var runs = await DayOf(rules, LimitMode.Enforce, AttackShape.Runs, isAnnounced);
            var scattered = await DayOf(rules, LimitMode.Enforce, AttackShape.Scattered, isAnnounced);
            table.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {runs.Stopped} | {runs.Money:0.00} | {runs.Lost} | {scattered.Stopped} | {scattered.Money:0.00} | "
                + $"{scattered.Lost} |"));
        }

        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "pumping.md"), TestContext.Current.CancellationToken);

        var wanted = string.Join('\n', table);
        Assert.True(page.ReplaceLineEndings("\n").Contains(wanted, StringComparison.Ordinal), $"The table is\n{wanted}");
    }

    [Fact]
    [Trait("attack", "F01")]
    public async Task Together_they_stop_nearly_all_of_an_attack_that_goes_through_numbers_one_by_one()
    {
        var day = await DayOf(_rules, LimitMode.Enforce, AttackShape.Runs, isAnnounced: true);

        Assert.InRange(day.Stopped, 9_800, SimulatedDay.Attack);
        Assert.InRange(day.Lost, 0, day.Persons / 20);
    }

    private static Task<SimulatedDay> DayOf(string[] rules, LimitMode mode, AttackShape shape, bool isAnnounced) => _days.GetOrAdd(
        (string.Join(',', rules), mode, shape, isAnnounced),
        _ => new Lazy<Task<SimulatedDay>>(() => RunAsync(rules, mode, shape, isAnnounced))).Value;

    private static async Task<SimulatedDay> RunAsync(string[] rules, LimitMode mode, AttackShape shape, bool isAnnounced, int part = 1)
    {
        LimitMode ModeOf(string rule) => rules.Contains(rule, StringComparer.Ordinal) ? mode : LimitMode.Off;
        var simulation = new PumpingSimulation(
            new PumpingOptions
            {
                PrefixConversion = ModeOf(PumpingRule.PrefixConversion),
                CountryConversion = ModeOf(PumpingRule.CountryConversion),
                Sequence = ModeOf(PumpingRule.Sequence),
                Address = ModeOf(PumpingRule.Address),
                Growth = ModeOf(PumpingRule.Growth),
            },
            shape,
            part);
        if (isAnnounced)
        {
            await simulation.AllowAsync("GB");
        }
        return await simulation.RunAsync(found => found.Mode == LimitMode.Enforce);
    }
}
