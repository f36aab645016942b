using System.Collections.Concurrent;
using Countersign.Cli.Attacks;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>
/// Each guard is taken away in its turn, from a build that is made for it: the command shows that its attack comes through then, and no
/// other. So what it calls defended is defended by that guard, and by no other way out.
/// </summary>
/// <remarks>
/// S06, L04, L12 and T06 are held off by what is nowhere done: no answer has the code, no page a cookie, no link the name that the call was
/// made by, and what a page says of its result is not read. There the switch does it. L02's opens the page's policy: a script that is there
/// would run.
/// </remarks>
[Trait("tier", "long")]
public sealed class GuardTests(WeakenedServer built) : IClassFixture<WeakenedServer>
{
    // Ids in a row, for who has changed one guard; empty for all.
    private const string OnlySwitch = "COUNTERSIGN_GUARDS";

    // Each run mostly waits for the rate of calls.
    private const int AtOnce = 4;

    // What a sandbox has no place for; and it compares names by a rule of its own.
    private static readonly string[] _ofLive = ["L11", "F03", "I01", "I02", "D04", "O05"];

    [Fact]
    public async Task Without_its_guard_each_attack_comes_through_and_no_other_does()
    {
        var others = new ConcurrentBag<string>();
        var ids = Environment.GetEnvironmentVariable(OnlySwitch) is { Length: > 0 } asked ? asked.Split(' ') : GuardSwitches.InSource;

        await Parallel.ForEachAsync(
            ids, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (id, _) =>
            {
                var run = _ofLive.Contains(id) ? await InLiveAsync(id) : await InSandboxAsync(id);
                if (run.Report is not { } report)
                {
                    others.Add($"Without {id} nothing was played: {run.Error}");
                }
                else if ((AttackCommand.Open(report), AttackCommand.CouldNotBePlayed(report)) != (Expected(id), ""))
                {
                    others.Add($"Without {id} not {Expected(id)} alone: {string.Join("; ", AttackCommand.Broken(report))}");
                }
            });

        Assert.True(others.IsEmpty, string.Join('\n', others.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_build_that_can_be_weakened_is_not_published()
    {
        var (code, output) = await WeakenedServer.DotnetAsync("publish", "-p:RunAnalyzers=false");

        Assert.NotEqual(0, code);
        Assert.Contains("it is not published", output, StringComparison.Ordinal);
        Assert.NotNull(built);
    }

    /// <summary>So what is not found in releases would be found.</summary>
    [Fact]
    public void A_build_that_can_be_weakened_has_each_switch_that_the_source_has()
    {
        var found = GuardSwitches.AssembliesIn(WeakenedServer.Folder).SelectMany(GuardSwitches.In).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(GuardSwitches.InSource.Append(WeakenedServer.GuardOff).Append(GuardSwitches.Type).Except(found));
        Assert.NotNull(built);
    }

    private static string Expected(string id) => string.Join(
        ' ', KnownAttack.All.Where(attack => attack.Id == id || attack.SharesGuardWith.Contains(id)).Select(attack => attack.Id));

    private static async Task<Attacked> InSandboxAsync(string id)
    {
        await using var sandbox = await LimitedSandbox.StartAsync(WeakenedServer.Program, id);
        return await AttackCommand.ReportAsync(sandbox.Address, sandbox.Clients);
    }

    private static async Task<Attacked> InLiveAsync(string id)
    {
        await using var server = new WeakenedLive(id);
        await server.InitializeAsync();
        return await AttackCommand.ReportInLiveAsync(server, "+12022900000");
    }

    private sealed class WeakenedLive(string id) : AttackedServer(Store.Sqlite, null!)
    {
        private protected override string? Program => WeakenedServer.Program;

        private protected override async Task<Dictionary<string, string>> SettingsAsync() =>
            new(await base.SettingsAsync(), StringComparer.Ordinal) { [WeakenedServer.GuardOff] = id };
    }
}
