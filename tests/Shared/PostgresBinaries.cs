namespace Countersign.Testing;

/// <summary>Where PostgreSQL's programs are on this machine.</summary>
internal static class PostgresBinaries
{
    /// <summary>The folder of initdb and pg_ctl.</summary>
    public static string Find()
    {
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin"))
            : [];
        return path.Concat(debian)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")))
            ?? throw new InvalidOperationException(
                "This needs PostgreSQL: initdb and pg_ctl are neither in PATH nor in /usr/lib/postgresql/*/bin. On Debian: apt-get "
                    + "install postgresql.");
    }
}
