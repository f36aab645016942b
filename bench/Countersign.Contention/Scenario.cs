using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Countersign.Contention;

/// <summary>One kind of call, made many times at once: on one flow, and on as many flows.</summary>
/// <param name="Begin">Brings a flow to where the call is made.</param>
/// <param name="Call">Makes the call and returns its status, 200 where it is what was to be expected.</param>
internal sealed record Scenario(string Name, Func<ServerProcess, int, Task<Flow>> Begin, Func<ServerProcess, Flow, Task<int>> Call)
{
    private const int IdleCalls = 40;

    // A median of fewer says nothing; short bursts are repeated until there are as many.
    private const int MinBeside = 15;

    private static int _number;

    /// <summary>The first asks no store: what the machine and the HTTP stack alone make of so many calls.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("echo (/health)", (_, _) => Task.FromResult(new Flow("", "", "")), (server, _) => server.GetAsync("/health")),
        new("otp/start", VerifyAsync, (server, flow) => server.BrowserAsync(flow, "mobile/otp/start")),
        new("otp/finish", WithCodeAsync, (server, flow) => server.BrowserAsync(flow, "mobile/otp/finish", """{"otp":"0000"}""")),
        new("link page, read", WithLinkAsync, (server, flow) => server.GetAsync(flow.Link)),
        new("link page, confirm", WithLinkAsync, (server, flow) => server.ConfirmAsync(flow.Link)),
        new("verify-status", VerifyAsync, (server, flow) => server.StatusAsync("/v3/verify-status", flow)),
        new("unify, otp/finish", UnifyAsync, (server, flow) => server.BrowserAsync(flow, "mobile/otp/finish", """{"otp":"1234"}""")),
        new("unify-status", UnifyAsync, (server, flow) => server.StatusAsync("/v3/unify-status", flow)),
        new("pre-fill, validate", StartAsync, (server, flow) => server.StatusAsync("/v3/validate", flow)),
    ];

    public async Task<Result> RunAsync(ServerProcess server, int calls)
    {
        // Once before it counts: code is compiled and connections are opened.
        await BurstAsync(server, [.. Enumerable.Repeat(await BeginAsync(server), 8)]);

        using var neighbour = server.Neighbour(await VerifyAsync(server, NextNumber()), () => VerifyBody(NextNumber()).ToJsonString());
        var idle = await neighbour.CallAsync(IdleCalls, () => true);

        var own = await BeginManyAsync(server, calls);
        var (ownTime, ownWrong) = await BurstAsync(server, own);

        var (times, beside, oneWrong) = (new List<double>(), new CallTimes([], []), 0);
        while (beside.Reads.Count < MinBeside)
        {
            var one = await BeginAsync(server);
            var burst = BurstAsync(server, [.. Enumerable.Repeat(one, calls)]);
            var meanwhile = await neighbour.CallAsync(1, () => burst.IsCompleted);
            beside.Reads.AddRange(meanwhile.Reads);
            beside.Writes.AddRange(meanwhile.Writes);
            var (time, wrong) = await burst;
            times.Add(time);
            oneWrong += wrong;
        }

        return new Result(
            Median(times), ownTime, NeighbourTimes.Of(idle.Reads, beside.Reads), NeighbourTimes.Of(idle.Writes, beside.Writes),
            ownWrong + oneWrong);
    }

    private Task<Flow> BeginAsync(ServerProcess server) => Begin(server, NextNumber());

    private async Task<Flow[]> BeginManyAsync(ServerProcess server, int count)
    {
        var flows = new Flow[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            flows[i] = await BeginAsync(server));
        return flows;
    }

    private async Task<(double Milliseconds, int Wrong)> BurstAsync(ServerProcess server, Flow[] flows)
    {
        // All wait at the line, so that the first is not done before the last begins.
        var line = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Array.ConvertAll(flows, async flow =>
        {
            await line.Task;
            return await Call(server, flow);
        });
        var begun = Stopwatch.GetTimestamp();
        line.SetResult();
        var statuses = await Task.WhenAll(calls);
        return (Stopwatch.GetElapsedTime(begun).TotalMilliseconds, statuses.Count(status => status != 200));
    }

    // Load users of the sandbox, each for one flow of a run.
    private static int NextNumber() => 2002000000 + (Interlocked.Increment(ref _number) % 1_000_000);

    internal static Task<Flow> VerifyAsync(ServerProcess server, int number) => server.BeginAsync("/v3/verify", VerifyBody(number));

    private static JsonObject VerifyBody(int number) => new()
    {
        ["possessionType"] = "mobile", ["phoneNumber"] = $"{number}", ["firstName"] = "Ada", ["lastName"] = "Lovelace",
        ["allowOTPRetry"] = true,
    };

    private static async Task<Flow> WithCodeAsync(ServerProcess server, int number)
    {
        var flow = await VerifyAsync(server, number);
        await server.BrowserAsync(flow, "mobile/otp/start");
        return flow;
    }

    private static async Task<Flow> UnifyAsync(ServerProcess server, int number)
    {
        var flow = await server.BeginAsync("/v3/unify", new JsonObject { ["possessionType"] = "mobile", ["phoneNumber"] = $"{number}" });
        await server.BrowserAsync(flow, "mobile/otp/start");
        return flow;
    }

    private static Task<Flow> StartAsync(ServerProcess server, int number) =>
        server.BeginAsync("/v3/start", new JsonObject { ["possessionType"] = "mobile", ["phoneNumber"] = $"{number}" });

    private static async Task<Flow> WithLinkAsync(ServerProcess server, int number)
    {
        var flow = await server.BeginAsync("/v3/verify", new JsonObject
        {
            ["possessionType"] = "desktop", ["phoneNumber"] = $"{number}", ["firstName"] = "Ada", ["lastName"] = "Lovelace",
            ["finalTargetUrl"] = "https://shop.example/done",
        });
        await server.BrowserAsync(flow, "mobile/instantlink/start");
        return flow with { Link = await server.LinkToAsync($"{number}") };
    }

    internal static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}

/// <param name="Link">Path of the link page, where the flow has one.</param>
internal sealed record Flow(string Id, string AuthToken, string Link);

/// <summary>In milliseconds.</summary>
internal sealed record Result(double OneFlow, double OwnFlows, NeighbourTimes Read, NeighbourTimes Write, int Wrong);

/// <summary>
/// What a neighbour's call takes while nobody else calls, and beside a burst on one flow: median and worst, in milliseconds.
/// </summary>
internal sealed record NeighbourTimes(double Idle, double Beside, double Worst)
{
    public static NeighbourTimes Of(List<double> idle, List<double> beside) =>
        new(Scenario.Median(idle), Scenario.Median(beside), beside.Max());

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Idle,7:F1} {Beside,7:F1} {Worst,7:F1} {Beside / Idle,7:F1}");
}
