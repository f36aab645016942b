using Countersign.Core.History;
using Countersign.Core.Scenarios;

namespace Countersign.Core.Tests.Scenarios;

/// <summary>What came otherwise than a scenario expects is told, fact by fact.</summary>
public sealed class ScenarioPlayedTests
{
    private static readonly ScenarioExpectation _expected = new(
        [new ScenarioFact(1, FlowEventCode.OtpBegun), new ScenarioFact(20.5m, FlowEventCode.PossessionProven) { Method = "otp" }],
        FlowEnd.Matched, 20.504m, "proven", Method: "otp");

    [Fact]
    public void What_came_as_it_was_expected_has_no_differences()
    {
        var played = ScenarioPlayed.Of(_expected, _expected with { Timeline = [.. _expected.Timeline] }, problem: null);

        Assert.True(played.IsSame);
        Assert.Empty(played.Differences);
        Assert.Equal("the same", played.ToString());
    }

    public static TheoryData<ScenarioExpectation, string> Differences => new()
    {
        {
            _expected with { Timeline = [_expected.Timeline[0]] },
            "timeline[1]: possession.proven at 20.5 s (method otp) was expected, nothing came"
        },
        {
            _expected with
            {
                Timeline = [.. _expected.Timeline, new ScenarioFact(21, FlowEventCode.TextRefused)
                {
                    Method = "a", Next = "b", Reason = "c", Cause = "d", Gateway = "e", OperatorWord = "f", Rule = "g", Source = "h",
                    Limit = new ScenarioLimit("texts.line.hour", 3, 4, 3600, 1800.5m),
                }],
            },
            "timeline[2]: nothing was expected, text.refused at 21 s (method a, next b, reason c, cause d, gateway e, operatorWord f, "
            + "rule g, source h, limit texts.line.hour: 3 of 4 in 3600 s until 1800.5) came"
        },
        {
            _expected with { Timeline = [new ScenarioFact(2, FlowEventCode.OtpBegun), _expected.Timeline[1]] },
            "timeline[0]: otp.begun at 1 s was expected, otp.begun at 2 s came"
        },
        {
            _expected with { End = FlowEnd.Differs, Reason = "other-name" },
            "end: identity.matched (no reason) at 20.504 s was expected, identity.differs (other-name) at 20.504 s came"
        },
        {
            _expected with { At = 21 },
            "end: identity.matched (no reason) at 20.504 s was expected, identity.matched (no reason) at 21 s came"
        },
        { _expected with { Possession = "failed" }, "possession: proven (otp) was expected, failed (otp) came" },
        { _expected with { Method = null }, "possession: proven (otp) was expected, proven (no method) came" },
    };

    [Theory, MemberData(nameof(Differences))]
    public void A_difference_is_told_with_what_was_expected_and_what_came(ScenarioExpectation came, string difference)
    {
        var played = ScenarioPlayed.Of(_expected, came, problem: null);

        Assert.False(played.IsSame);
        Assert.Equal([difference], played.Differences);
        Assert.Same(came, played.Came);
    }

    [Fact]
    public void Nothing_is_expected_of_a_possession_without_a_method() => Assert.Equal(
        ["possession: open (no method) was expected, proven (otp) came"],
        ScenarioPlayed.Of(_expected with { Possession = "open", Method = null }, _expected, problem: null).Differences);

    [Fact]
    public void What_stopped_it_is_told_first_and_of_many_differences_twenty()
    {
        var many = _expected with { Timeline = [.. Enumerable.Range(2, 30).Select(at => new ScenarioFact(at, FlowEventCode.EntryWrong))] };

        var played = ScenarioPlayed.Of(_expected, many, "steps[3]: there is no text 2");

        Assert.Equal(21, played.Differences.Count);
        Assert.Equal("steps[3]: there is no text 2", played.Differences[0]);
        Assert.Equal("21 differences", played.ToString());
        Assert.Equal(["the server stopped"], ScenarioPlayed.Of(_expected, came: null, "the server stopped").Differences);
    }
}
