using System.Data.Common;
using Countersign.Core;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Countersign.Storage;

/// <summary>What a connection string (<c>Countersign:Store</c>) says.</summary>
public static class StoreConnection
{
    /// <summary>SQLite, or else PostgreSQL.</summary>
    /// <exception cref="ConfigurationException">It is neither; the message says what to write.</exception>
    public static bool IsSqlite(string connection)
    {
        DbConnectionStringBuilder parts;
        try
        {
            parts = new DbConnectionStringBuilder { ConnectionString = connection };
        }
        catch (ArgumentException)
        {
            parts = [];
        }

        // A connection string may hold a password: the message does not repeat it.
        return (parts.ContainsKey("Data Source") || parts.ContainsKey("DataSource"), parts.ContainsKey("Host")) switch
        {
            (true, false) => true,
            (false, true) => false,
            _ => throw new ConfigurationException(
                "Countersign:Store is not understood. Write Data Source= and a path for SQLite (Data Source=countersign.db), "
                    + "or Host= and what follows for PostgreSQL (Host=localhost;Database=countersign;Username=countersign)."),
        };
    }

    /// <exception cref="ConfigurationException">No database can be opened with it; the message says what to change.</exception>
    public static void Check(string connection)
    {
        var isSqlite = IsSqlite(connection);
        try
        {
            if (!isSqlite)
            {
                _ = new NpgsqlConnectionStringBuilder(connection);
                return;
            }
            var file = new SqliteConnectionStringBuilder(connection);
            if (file.Mode == SqliteOpenMode.Memory || file.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase))
            {
                throw new ConfigurationException(
                    "Countersign:Store is a database in memory, which would forget every flow at a restart. Write Data Source= and the path of a file.");
            }
            if (file.DataSource.Length == 0 || file.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            {
                throw new ConfigurationException(
                    "Countersign:Store names no file. Write Data Source= and its path (Data Source=/var/lib/countersign/countersign.db).");
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            // What is not understood may be half of a password: the message does not repeat it.
            throw new ConfigurationException(
                $"Countersign:Store has a keyword or a value that {(isSqlite ? "SQLite" : "PostgreSQL")}'s driver does not know. "
                    + "Look for a typing error, and put values that hold a semicolon in quotation marks.",
                exception);
        }
    }

    /// <summary>The whole path of a SQLite database, and of the sandbox's key, which lies beside it and opens it.</summary>
    public static (string Database, string Key) SqliteFilesOf(string connection)
    {
        var database = Path.GetFullPath(new SqliteConnectionStringBuilder(connection).DataSource);
        return (database, database + SqliteFiles.KeySuffix);
    }
}
