using Countersign.Testing;

namespace Countersign.Soak;

/// <summary>What is where on this machine.</summary>
internal static class Machine
{
    public static string Server => Built("Countersign.Server", "Countersign.Server");

    public static string Operator => Built("Countersign.Operator", "Countersign.Operator");

    public static string Command => Built("Countersign.Cli", "countersign");

    private static string Built(string project, string program) =>
        Path.Combine(Repository.Root, "artifacts", "bin", project, "release", program) is var path && File.Exists(path)
            ? path
            : throw new InvalidOperationException($"{path} is not built: dotnet build -c Release");
}
