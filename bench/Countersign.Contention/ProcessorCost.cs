using System.Globalization;

namespace Countersign.Contention;

/// <summary>
/// What a call costs the server's process in processor time, without limits and with them: ordinary traffic, in which each number asks for
/// one text, enters one wrong code and the right one. A call that asks no store is the yardstick of the machine and the HTTP stack.
/// </summary>
internal static class ProcessorCost
{
    private const int Rounds = 3;
    private const int AtOnce = 8;

    // Far enough apart that no block of numbers is asked for twice in a row.
    private const int Stride = 7919;

    /// <summary>As in Live, but for what would take the calls of one machine for an attack.</summary>
    private static readonly Dictionary<string, string> _limits = new()
    {
        ["Budget:GuessProbability"] = "0.01", ["Budget:NamesPerProject"] = "5", ["Budget:NamesPerLine"] = "10",
        ["TextLimits:PerHour"] = "6", ["TextLimits:PerDay"] = "12", ["TextLimits:PerAddress"] = "100000",
        ["TextLimits:PerClient"] = "100000", ["TextLimits:PerPrefix"] = "100000", ["TextLimits:PerCountry"] = "10000000",
        ["Pumping:PrefixConversion"] = "Shadow", ["Pumping:CountryConversion"] = "Shadow", ["Pumping:Sequence"] = "Shadow",
        ["Pumping:Address"] = "Shadow", ["Pumping:Growth"] = "Shadow", ["Pumping:Denied"] = "Enforce",
        ["Pumping:SequentialNumbers"] = "1000", ["Pumping:PrefixesPerAddress"] = "1000", ["Pumping:GrowthFloor"] = "10000000",
    };

    private static int _number;

    /// <returns>How many answers were wrong.</returns>
    public static async Task<int> RunAsync(string path, string store, int calls)
    {
        await using var without = await ServerProcess.StartAsync(path, store);
        await using var with = await ServerProcess.StartAsync(path, store, _limits);
        // Code is compiled, and compiled again when it is called often.
        var wrong = (await MeasureAsync(without, calls)).Wrong + (await MeasureAsync(with, calls)).Wrong;
        Console.WriteLine(
            $"{calls} calls, {AtOnce} at once, {Environment.ProcessorCount} processors; milliseconds of the server's processor time "
                + "a call.");
        Console.WriteLine("round  load   limits |  yardstick    verify  first code  wrong code  right code |  all four, in yardsticks");
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var (server, name) in new[] { (without, "off"), (with, "on") })
            {
                var result = await MeasureAsync(server, calls);
                wrong += result.Wrong;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{round,5} {Machine.Load(),5}   {name,6} | {result.Echo,10:F3} {result.Verify,9:F3} {result.First,11:F3} "
                        + $"{result.Entry,11:F3} {result.Proof,11:F3} | {result.Flow / result.Echo,25:F1}"));
            }
        }
        return wrong;
    }

    private static async Task<Cost> MeasureAsync(ServerProcess server, int calls)
    {
        var flows = new Flow[calls];
        var wrong = 0;
        var echo = await CostOfAsync(_ => server.GetAsync("/health"));
        var verify = await CostOfAsync(async i =>
        {
            flows[i] = await Scenario.VerifyAsync(server, NextNumber());
            return 200;
        });
        var first = await CostOfAsync(i => server.BrowserAsync(flows[i], "mobile/otp/start"));
        var entry = await CostOfAsync(i => server.BrowserAsync(flows[i], "mobile/otp/finish", """{"otp":"0000"}"""));
        var proof = await CostOfAsync(i => server.BrowserAsync(flows[i], "mobile/otp/finish", """{"otp":"1234"}"""));
        return new Cost(echo, verify, first, entry, proof, wrong);

        async Task<double> CostOfAsync(Func<int, Task<int>> call)
        {
            var before = server.ProcessorTime;
            await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            {
                if (await call(i) != 200)
                {
                    Interlocked.Increment(ref wrong);
                }
            });
            return (server.ProcessorTime - before).TotalMilliseconds / calls;
        }
    }

    // Load users of the sandbox.
    private static int NextNumber() => 2002000000 + (int)((long)Interlocked.Increment(ref _number) * Stride % 1_000_000);

    /// <summary>Milliseconds of processor time a call.</summary>
    private sealed record Cost(double Echo, double Verify, double First, double Entry, double Proof, int Wrong)
    {
        public double Flow => Verify + First + Entry + Proof;
    }
}
