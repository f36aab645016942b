using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Countersign.Soak;

/// <summary>Many flows at once while nodes are killed and the database stops; then time passes until nothing is left to do.</summary>
internal sealed class Run(Stage stage, IReadOnlyList<Flow> flows, int seed, TextWriter output)
{
    private const int AtOnce = 24;

    // The nodes look at their time once a minute, and clean up once a minute.
    private static readonly TimeSpan _round = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private int _done;

    public async Task GoAsync()
    {
        var begun = Stopwatch.StartNew();
        using var over = new CancellationTokenSource();
        var troubles = MakeTroubleAsync(over.Token);
        await Parallel.ForEachAsync(flows, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (flow, _) =>
        {
            for (var next = flow; next is not null; next = next.Following)
            {
                var chance = new Random(HashCode.Combine(seed, next.Number));
                using var person = new Person(next, stage.BackEnd, stage.World, stage.Network, chance);
                await person.LiveAsync();
            }
            Interlocked.Increment(ref _done);
        });
        await over.CancelAsync();
        await troubles;
        output.WriteLine($"{flows.Count} flows in {begun.Elapsed.TotalSeconds:F0} s");
        await EndAsync();
    }

    /// <summary>One trouble after each so many flows, so that a longer run has more of them.</summary>
    private async Task MakeTroubleAsync(CancellationToken over)
    {
        var step = Math.Clamp(flows.Count / 6, 40, 400);
        for (var next = step; ; next += step)
        {
            while (_done < next)
            {
                if (over.IsCancellationRequested)
                {
                    return;
                }
                await Task.Delay(50, CancellationToken.None);
            }
            await TroubleAsync(next / step);
        }
    }

    private async Task TroubleAsync(int number)
    {
        if (number % 3 == 0)
        {
            stage.Faults.Count("database is stopped");
            var stopped = DateTime.UtcNow;
            await stage.Postgres.StopAsync();
            await Task.Delay(TimeSpan.FromSeconds(1 + stage.Faults.Draw(3)));
            await stage.Postgres.ContinueAsync();
            stage.Stops.Add((stopped, DateTime.UtcNow));
            return;
        }
        var node = stage.Nodes[number % 3 - 1];
        stage.Faults.Count("node is killed (kill -9)");
        await RestartAsync(node);
    }

    private async Task RestartAsync(Node node)
    {
        stage.Kills.Add(DateTime.UtcNow);
        await node.KillAsync();
        await node.StartAsync();
    }

    /// <summary>From here on all goes well; time passes until every life is over and every event is with the receiver.</summary>
    private async Task EndAsync()
    {
        stage.Faults.AreOn = false;
        await stage.Postgres.AdvanceAsync(TimeSpan.FromMinutes(16));
        foreach (var node in stage.Nodes)
        {
            // They see the other time when they start.
            await RestartAsync(node);
        }
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < _patience)
        {
            var living = await stage.Postgres.CountAsync("SELECT count(*) FROM flows");
            var waiting = await stage.Postgres.CountAsync(
                "SELECT (SELECT count(*) FROM webhook_deliveries WHERE due_at IS NOT NULL) + (SELECT count(*) FROM event_outbox)");
            if (living == 0 && waiting == 0)
            {
                return;
            }
            await Task.Delay(_round);
            if (living == 0)
            {
                // Pauses before the next try grow to hours.
                await stage.Postgres.AdvanceAsync(TimeSpan.FromHours(1));
            }
        }
    }
}
