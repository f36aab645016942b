namespace Countersign.Contention;

internal static class Machine
{
    /// <summary>Processes that want a processor, as a mean of the last minute; a question mark where nothing tells.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";
}
