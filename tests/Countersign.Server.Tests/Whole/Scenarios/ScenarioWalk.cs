using System.Globalization;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Scenarios;
using Countersign.Core.Texts;
using Countersign.Providers.Scenarios;
using Countersign.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole.Scenarios;

/// <summary>
/// A flow in which anybody may do anything at any time: the relying party, the browser, the phone, gateways, operators, sources and the
/// clock. What is not possible changes nothing.
/// </summary>
internal static class ScenarioWalk
{
    /// <summary>
    /// Words of the walk's own, and what its numbers begin with, to be looked for in what is made of it: none is a code.
    /// </summary>
    public static string[] Marked { get; } =
        ["Lori-Montgomery", "lori-montgomery", "kittiwake", "0815471199", ScenarioPhones.Number["+1".Length..^3]];

    // As each gateway is held to answer.
    private static readonly decimal _patience = ScenarioTime.Of(TextTimes.Answer);

    private static readonly string[] _gateways = ["first", "second", "third"];

    private static readonly string[] _reasons =
    [
        FlowReason.InvalidDestination, FlowReason.BlockedDestination, FlowReason.OptedOut, FlowReason.Throttled, FlowReason.ProviderDown,
        FlowReason.InsufficientCredit, FlowReason.Refused, FlowReason.TooLittleTime, FlowReason.ProviderDown, FlowReason.Throttled,
    ];

    private static readonly string[] _network =
        [FlowReason.NotOnMobileNetwork, FlowReason.NoOperator, FlowReason.OperatorTookTooLong, FlowReason.OtherAddress, Marked[1]];

    private static readonly string[] _passkey = [FlowReason.PasskeyMalformed, FlowReason.PasskeyNotProven, FlowReason.PasskeyCounter];

    private static readonly string?[] _words = [null, "1041", "0x00000045", Marked[3], Marked[0]];

    private static readonly string?[] _rules = [null, "exact", "family-differs", Marked[2]];

    /// <param name="flow">Chances that decide what flow it is.</param>
    /// <param name="steps">Chances that decide what is done, each for one step.</param>
    /// <returns>The flow when its life is over.</returns>
    public static async Task<FlowAccount> TakeAsync(int[] flow, (int What, int Which, int How, int Wait)[] steps)
    {
        var scenario = new Scenario
        {
            Version = Scenario.PresentVersion,
            Flow = FlowOf(flow),
            Texts = [.. Enumerable.Range(0, 16).Select(number => TextOf(flow[number % flow.Length] + (7 * number)))],
            // The second is played when chance has it, and says which limit there is.
            Steps = [new ScenarioStep(0, ScenarioActs.Start), LimitOf(flow[0], flow[18])],
            Expected = new ScenarioExpectation([], FlowEnd.RanOutReady, 0, "open"),
        };
        await using var world = await ScenarioWorld.OpenAsync(scenario, TestContext.Current.CancellationToken);
        var player = world.Services.GetRequiredService<ScenarioPlayer>();
        var calls = world.Services.GetRequiredService<ScenarioCalls>();
        var asked = new AskedGateways(flow);
        var at = 0m;
        await PlayAsync(scenario.Steps[0]);
        foreach (var (what, which, how, wait) in steps)
        {
            var next = at + WaitOf(wait);
            while (asked.Overdue(next) is var (whom, since))
            {
                at = since + _patience;
                await PlayAsync(AnswerOf(whom.Split(' ')) with { Answer = ScenarioActs.Silence });
            }
            at = next;
            var step = (what % 2 == 0 ? AnswerTo([.. calls.Asked.Where(asked.MayAnswer)], which, how) : null)
                ?? ActOf(scenario, what, which, how);
            await PlayAsync(step.Limit is { } limit ? step with { Limit = limit with { Until = at + limit.Until } } : step);
        }
        return Assert.IsType<FlowAccount>(await player.EndAsync(TestContext.Current.CancellationToken));

        async Task PlayAsync(ScenarioStep step)
        {
            await player.TryPlayAsync(step with { At = at }, TestContext.Current.CancellationToken);
            asked.Learn(calls.Asked, at);
        }
    }

    private static ScenarioFlow FlowOf(int[] chance)
    {
        var product = new[] { "verified-users", "pre-fill", "unify" }[chance[0] % 3];
        var type = new[] { "mobile", "desktop", "none", "mobile", "desktop" }[chance[1] % (product == "pre-fill" ? 2 : 5)];
        var isUnify = product == "unify";
        return new ScenarioFlow
        {
            Product = product, Type = type, Shape = product != "pre-fill" ? null : chance[2] % 2 == 0 ? "pre-fill" : "identity",
            // Most walks take some minutes: of a third of the flows the life ends meanwhile.
            Life = chance[19] % 3 == 0 ? 60 + (chance[19] * 3) : 900,
            CodeLife = 30 + (chance[3] * 4), LinkLife = 30 + (chance[4] * 4), MobileAuthLife = 3 + (chance[5] % 60),
            Entries = 1 + (chance[6] % 3), Resends = chance[7] % 4, NumberChanges = chance[8] % 4,
            MayNotChangeNumber = chance[9] % 5 == 0, MatchesLinks = chance[10] % 2 == 0, ProvesItself = chance[11] % 12 == 0,
            TakesNoText = type == "mobile" && chance[12] % 8 == 0, IsAskedFor = isUnify && chance[13] % 4 == 0,
            IsRemembered = isUnify && chance[14] % 3 == 0, TellsOfDevices = isUnify && chance[15] % 2 == 0,
            Refuses = chance[16] % 3 == 0
                ? [.. ScenarioWords.Signals.Keys.Where((_, index) => (chance[17] >> index) % 2 == 1).DefaultIfEmpty(FlowReason.SimSwap)]
                : null,
            RefusesUnknown = chance[18] % 2 == 0,
        };
    }

    private static ScenarioText TextOf(int chance)
    {
        List<string> gateways = [.. Enumerable.Range(0, 1 + (chance % 3)).Select(number => _gateways[(number + chance) % 3])];
        return (chance % 17) switch
        {
            0 => new ScenarioText([]),
            1 => new ScenarioText(gateways, OptedOut: gateways[^1]),
            2 => new ScenarioText(gateways, IsLost: true),
            < 8 => new ScenarioText(gateways, [gateways[0]]),
            _ => new ScenarioText(gateways),
        };
    }

    private static decimal WaitOf(int chance) => (chance % 10) switch
    {
        < 5 => 0.001m + (chance / 100m),
        < 8 => 1 + (chance / 7 * 0.513m),
        8 => 11 + (chance / 3m * 1.001m),
        _ => 35 + (chance * 0.777m),
    } is var seconds ? Math.Round(seconds, 3) : 0;

    private static ScenarioStep? AnswerTo(IReadOnlyList<string> asked, int which, int how)
    {
        if (asked.Count == 0)
        {
            return null;
        }
        var whom = asked[which % asked.Count].Split(' ');
        return whom[0] switch
        {
            ScenarioActs.GatewayAnswers => GatewayAnswer(whom, which, how),
            ScenarioActs.SourceAnswers => new ScenarioStep(0, whom[0])
            {
                Answer = new[]
                {
                    ScenarioActs.Matched, ScenarioActs.Matched, ScenarioActs.Differs, ScenarioActs.NotComparable, ScenarioActs.NoRecord,
                    ScenarioActs.Down,
                }[how % 6],
                Rule = (how % 6) switch { < 3 => _rules[which % 4], 3 => "script-not-comparable", _ => null },
                Source = how % 2 == 0 ? "records" : null,
            },
            ScenarioActs.RiskAnswers => new ScenarioStep(0, whom[0])
            {
                Given = how % 2 == 0 ? [ScenarioWords.Signals.Keys.ElementAt(which % 5)] : null,
                Unknown = how % 5 == 1 ? [ScenarioWords.Signals.Keys.ElementAt(which % 5)] : null,
            },
            _ => null,
        };
    }

    private static ScenarioStep GatewayAnswer(string[] whom, int which, int how)
    {
        var step = AnswerOf(whom);
        return (how % 4) switch
        {
            0 => step with { Answer = ScenarioActs.Silence },
            1 or 2 => step with { Answer = ScenarioActs.Accepted },
            _ => step with { Answer = ScenarioActs.Refused, Reason = _reasons[which % _reasons.Length], Pause = 0.5m + (how % 40 / 10m) },
        };
    }

    private static ScenarioStep AnswerOf(string[] whom) =>
        new(0, whom[0]) { Text = int.Parse(whom[1], CultureInfo.InvariantCulture), Gateway = whom[2] };

    private static ScenarioStep LimitOf(int one, int other)
    {
        var rule = ScenarioWords.Limits[(one + other) % ScenarioWords.Limits.Count];
        var isGuess = rule.StartsWith("guesses", StringComparison.Ordinal);
        var max = isGuess ? GuessLimits.Day / (rule == LimitRule.GuessesOfLine ? 1 : 2) : 40;
        return new ScenarioStep(0, ScenarioActs.LimitReached)
        {
            Limit = new ScenarioLimit(
                rule, isGuess ? max - (one * 100) : max, max, rule.EndsWith("hour", StringComparison.Ordinal) ? 3600 : 86_400,
                60 + (other * 5)),
        };
    }

    private static ScenarioStep ActOf(Scenario scenario, int what, int which, int how)
    {
        var flow = scenario.Flow;
        var text = 1 + (which % 4);
        var isDesktop = flow.Type == "desktop";
        return (what % 23) switch
        {
            0 or 1 when isDesktop => Act(ScenarioActs.LinkBegin) with { Again = how % 2 == 0, Number = how % 7 == 0 ? "another" : null },
            0 or 1 => Act(ScenarioActs.CodeBegin) with { Number = how % 7 == 0 ? "another" : null },
            2 or 3 or 4 => Act(isDesktop ? ScenarioActs.LinkConfirm : ScenarioActs.CodeEnter) with
            {
                Entry = how % 3 == 0 ? ScenarioWords.Right : ScenarioWords.Wrong,
            },
            5 => Act(ScenarioActs.MobileAuthBegin) with
            {
                Answer = (how % 4) switch { 0 => ScenarioActs.Unavailable, 1 => ScenarioActs.PageNotAllowed, _ => ScenarioActs.Open },
                Reason = how % 4 == 0 ? _network[which % _network.Length] : null, Silent = which % 2 == 0,
            },
            6 => Act(ScenarioActs.MobileAuthReturn) with
            {
                Answer = (how % 6) switch
                {
                    0 => ScenarioActs.AnotherNumber, 1 => ScenarioActs.AnotherFlow, 2 => ScenarioActs.Unavailable,
                    _ => ScenarioActs.SameNumber,
                },
                Reason = how % 6 == 2 ? _network[which % _network.Length] : null,
            },
            7 => Act(how % 3 == 0 ? ScenarioActs.MobileAuthFail : how % 40 == 1 ? ScenarioActs.GiveUp : ScenarioActs.CodeBegin),
            8 => Act(how % 10 == 0 ? ScenarioActs.LinkDecline : ScenarioActs.LinkBegin),
            9 when flow.IsRemembered => Act(ScenarioActs.DeviceProve),
            10 when flow.IsRemembered => Act(ScenarioActs.NumberLost),
            9 or 10 => Act(how % 2 == 0 ? ScenarioActs.DeviceRegister : how % 4 == 1 ? ScenarioActs.DeviceFail : ScenarioActs.DeviceProve),
            11 => Act(how % 3 == 0 && flow.Product == "unify" ? ScenarioActs.PasskeyAnswer : ScenarioActs.Validate) is var act
                && act.Do == ScenarioActs.PasskeyAnswer ? act with { Reason = _passkey[which % 3] } : act,
            12 or 13 => Act(ScenarioActs.Validate),
            14 or 15 => Act(ScenarioActs.Challenge),
            16 or 17 => Act(ScenarioActs.Complete),
            18 => Act(how % 12 == 0 ? ScenarioActs.Cancel : ScenarioActs.OwnCheck),
            19 when how % 4 == 1 => scenario.Steps[1],
            19 => Act(how % 3 == 0 ? ScenarioActs.NumberLost : ScenarioActs.ClockFlow),
            20 or 21 => Act(ScenarioActs.ClockText) with { Text = text },
            _ => Act(ScenarioActs.GatewayReports) with
            {
                Text = text, Attempt = 1 + (how % 3), Word = _words[which % _words.Length],
                Answer = new[] { "accepted", "enroute", "delivered", "undelivered", "expired", "refused" }[how % 6],
            },
        };
    }

    private static ScenarioStep Act(string act) => new(0, act);

    /// <summary>Gateways that are being asked. Some never answer: the process dies meanwhile.</summary>
    private sealed class AskedGateways(int[] chance)
    {
        private readonly List<(string Whom, decimal Since, bool IsDead)> _all = [];
        private int _count;

        public void Learn(IReadOnlyList<string> asked, decimal at)
        {
            _all.RemoveAll(one => !asked.Contains(one.Whom));
            foreach (var whom in asked.Where(whom => whom.StartsWith(ScenarioActs.GatewayAnswers, StringComparison.Ordinal)))
            {
                if (_all.TrueForAll(one => one.Whom != whom))
                {
                    _all.Add((whom, at, chance[_count++ % chance.Length] % 10 == 0));
                }
            }
        }

        public bool MayAnswer(string whom) => !_all.Exists(one => one.Whom == whom && one.IsDead);

        /// <summary>The first that has to have answered by this moment; null for none.</summary>
        public (string Whom, decimal Since)? Overdue(decimal at) => _all.Where(one => !one.IsDead && one.Since + _patience < at)
            .OrderBy(one => one.Since).Select(one => ((string, decimal)?)(one.Whom, one.Since)).FirstOrDefault();
    }
}
