using System.Reflection;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>Where things are in this working copy.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>"debug" or "release": what was built along with these tests is what they test.</summary>
    public static string Configuration { get; } =
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration.ToLowerInvariant();

    public static string Server { get; } = Path.Combine(
        Root, "artifacts", "bin", "Countersign.Server", Configuration, "Countersign.Server");

    public static string Operator { get; } = Path.Combine(
        Root, "artifacts", "bin", "Countersign.Operator", Configuration, "Countersign.Operator");
    /// <summary>The <c>countersign</c> command.</summary>
    public static string Command { get; } = Path.Combine(Root, "artifacts", "bin", "Countersign.Cli", Configuration, "countersign");

    /// <summary>Many flows while everything fails: <c>./soak</c>.</summary>
    public static string Soak { get; } = Path.Combine(Root, "artifacts", "bin", "Countersign.Soak", Configuration, "Countersign.Soak");

    public static string InteropPages { get; } = Path.Combine(Root, "tests", "interop", "dist");

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Countersign.slnx")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("These tests run inside a working copy of the repository.");
        }
        return folder;
    }
}
