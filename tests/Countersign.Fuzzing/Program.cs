using Xunit.MicrosoftTestingPlatform;

namespace Countersign.Fuzzing;

/// <summary>
/// Runs the tests, unless it is told <c>targets</c> (lists them), <c>fuzz TARGET</c> (what afl-fuzz starts) or <c>try TARGET FILE…</c>
/// (plays single inputs, as one that was found).
/// </summary>
internal static class FuzzingProgram
{
    public static async Task<int> Main(string[] args)
    {
        AflProcess.PrepareMap();
        switch (args)
        {
            case ["targets"]:
                Console.WriteLine(string.Join('\n', Targets.All));
                return 0;
            case ["fuzz", var name]:
                AflProcess.Run(Targets.Find(name));
                return 0;
            case ["try", var name, .. var files]:
                foreach (var file in files)
                {
                    Console.WriteLine($"{file}: {Execution.Run(Targets.Find(name), await File.ReadAllBytesAsync(file))}");
                }
                return 0;
            default:
                return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        }
    }
}
