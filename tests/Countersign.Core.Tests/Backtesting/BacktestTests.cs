using System.Text.Json;
using Countersign.Core.Backtesting;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;

namespace Countersign.Core.Tests.Backtesting;

public sealed class BacktestTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PumpingOptions _conversion = new() { PrefixConversion = LimitMode.Enforce };

    private int _lines;

    [Fact]
    public void Texts_to_a_prefix_from_which_nothing_comes_back_are_stopped_and_what_they_cost_is_saved()
    {
        // A text a minute for two hours, to ever new numbers of whom nobody proves.
        var attack = Enumerable.Range(0, 120).Select(n => Text(_start.AddMinutes(n), "+3712123")).ToList();

        var result = Backtest.Run(attack, _conversion, new TextLimitOptions());

        var rule = Assert.Single(result.Rules);
        Assert.Equal((120, 120, 1_200_000), (result.Texts, result.People, result.Cost));
        // Twenty are judged when the five minutes of the last of them began eight minutes ago: nothing goes from then on, for six hours.
        Assert.Equal((PumpingRule.PrefixConversion, 97, 97, 0, 970_000), (rule.Rule, rule.Texts, rule.People, rule.Lost, rule.Saved));
        Assert.Equal(rule with { Rule = BacktestResult.AllRules }, result.Together);
    }

    [Fact]
    public void Who_would_have_proven_and_is_stopped_is_lost_once_however_many_texts_they_asked_for()
    {
        var person = NextLine();
        List<BacktestText> texts =
        [
            .. Enumerable.Range(0, 60).Select(n => Text(_start.AddMinutes(n), "+3712123")),
            Text(_start.AddMinutes(50), "+3712123", person, provenAfter: TimeSpan.FromSeconds(30)),
            Text(_start.AddMinutes(51), "+3712123", person, provenAfter: TimeSpan.FromSeconds(30)),
            Text(_start.AddMinutes(50), "+4477009", NextLine(), provenAfter: TimeSpan.FromSeconds(30)),
        ];

        var rule = Assert.Single(Backtest.Run(texts, _conversion, new TextLimitOptions()).Rules);

        Assert.Equal(1, rule.Lost);
    }

    [Fact]
    public void What_was_found_holds_for_six_hours_to_the_moment()
    {
        // The first that is stopped is the one after 23 minutes.
        var attack = Enumerable.Range(0, 120).Select(n => Text(_start.AddMinutes(n), "+3712123")).ToList();
        var end = _start.AddMinutes(23).AddHours(6);

        Assert.Equal(98, Assert.Single(Run(end.AddTicks(-1)).Rules).Texts);
        Assert.Equal(97, Assert.Single(Run(end).Rules).Texts);

        BacktestResult Run(DateTimeOffset later) =>
            Backtest.Run([.. attack, Text(later, "+3712123")], _conversion, new TextLimitOptions());
    }

    [Fact]
    public void Proofs_that_come_too_late_keep_nothing_open()
    {
        var texts = Enumerable.Range(0, 120)
            .Select(n => Text(_start.AddMinutes(n), "+3712123", provenAfter: TimeSpan.FromHours(5))).ToList();

        Assert.Equal(97, Assert.Single(Backtest.Run(texts, _conversion, new TextLimitOptions()).Rules).Texts);
    }

    [Fact]
    public void A_country_that_gets_many_more_texts_than_before_is_stopped_for_an_hour()
    {
        var pumping = new PumpingOptions { Growth = LimitMode.Enforce, GrowthFloor = 10 };
        var texts = Enumerable.Range(0, 30).Select(n => Text(_start.AddMinutes(n), $"+3712{n}")).ToList();

        var rule = Assert.Single(Backtest.Run(texts, pumping, new TextLimitOptions()).Rules);

        Assert.Equal((PumpingRule.Growth, 20), (rule.Rule, rule.Texts));
    }

    [Fact]
    public void Of_a_line_of_no_country_no_rule_about_countries_says_anything()
    {
        var pumping = new PumpingOptions
        {
            CountryConversion = LimitMode.Enforce, MinCountryTexts = 1, Growth = LimitMode.Enforce, GrowthFloor = 1,
        };
        var texts = Enumerable.Range(0, 120).Select(n => Text(_start.AddMinutes(n), "+883") with { Country = null }).ToList();

        Assert.All(Backtest.Run(texts, pumping, new TextLimitOptions()).Rules, rule => Assert.Equal(0, rule.Texts));
    }

    [Fact]
    public void Every_rule_that_is_on_judges_and_no_other()
    {
        var pumping = new PumpingOptions
        {
            PrefixConversion = LimitMode.Shadow, CountryConversion = LimitMode.Shadow, Growth = LimitMode.Shadow,
        };
        var limits = new TextLimitOptions
        {
            PerHour = 1, PerDay = 1, PerClient = 1, PerPrefix = 1, PerCountry = 1, PerAddress = 1,
        };
        var off = new TextLimitOptions
        {
            PerClient = 1, PerPrefix = 1, PerCountry = 1, PerAddress = 1,
            Client = LimitMode.Off, Prefix = LimitMode.Off, Country = LimitMode.Off, Address = LimitMode.Off,
        };

        Assert.Equal(
            [
                PumpingRule.PrefixConversion, PumpingRule.CountryConversion, PumpingRule.Growth, LimitRule.TextsOfProjectInHour,
                LimitRule.TextsOfLineInHour, LimitRule.TextsOfProjectInDay, LimitRule.TextsOfLineInDay, LimitRule.TextsOfClient,
                LimitRule.TextsOfPrefix, LimitRule.TextsOfCountry,
            ],
            Backtest.Run([], pumping, limits).Rules.Select(rule => rule.Rule));
        Assert.Empty(Backtest.Run([], new PumpingOptions(), off).Rules);
        Assert.Empty(Backtest.Run([], new PumpingOptions(), off).Untold);
    }

    [Theory]
    [InlineData(LimitRule.TextsOfProjectInDay, 2)]
    [InlineData(LimitRule.TextsOfLineInDay, 1)]
    public void A_line_may_be_sent_twice_of_what_one_project_may_send_it(string rule, int stopped)
    {
        var line = NextLine();
        // Two of one project, five of another.
        var texts = Enumerable.Range(0, 7)
            .Select(n => Text(_start.AddHours(n), "+4477009", line) with { Project = ProjectId.Parse(n < 2 ? "bank" : "shop") }).ToList();

        var result = Backtest.Run(texts, new PumpingOptions(), new TextLimitOptions { PerDay = 3 });

        Assert.Equal(stopped, result.Rules.Single(one => one.Rule == rule).Texts);
    }

    [Fact]
    public void A_window_is_open_again_to_the_moment_and_a_proof_is_no_text()
    {
        var (line, limits) = (NextLine(), new TextLimitOptions { PerHour = 1 });
        var proven = TimeSpan.FromMinutes(1);

        Assert.Equal(0, Run(_start.AddHours(1)).Together.Texts);
        Assert.Equal(1, Run(_start.AddHours(1).AddTicks(-1)).Together.Texts);

        BacktestResult Run(DateTimeOffset second) => Backtest.Run(
            [Text(_start, "+4477009", line, proven), Text(second, "+4477009", line, proven)], new PumpingOptions(), limits);
    }

    [Fact]
    public void A_text_that_two_rules_stop_is_stopped()
    {
        var (line, limits) = (NextLine(), new TextLimitOptions { PerHour = 1, PerDay = 1 });

        var result = Backtest.Run(
            [Text(_start, "+4477009", line), Text(_start.AddSeconds(1), "+4477009", line)], new PumpingOptions(), limits);

        Assert.Equal(1, result.Together.Texts);
    }

    [Fact]
    public void Proofs_that_come_in_time_keep_a_prefix_open()
    {
        var texts = Enumerable.Range(0, 120)
            .Select(n => Text(_start.AddMinutes(n), "+4477009", NextLine(), n % 3 == 0 ? TimeSpan.FromSeconds(40) : null)).ToList();

        Assert.Equal(0, Assert.Single(Backtest.Run(texts, _conversion, new TextLimitOptions()).Rules).Texts);
    }

    [Theory]
    // Six in an hour, at most, of one line; the seventh goes when the first is an hour old.
    [InlineData(6, 60, 54)]
    [InlineData(6, 7, 1)]
    [InlineData(6, 6, 0)]
    public void A_window_lets_so_many_through_and_rolls(int perHour, int asked, int stopped)
    {
        var (line, limits) = (NextLine(), new TextLimitOptions { PerHour = perHour });
        var texts = Enumerable.Range(0, asked).Select(n => Text(_start.AddMinutes(n), "+4477009", line)).ToList();

        var result = Backtest.Run(texts, new PumpingOptions(), limits);

        Assert.Equal([LimitRule.TextsOfProjectInHour, LimitRule.TextsOfLineInHour], result.Rules.Select(rule => rule.Rule));
        Assert.Equal(stopped, result.Rules[0].Texts);
    }

    [Fact]
    public void Together_a_text_that_one_rule_stops_counts_with_no_other()
    {
        var line = NextLine();
        var limits = new TextLimitOptions { PerHour = 2, PerPrefix = 3, Prefix = LimitMode.Enforce };
        List<BacktestText> texts =
        [
            .. Enumerable.Range(0, 10).Select(n => Text(_start.AddSeconds(n), "+4477009", line)), Text(_start.AddSeconds(20), "+4477009"),
        ];

        var result = Backtest.Run(texts, new PumpingOptions(), limits);

        Assert.Equal(8, result.Rules.Single(rule => rule.Rule == LimitRule.TextsOfPrefix).Texts);
        // Two of the line, and then the other one, who alone would have been over the prefix's three.
        Assert.Equal((8, 1), (result.Together.Texts, result.Together.People));
    }

    [Fact]
    public void Rules_that_look_at_what_no_outcome_has_are_named_and_judge_nothing()
    {
        var pumping = new PumpingOptions { Sequence = LimitMode.Enforce, Address = LimitMode.Shadow };
        var limits = new TextLimitOptions { PerAddress = 5 };

        var result = Backtest.Run([Text(_start, "+4477009")], pumping, limits);

        Assert.Empty(result.Rules);
        Assert.Equal([PumpingRule.Sequence, PumpingRule.Address, LimitRule.TextsOfAddress], result.Untold);
    }

    [Fact]
    public void The_same_texts_give_the_same_bytes_in_whatever_order_they_come()
    {
        var chance = new Random(7);
        var texts = Enumerable.Range(0, 2000)
            .Select(n => Text(
                _start.AddMinutes(chance.Next(3000)), $"+44770{chance.Next(4)}", NextLine(),
                chance.Next(3) == 0 ? TimeSpan.FromSeconds(chance.Next(600)) : null)).ToArray();
        var pumping = new PumpingOptions
        {
            PrefixConversion = LimitMode.Enforce, CountryConversion = LimitMode.Enforce, Growth = LimitMode.Enforce,
        };

        var first = Bytes();
        for (var i = 0; i < 5; i++)
        {
            chance.Shuffle(texts);
            Assert.Equal(first, Bytes());
        }

        byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(Backtest.Run(texts, pumping, TextLimitOptions.InLive));
    }

    private static Guid Line(int n) => new(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    private Guid NextLine() => Line(++_lines);

    private BacktestText Text(DateTimeOffset at, string prefix, Guid? line = null, TimeSpan? provenAfter = null) => new(
        CorrelationId.New(at), at, IsFirst: true, line ?? NextLine(), prefix, "LV", ProjectId.Parse("shop"), ClientId.Parse("shop-1"),
        at + provenAfter, 10_000);
}
