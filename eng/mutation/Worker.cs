using System.Reflection;
using Xunit.Runner.InProc.SystemConsole;

namespace Countersign.Core.Mutation;

/// <summary>
/// Runs the core's tests, a class at a time, with one of Stryker's changes in force. Reads a line and answers with one: <c>classes</c>, the
/// names of all; <c>cover CLASS</c>, whether its tests pass, and the changes that they come by; <c>run CHANGE CLASS</c>, whether they pass
/// with this change (-1: with none).
/// </summary>
internal static class Worker
{
    private static readonly Assembly _tests = typeof(Worker).Assembly;
    private static readonly Type _control = Assembly.Load("Countersign.Core").GetTypes().Single(type => type.Name == "MutantControl");

    public static async Task<int> Main()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            Console.WriteLine(line.Split(' ') switch
            {
                ["classes"] => string.Join(' ', Classes()),
                ["cover", var name] => await CoverAsync(name),
                ["run", var change, var name] => await RunAsync(int.Parse(change, null), name) ? "passed" : "failed",
                _ => throw new InvalidOperationException($"'{line}' is no order."),
            });
        }
        return 0;
    }

    private static IEnumerable<string> Classes() =>
        from type in _tests.GetTypes()
        where !type.IsAbstract && type.GetMethods().Any(method => method.GetCustomAttributes<FactAttribute>().Any())
        select type.FullName;

    private static async Task<string> CoverAsync(string name)
    {
        Field("CaptureCoverage").SetValue(null, true);
        try
        {
            var passed = await RunAsync(-1, name);
            var met = (IList<int>[])_control.GetMethod("GetCoverageData")!.Invoke(null, [])!;
            return $"{(passed ? "passed" : "failed")} {string.Join(',', met.SelectMany(some => some).Distinct().Order())}";
        }
        finally
        {
            Field("CaptureCoverage").SetValue(null, false);
        }
    }

    private static async Task<bool> RunAsync(int change, string name)
    {
        Field("ActiveMutant").SetValue(null, change);
        using var runner = new ConsoleRunner(
            ["-noLogo", "-noAutoReporters", "-parallelMode", "none", "-stopOnFail", "-class", name], _tests);
        return await runner.EntryPoint(TextReader.Null, TextWriter.Null) == 0;
    }

    private static FieldInfo Field(string name) => _control.GetField(name)!;
}
