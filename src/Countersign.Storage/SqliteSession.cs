using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage;

/// <summary>One connection and the commands prepared on it. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <param name="connectionString">Names a file; pooling is off, since sessions are kept by <see cref="SqliteDatabase"/>.</param>
    /// <param name="pragmas">Settings of this connection.</param>
    public static SqliteSession Open(string connectionString, string pragmas)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var command = new SqliteCommand(pragmas, connection);
            command.ExecuteNonQuery();
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>False when SQLite has given the transaction up by itself (disk full, input/output error).</summary>
    public bool IsInTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0;

    public void Execute(string sql) => Prepare(sql, []).ExecuteNonQuery();

    public WriteResult Execute(Statement statement)
    {
        var command = Prepare(statement.Sql, statement.Values);
        if (!statement.ReturnsRow)
        {
            return new WriteResult(command.ExecuteNonQuery(), null);
        }

        using var reader = command.ExecuteReader();
        object?[]? row = null;
        while (reader.Read())
        {
            row ??= ReadRow(reader);
        }
        return new WriteResult(reader.RecordsAffected, row);
    }

    public List<T> Read<T>(Statement statement, Func<DbDataReader, T> read)
    {
        var rows = new List<T>();
        using var reader = Prepare(statement.Sql, statement.Values).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }
        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, (string Name, SqlValue Value)[] values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = new SqliteCommand(sql, _connection);
            foreach (var (name, _) in values)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }
            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i].Value.Boxed;
        }
        return command;
    }

    private static object?[] ReadRow(SqliteDataReader reader)
    {
        var row = new object?[reader.FieldCount];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
        }
        return row;
    }
}
