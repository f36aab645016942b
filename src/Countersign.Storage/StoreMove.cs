using System.Data.Common;
using System.Globalization;
using Countersign.Core;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Countersign.Storage;

/// <summary>What was moved.</summary>
/// <param name="Rows">Each table with the number of its rows.</param>
public sealed record MovedStore(IReadOnlyList<(string Table, ulong Rows)> Rows)
{
    public override string ToString() => $"{Rows.Count} tables";
}

/// <summary>Brings a SQLite store to PostgreSQL while no server uses either: all rows in one transaction, as they are.</summary>
/// <remarks>What is encrypted or hashed is bound to tables, rows and keys and not to the database, so it is copied and stays.</remarks>
public static class StoreMove
{
    /// <summary>Everything is there when this returns; when it throws, the database is as empty as it was. The file stays.</summary>
    /// <param name="services">Of a server as it is configured, with PostgreSQL, which has not been started.</param>
    /// <exception cref="ConfigurationException">Refused; the message says why and what to do.</exception>
    public static async Task<MovedStore> MoveAsync(this IServiceProvider services, string file, Mode mode)
    {
        var options = services.GetRequiredService<StorageOptions>();
        if (StoreConnection.IsSqlite(options.Store))
        {
            throw new ConfigurationException(
                "Countersign:Store is SQLite. Name the empty PostgreSQL database that the store is to be moved to (Host=…).");
        }
        file = Path.GetFullPath(file);
        var store = StoreFile.Read(file);
        StoreRestore.RefuseOtherMode(store, file, mode);
        if (store.IsOlder)
        {
            throw new ConfigurationException(
                $"{file} has the schema {store.Schema}, an older version's. Start this version's server on it once, and stop it.");
        }
        await StoreRestore.RefuseOtherKeysAsync(file, store, services);
        try
        {
            using var from = SqliteFiles.HoldAlone(file);
            services.MigrateStorage();
            await MakeOutcomeDaysAsync(from, services.GetRequiredService<IDatabase>());
            return await CopyAsync(from, options.Store, LinesOf(services, file));
        }
        catch (Exception exception) when (exception is DbException or IOException or InvalidOperationException)
        {
            throw new ConfigurationException($"Nothing was moved: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// The file of the pseudonyms of lines, which PostgreSQL keeps in the store; null for none, and where a place for them is named, which
    /// is theirs wherever the store is.
    /// </summary>
    private static string? LinesOf(IServiceProvider services, string file)
    {
        var (lines, _) = StoreConnection.SqliteFilesOf(StoreConnection.KeysBeside(SqliteFiles.ConnectionTo(file)));
        return !services.GetRequiredService<KeyDatabase>().IsNamed && File.Exists(lines) ? lines : null;
    }

    /// <summary>Copies every table that PostgreSQL has, into tables that are empty.</summary>
    /// <param name="lines">The file of the pseudonyms of lines; null for none.</param>
    internal static async Task<MovedStore> CopyAsync(SqliteConnection from, string store, string? lines = null)
    {
        if (lines is not null)
        {
            await using var attach = from.CreateCommand();
            attach.CommandText = "ATTACH DATABASE @file AS beside";
            attach.Parameters.AddWithValue("@file", lines);
            await attach.ExecuteNonQueryAsync();
        }

        // As long as it takes.
        await using var source = PostgresSource.Create(
            new NpgsqlConnectionStringBuilder(PostgresSource.WithDefaults(store)) { CommandTimeout = 0, Pooling = false }.ConnectionString);
        await using var to = await source.OpenConnectionAsync();
        var all = await TablesAsync(to);
        var tables = lines is null ? [.. all.Where(table => !Inventory.OfKeys.Contains(table.Name, StringComparer.Ordinal))] : all;
        await using (var transaction = await to.BeginTransactionAsync())
        {
            await ExecuteAsync(to, $"LOCK TABLE {string.Join(", ", all.Select(table => table.Name))} IN ACCESS EXCLUSIVE MODE");
            await RefuseFilledAsync(to, all);
            var rows = new List<(string, ulong)>();
            foreach (var table in tables)
            {
                rows.Add((table.Name, await CopyAsync(from, to, table)));
            }
            await transaction.CommitAsync();
            await ExecuteAsync(to, "ANALYZE");
            return new MovedStore(rows);
        }
    }

    private static async Task MakeOutcomeDaysAsync(SqliteConnection from, IDatabase to)
    {
        await using var command = from.CreateCommand();
        // The last year's: for more, PostgreSQL has too few locks.
        command.CommandText =
            """
            SELECT DISTINCT begun_at / 86400000 * 86400000 FROM outcomes
            WHERE begun_at BETWEEN (unixepoch('now') - 366 * 86400) * 1000 AND (unixepoch('now') + 7 * 86400) * 1000 ORDER BY 1
            """;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var day = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(0));
            await to.MakeOutcomeDaysAsync(day, day, CancellationToken.None);
        }
    }

    private static async Task<ulong> CopyAsync(SqliteConnection from, NpgsqlConnection to, Table table)
    {
        var columns = string.Join(", ", table.Columns.Select(column => column.Name));
        await using var command = from.CreateCommand();
        command.CommandText = $"SELECT {columns} FROM {table.Name}";
        await using var reader = await command.ExecuteReaderAsync();
        ulong read = 0;
        ulong written;
        await using (var copy = await to.BeginBinaryImportAsync($"COPY {table.Name} ({columns}) FROM STDIN (FORMAT BINARY)"))
        {
            while (await reader.ReadAsync())
            {
                await copy.StartRowAsync();
                for (var i = 0; i < table.Columns.Length; i++)
                {
                    await WriteAsync(copy, reader.GetValue(i), table, table.Columns[i]);
                }
                read++;
            }
            written = await copy.CompleteAsync();
        }
        if (read != written)
        {
            throw new InvalidOperationException($"{table.Name} has {read} rows, and {written} arrived.");
        }
        foreach (var column in table.Columns.Where(column => column.IsCounted))
        {
            await CountOnAsync(from, to, table, column);
        }
        return written;
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, object value, Table table, Column column) => (value, column.Type) switch
    {
        (DBNull, _) => copy.WriteNullAsync(),
        (long number, NpgsqlDbType.Bigint) => copy.WriteAsync(number, NpgsqlDbType.Bigint),
        (string text, NpgsqlDbType.Text) => copy.WriteAsync(text, NpgsqlDbType.Text),
        (byte[] bytes, NpgsqlDbType.Bytea) => copy.WriteAsync(bytes, NpgsqlDbType.Bytea),
        _ => throw new InvalidOperationException(
            $"{table.Name}.{column.Name} holds what is no {column.Type}: somebody has changed it by hand."),
    };

    /// <summary>An id that was given out once is not given out again, also where its row is gone.</summary>
    private static async Task CountOnAsync(SqliteConnection from, NpgsqlConnection to, Table table, Column column)
    {
        await using var command = from.CreateCommand();
        command.CommandText =
            $"SELECT max((SELECT COALESCE(max({column.Name}), 0) FROM {table.Name}), "
                + "COALESCE((SELECT max(seq) FROM sqlite_sequence WHERE name = @name), 0))";
        command.Parameters.AddWithValue("@name", table.Name);
        if ((long)(await command.ExecuteScalarAsync())! is > 0 and var last)
        {
            await ExecuteAsync(to, string.Create(
                CultureInfo.InvariantCulture, $"SELECT setval(pg_get_serial_sequence('{table.Name}', '{column.Name}'), {last})"));
        }
    }

    /// <summary>
    /// The tables of the schema, as PostgreSQL has them. SQLite has no other, and a number for each flow that is its own. The journal of
    /// scripts is each database's, and the probe's table is empty.
    /// </summary>
    private static async Task<IReadOnlyList<Table>> TablesAsync(NpgsqlConnection to)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT CAST(table_name AS text), CAST(column_name AS text), CAST(data_type AS text), is_identity = 'YES'
            FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
            WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name NOT IN ('schemaversions', 'write_probe')
                AND NOT (SELECT relispartition FROM pg_class WHERE oid = to_regclass(quote_ident(CAST(table_name AS text))))
            ORDER BY table_name, ordinal_position
            """,
            to);
        await using var reader = await command.ExecuteReaderAsync();
        var columns = new List<(string Table, Column Column)>();
        while (await reader.ReadAsync())
        {
            columns.Add((reader.GetString(0), new Column(reader.GetString(1), TypeOf(reader.GetString(2)), reader.GetBoolean(3))));
        }
        return
        [
            .. columns.GroupBy(one => one.Table, StringComparer.Ordinal)
                .Select(all => new Table(all.Key, [.. all.Select(one => one.Column)])),
        ];
    }

    private static NpgsqlDbType TypeOf(string type) => type switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "text" => NpgsqlDbType.Text,
        "bytea" => NpgsqlDbType.Bytea,
        _ => throw new InvalidOperationException($"There is a table with a column of the type {type}, which is none of Countersign's."),
    };

    private static async Task RefuseFilledAsync(NpgsqlConnection to, IReadOnlyList<Table> tables)
    {
        var filled = new List<string>();
        foreach (var table in tables)
        {
            await using var command = new NpgsqlCommand($"SELECT EXISTS (SELECT 1 FROM {table.Name})", to);
            if ((bool)(await command.ExecuteScalarAsync())!)
            {
                filled.Add(table.Name);
            }
        }
        if (filled.Count > 0)
        {
            throw new InvalidOperationException(
                $"the database is not empty ({string.Join(", ", filled)}). Make an empty one: what is there would be mixed with what is "
                    + "moved.");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Table(string Name, Column[] Columns)
    {
        public override string ToString() => nameof(Table);
    }

    /// <param name="IsCounted">The database gives each row the next number.</param>
    private sealed record Column(string Name, NpgsqlDbType Type, bool IsCounted)
    {
        public override string ToString() => nameof(Column);
    }
}
