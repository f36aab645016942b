using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>The rows of a server's database, as whoever may write there finds them: without a key.</summary>
internal sealed class StoredRows(string connection)
{
    /// <summary>Changes one row; the test would prove nothing if there were none.</summary>
    public async Task ChangeAsync(string sql, params (string Name, object Value)[] values)
    {
        await using var store = await OpenAsync();
        await using var command = CommandOf(store, sql, values);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The only value of the only row.</summary>
    public async Task<T> ReadAsync<T>(string sql, params (string Name, object Value)[] values)
    {
        await using var store = await OpenAsync();
        await using var command = CommandOf(store, sql, values);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>An id as the columns have it.</summary>
    public static byte[] IdOf(string id) => Guid.Parse(id).ToByteArray(bigEndian: true);

    private async Task<DbConnection> OpenAsync()
    {
        DbConnection store = connection.StartsWith("Data Source", StringComparison.Ordinal)
            ? new SqliteConnection($"{connection};Pooling=false")
            : new NpgsqlConnection($"{connection};Pooling=false");
        await store.OpenAsync(TestContext.Current.CancellationToken);
        return store;
    }

    private static DbCommand CommandOf(DbConnection store, string sql, (string Name, object Value)[] values)
    {
        var command = store.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
