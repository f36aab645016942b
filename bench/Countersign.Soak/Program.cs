using System.Diagnostics;
using Countersign.Soak;

var flowCount = 10_000;
var seed = Environment.TickCount;
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--flows" when i + 1 < args.Length && int.TryParse(args[i + 1], out flowCount) && flowCount is > 0 and <= 1_000_000:
        case "--seed" when i + 1 < args.Length && int.TryParse(args[i + 1], out seed):
            i++;
            break;
        default:
            Console.Error.WriteLine("soak [--flows <1 to 1000000, default 10000>] [--seed <number>]");
            return 2;
    }
}

Console.WriteLine($"{flowCount} flows, seed {seed}");
var clock = Stopwatch.StartNew();
var chance = new Random(seed);
var products = Enum.GetValues<Product>().Where(product => product != Product.Visit).ToArray();
var flows = Enumerable.Range(0, flowCount)
    .Select(number => new Flow(number, products[chance.Next(products.Length)], hasRightName: chance.Next(10) > 0)).ToList();
var faults = new Faults(seed);
await using var stage = await Stage.SetAsync(faults, flows);
await new Run(stage, flows, seed, Console.Out).GoAsync();
var verdict = new Verdict(stage, [.. flows, .. flows.Select(flow => flow.Following).OfType<Flow>()]);
await verdict.JudgeAsync();

foreach (var (title, counts) in ((string, IReadOnlyDictionary<string, int>)[])[("Faults", faults.Counts), ("Ends", verdict.Ends)])
{
    Console.WriteLine($"{title}:");
    foreach (var (kind, count) in counts.OrderByDescending(one => one.Value))
    {
        Console.WriteLine($"  {count,7}  {kind}");
    }
}
Console.WriteLine($"{stage.World.Delivered.Count} events reached the receiver in {stage.World.Deliveries} deliveries");
foreach (var broken in verdict.Broken.Take(50))
{
    Console.WriteLine($"BROKEN  {broken}");
}
Console.WriteLine($"{verdict.Broken.Count} broken, {clock.Elapsed.TotalSeconds:F0} s, seed {seed}");
return verdict.Broken.Count > 0 ? 1 : 0;
