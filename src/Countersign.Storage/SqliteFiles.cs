using System.Security.Cryptography;
using Countersign.Core;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage;

/// <summary>The files of a SQLite database are their owner's alone: what is sealed in them is nobody else's business either.</summary>
internal static class SqliteFiles
{
    /// <summary>Behind the database's name: the sandbox's key, which lies beside it and opens it.</summary>
    public const string KeySuffix = ".key";

    private const string DraftMark = ".draft-";

    // SQLITE_BUSY, SQLITE_LOCKED.
    private const int Busy = 5;
    private const int Locked = 6;

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

    public static string ConnectionTo(string path) => new SqliteConnectionStringBuilder { DataSource = path }.ToString();

    /// <summary>A name for a copy that is being made beside a database.</summary>
    public static string DraftOf(string path) => $"{path}{DraftMark}{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <summary>Removes the copies that a process has left which was killed while it made them.</summary>
    public static void RemoveDrafts(string path)
    {
        foreach (var draft in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}{DraftMark}*"))
        {
            File.Delete(draft);
        }
    }

    /// <summary>Which of a database's files are there.</summary>
    public static IReadOnlyList<string> ThereOf(string path) =>
        [.. new[] { path, path + "-wal", path + "-shm", path + "-journal" }.Where(File.Exists)];

    /// <summary>Keeps everybody else from a database until it is disposed of, and brings it into one file.</summary>
    /// <exception cref="ConfigurationException">Somebody uses it.</exception>
    public static SqliteConnection HoldAlone(string path)
    {
        var connection = StoreFile.Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            connection.DefaultTimeout = 1;
            using var command = connection.CreateCommand();
            // Whoever has the file open in WAL mode holds a lock on it all the time, which leaving that mode needs for itself.
            command.CommandText =
                """
                PRAGMA journal_mode = DELETE;
                PRAGMA journal_mode = MEMORY;
                PRAGMA locking_mode = EXCLUSIVE;
                BEGIN EXCLUSIVE;
                COMMIT;
                """;
            command.ExecuteNonQuery();
            return connection;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw exception.SqliteErrorCode is Busy or Locked
                ? new ConfigurationException($"A server uses {path}, or another program has it open: stop it first.", exception)
                : exception;
        }
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
