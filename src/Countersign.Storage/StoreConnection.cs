using System.Data.Common;
using Countersign.Core;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Countersign.Storage;

/// <summary>What a connection string (<c>Countersign:Store</c>, <c>Countersign:Keys:Store</c>) says.</summary>
public static class StoreConnection
{
    private const string NotUnderstood =
        "is not understood. Write Data Source= and a path for SQLite (Data Source=countersign.db), "
            + "or Host= and what follows for PostgreSQL (Host=localhost;Database=countersign;Username=countersign).";

    /// <summary>SQLite, or else PostgreSQL.</summary>
    /// <exception cref="ConfigurationException">It is neither; the message says what to write.</exception>
    public static bool IsSqlite(string connection) =>
        TryTell(connection) ?? throw new ConfigurationException($"Countersign:Store {NotUnderstood}");

    /// <summary>
    /// What is wrong with it, in a sentence; null when a database can be opened with it. It may hold a password, so the sentence
    /// repeats nothing.
    /// </summary>
    /// <param name="setting">What it is called.</param>
    public static string? ProblemOf(string connection, string setting)
    {
        if (TryTell(connection) is not { } isSqlite)
        {
            return $"{setting} {NotUnderstood}";
        }
        try
        {
            if (!isSqlite)
            {
                _ = new NpgsqlConnectionStringBuilder(connection);
                return null;
            }
            var file = new SqliteConnectionStringBuilder(connection);
            return file.Mode == SqliteOpenMode.Memory || file.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase)
                ? $"{setting} is a database in memory, which would forget everything at a restart. Write Data Source= "
                    + "and the path of a file."
                : file.DataSource.Length == 0 || file.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
                ? $"{setting} names no file. Write Data Source= and its path (Data Source=/var/lib/countersign/countersign.db)."
                : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException
            or KeyNotFoundException)
        {
            return $"{setting} has a keyword or a value that {(isSqlite ? "SQLite" : "PostgreSQL")}'s driver does not know. "
                + "Look for a typing error, and put values that hold a semicolon in quotation marks.";
        }
    }

    /// <summary>True for SQLite, false for PostgreSQL, null for neither.</summary>
    private static bool? TryTell(string connection)
    {
        DbConnectionStringBuilder parts;
        try
        {
            parts = new DbConnectionStringBuilder { ConnectionString = connection };
        }
        catch (ArgumentException)
        {
            return null;
        }
        return (parts.ContainsKey("Data Source") || parts.ContainsKey("DataSource"), parts.ContainsKey("Host")) switch
        {
            (true, false) => true,
            (false, true) => false,
            _ => null,
        };
    }

    /// <summary>Of the file beside a SQLite store that keeps the pseudonyms of lines: <c>countersign.lines.db</c>.</summary>
    public static string KeysBeside(string store)
    {
        var builder = new SqliteConnectionStringBuilder(store);
        builder.DataSource = Path.ChangeExtension(builder.DataSource, ".lines" + Path.GetExtension(builder.DataSource));
        return builder.ToString();
    }

    /// <summary>The whole path of a SQLite database, and of the sandbox's key, which lies beside it and opens it.</summary>
    public static (string Database, string Key) SqliteFilesOf(string connection)
    {
        var database = Path.GetFullPath(new SqliteConnectionStringBuilder(connection).DataSource);
        return (database, database + SqliteFiles.KeySuffix);
    }
}
