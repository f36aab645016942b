using System.Net;
using System.Net.Sockets;

namespace Countersign.Soak;

/// <summary>What is where on this machine.</summary>
internal static class Machine
{
    public static string Root { get; } = FindRoot();

    public static string Server => Built("Countersign.Server", "Countersign.Server");

    public static string Operator => Built("Countersign.Operator", "Countersign.Operator");

    public static string Command => Built("Countersign.Cli", "countersign");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static string PostgresBinaries()
    {
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin"))
            : [];
        return path.Concat(debian)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")))
            ?? throw new InvalidOperationException("initdb and pg_ctl are neither in PATH nor in /usr/lib/postgresql/*/bin.");
    }

    private static string Built(string project, string program) =>
        Path.Combine(Root, "artifacts", "bin", project, "release", program) is var path && File.Exists(path) ? path
            : throw new InvalidOperationException($"{path} is not built: dotnet build -c Release");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Countersign.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("This is not inside a working copy.");
    }
}
