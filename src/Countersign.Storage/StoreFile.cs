using Countersign.Core;
using Countersign.Core.Keys;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage;

/// <summary>What a SQLite file says of itself that holds a store and that no server uses: a backup, or what a server has left.</summary>
/// <param name="Schema">The version of its tables; the same as this server's or an older one.</param>
/// <param name="IsOlder">True for an older one.</param>
/// <param name="TakenAt">When the backup was taken; null for what is none, or says nothing of it.</param>
/// <param name="Mode">Null for a store that no server has used.</param>
/// <param name="Keys">The encryption keys that its token keys are under; null among them for the first key of a store from before keys had
/// ids.</param>
public sealed record StoreFile(string Schema, bool IsOlder, DateTimeOffset? TakenAt, Mode? Mode, IReadOnlyList<KeyId?> Keys)
{
    /// <summary>The keys in words.</summary>
    public string KeyWords => Keys.Count == 0 ? "none"
        : string.Join(", ", Keys.Select(key => key?.ToString() ?? "the first key, which has no name there"));

    /// <summary>Reads a file from end to end and changes nothing in it.</summary>
    /// <exception cref="ConfigurationException">It is no store, is damaged, or is a newer version's; the message says which.</exception>
    public static StoreFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new ConfigurationException($"{path} does not exist.");
        }
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadOnly);
            return Read(connection, path);
        }
        catch (SqliteException exception)
        {
            throw new ConfigurationException($"{path} cannot be read as a SQLite database: {exception.Message}", exception);
        }
    }

    /// <summary>Copies a store into one file without what is free in it, which its owner alone may read, and notes there that it is a
    /// backup.</summary>
    /// <param name="draft">It is there, and empty.</param>
    /// <param name="takenAt">What is noted where nothing is yet.</param>
    internal static void Copy(SqliteConnection from, string draft, DateTimeOffset takenAt)
    {
        SqliteFiles.KeepToOwner(draft);
        Execute(from, "VACUUM INTO @value", draft);
        using var copy = Open(draft, SqliteOpenMode.ReadWrite);
        Execute(
            copy, $"INSERT INTO settings (name, value) VALUES ('{RestoredStore.Mark}', @value) ON CONFLICT (name) DO NOTHING",
            takenAt.ToUnixTimeMilliseconds());
    }

    internal static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal static StoreFile Read(SqliteConnection connection, string path)
    {
        if (List(connection, "PRAGMA integrity_check(1)", row => row.GetString(0)) is not ["ok"])
        {
            throw new ConfigurationException($"{path} is damaged: SQLite's integrity check fails. Take another backup.");
        }
        var tables = List(connection, "SELECT name FROM sqlite_master WHERE type = 'table'", row => row.GetString(0));
        if (!tables.Contains("SchemaVersions") || !tables.Contains("flows"))
        {
            throw new ConfigurationException($"{path} is a SQLite database and holds no store of Countersign.");
        }
        var applied = List(connection, "SELECT ScriptName FROM SchemaVersions", row => row.GetString(0));
        if (Migrations.ProblemOf(applied) is { } problem)
        {
            throw new ConfigurationException($"{path} cannot be used here: {problem}. Use the newer version, or an older backup.");
        }
        var settings = List(connection, "SELECT name, value FROM settings", row => (Name: row.GetString(0), Value: row.GetInt64(1)))
            .ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        return new StoreFile(
            Migrations.VersionOf(applied),
            applied.Count < Migrations.Known("Sqlite").Count,
            settings.TryGetValue(RestoredStore.Mark, out var at) && at > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            settings.TryGetValue("mode", out var mode) ? (Mode)mode : null,
            [.. List(connection, "SELECT private_key FROM keys", row => Sealer.KeyOf(row.GetFieldValue<byte[]>(0))).Distinct()]);
    }

    private static List<T> List<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        var rows = new List<T>();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    private static void Execute(SqliteConnection connection, string sql, object value)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@value", value);
        command.ExecuteNonQuery();
    }

    public override string ToString() => nameof(StoreFile);
}
