namespace Countersign.Storage;

/// <summary>The files of a SQLite database are their owner's alone: what is sealed in them is nobody else's business either.</summary>
internal static class SqliteFiles
{
    /// <summary>Behind the database's name: the sandbox's key, which lies beside it and opens it.</summary>
    public const string KeySuffix = ".key";

    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>
    /// Makes the file where it is missing, so that SQLite does not make it readable for all, and takes from files that are there what
    /// others may do with them, the sandbox's key included. SQLite gives its other files (-wal, -shm) the mode of the first.
    /// </summary>
    /// <returns>A file that others may read all the same, since it belongs to another user; or null.</returns>
    public static string? KeepToOwner(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        if (!File.Exists(path))
        {
            // No error if it is there by now: another process may start at the same moment.
            using var made = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                UnixCreateMode = OwnersAlone,
            });
        }
        return Array.Find([path, path + "-wal", path + "-shm", path + KeySuffix], file => !TryTighten(file));
    }

    private static bool TryTighten(string file)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }
        try
        {
            var mode = File.GetUnixFileMode(file);
            if ((mode & Others) != UnixFileMode.None)
            {
                File.SetUnixFileMode(file, mode & ~Others);
            }
            return true;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }
}
