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
