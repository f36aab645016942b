using System.Text;
using System.Text.Json;
using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Scenarios;
using Countersign.Server.Hosting;

namespace Countersign.Server.Tests.Whole.Scenarios;

/// <summary>Whatever has happened to a flow, what is exported of it comes to the same when it is played.</summary>
public sealed class RandomScenarioTests
{
    private const int StepsInWalk = 40;

    // ./test --all plays a thousand.
    private static readonly bool _isAll = Environment.GetEnvironmentVariable("COUNTERSIGN_TESTS") == "all";

    private static readonly string[] _endsOfNoFlow =
        [.. FlowEnd.All.Where(end => end == FlowEnd.Answered || end.StartsWith("refused.", StringComparison.Ordinal))];

    [Fact]
    public async Task A_flow_that_is_exported_and_played_has_the_same_timeline()
    {
        var (played, ends, differences) = (0, new HashSet<string>(StringComparer.Ordinal), new List<string>());
        using var stage = new ScenarioStage();

        for (var number = 0; played < (_isAll ? 1000 : 20); number++)
        {
            var chance = new Random(number);
            var flow = Chances(chance, 20);
            var steps = Enumerable.Range(0, chance.Next(StepsInWalk / 4, StepsInWalk)).Select(_ => Chances(chance, 4))
                .Select(one => (one[0], one[1], one[2], one[3])).ToArray();

            var account = await ScenarioWalk.TakeAsync(flow, steps);
            if (ScenarioExport.Of(account, new PossessionOptions()) is ScenarioExported.Made { Scenario: var scenario })
            {
                differences.AddRange(await DifferencesAsync(stage, account, scenario, number));
                ends.Add(account.Ending!.End);
                played++;
            }
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
        if (_isAll)
        {
            Assert.Empty(FlowEnd.All.Except(_endsOfNoFlow).Except(ends));
        }
    }

    private static async Task<IEnumerable<string>> DifferencesAsync(ScenarioStage stage, FlowAccount account, Scenario scenario, int number)
    {
        var file = JsonSerializer.Serialize(scenario, ScenarioJson.Default.Scenario);
        Assert.All(ScenarioWalk.Marked, marked => Assert.DoesNotContain(marked, file, StringComparison.OrdinalIgnoreCase));
        var read = ScenarioFile.Read(Encoding.UTF8.GetBytes(file), out var problem);
        Assert.True(problem is null, $"{number}: {problem}\n{file}");

        var played = await stage.PlayAsync(read!, TestContext.Current.CancellationToken);
        if (!played.IsSame)
        {
            return [$"{number}: {string.Join("\n", played.Differences)}\n{file}"];
        }

        Assert.Equal(
            account.Facts.Select(fact => (fact.Code, ScenarioTime.Between(account.BegunAt, fact.At))),
            played.Came!.Timeline.Select(fact => ((string?)fact.Code, fact.At)));
        Assert.Equal(account.Ending!.End, played.Came.End);
        return [];
    }

    private static int[] Chances(Random chance, int count) => [.. Enumerable.Range(0, count).Select(_ => chance.Next(100))];
}
