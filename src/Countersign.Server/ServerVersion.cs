using System.Reflection;

namespace Countersign.Server;

/// <summary>Which version of the server this is.</summary>
internal static class ServerVersion
{
    /// <summary>Without what the build has appended.</summary>
    public static string Text { get; } = typeof(ServerVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
