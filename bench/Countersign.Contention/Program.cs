using System.Globalization;
using Countersign.Contention;

// Many calls on one flow, beside as many calls on flows of their own, and what a neighbour notices of either; or, with --cpu, what calls
// cost in processor time.
// Numbers are printed, not judged; only a wrong answer (any but 200) fails the run.
const int Rounds = 3;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(
        """
        Countersign.Contention [<path of Countersign.Server>] [--store <connection string>] [--calls <number>] [--cpu]

        Without a path the server of this working copy is taken (artifacts/bin/Countersign.Server/release), without a store a PostgreSQL
        of its own is started (initdb and pg_ctl from PATH or /usr/lib/postgresql). 200 calls at once by default, 1000 at most.
        With --cpu: the processor time of the server's process for each call, without limits and with them; the calls come eight at once.
        """);
    return 0;
}

string? store = null, path = null;
var calls = 200;
var isOfProcessor = false;
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--store" when i + 1 < args.Length:
            store = args[++i];
            break;
        case "--calls" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out calls)
            && calls is > 0 and <= 1000:
            i++;
            break;
        case "--cpu":
            isOfProcessor = true;
            break;
        case var given when path is null && !given.StartsWith('-'):
            path = given;
            break;
        default:
            Console.Error.WriteLine($"{args[i]} is not understood; see --help.");
            return 2;
    }
}

await using var postgres = store is null ? await PostgresProcess.StartAsync() : null;
(path, store) = (path ?? ServerProcess.OfThisWorkingCopy(), store ?? postgres!.Connection);
return Judge(isOfProcessor ? await ProcessorCost.RunAsync(path, store, calls) : await RunScenariosAsync(path, store, calls));

static async Task<int> RunScenariosAsync(string path, string store, int calls)
{
    await using var server = await ServerProcess.StartAsync(path, store);
    var wrong = 0;
    Console.WriteLine(
        $"{calls} calls at once, {Environment.ProcessorCount} processors; times in milliseconds. A neighbour reads its own flow's "
            + "status and begins flows, in turns.");
    Console.WriteLine(
        "                                                              | neighbour reads                 | neighbour begins flows");
    Console.WriteLine(
        "round  load   call                  one flow  own flows  factor |    idle  beside   worst  factor "
            + "|    idle  beside   worst  factor");
    for (var round = 1; round <= Rounds; round++)
    {
        foreach (var scenario in Scenario.All)
        {
            var result = await scenario.RunAsync(server, calls);
            wrong += result.Wrong;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{round,5} {Machine.Load(),5}   {scenario.Name,-22} {result.OneFlow,9:F0} {result.OwnFlows,10:F0} "
                    + $"{result.OneFlow / result.OwnFlows,7:F2} | ")
                + $"{result.Read} | {result.Write}");
        }
    }
    return wrong;
}

static int Judge(int wrong)
{
    Console.WriteLine(wrong == 0 ? "Every answer was right." : $"{wrong} answers were wrong.");
    return wrong == 0 ? 0 : 1;
}
