using System.Data.Common;
using System.Globalization;
using System.Text;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Providers.Numbers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Countersign.Storage.Tests;

public sealed class StoreMoveTests(PostgresServer postgres) : IDisposable
{
    // A flow's own number is SQLite's alone.
    private static readonly string[] _left = ["flows.seq", "outcomes.seq"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    // The probe's table is always empty.
    private static IEnumerable<string> Filled => StoreFixture.Tables.Where(table => table != "write_probe");

    private string File => _folder.File("countersign.db");

    [Fact]
    public async Task Every_row_of_every_table_is_moved_as_it_is_and_what_is_in_it_works()
    {
        var flow = Sample.Flow().WithCode(Sample.Hash(1), Sample.Now.AddMinutes(2));
        var text = Sample.Text(flow);
        await MakeAsync(flow, text);
        var target = await postgres.CreateDatabaseAsync();
        await FillAsync();
        var before = await DumpAsync(new SqliteConnection($"Data Source={File};Pooling=false"));

        MovedStore moved;
        await using (var services = Build(target))
        {
            moved = await services.MoveAsync(File, Mode.Live);
        }

        var after = await DumpAsync(new NpgsqlConnection($"{target};Pooling=false"));
        Assert.Equal(
            Filled.Concat(Inventory.OfKeys).Order(StringComparer.Ordinal),
            moved.Rows.Select(table => table.Table).Order(StringComparer.Ordinal));
        Assert.All(moved.Rows.Where(table => table.Table is not ("lines" or "line_keys")), table => Assert.NotEqual(0ul, table.Rows));
        Assert.Equal(_left, before.Keys.Except(after.Keys, StringComparer.Ordinal));
        Assert.All(after, column => Assert.Equal(before[column.Key], column.Value));

        await using var server = Build(target);
        var found = (await server.GetRequiredService<IFlowStore>().FindAsync(flow.Id, Test))!;
        Assert.Equal(Sample.Json(flow), Sample.Json(found with { Version = 0 }));
        Assert.Equal(text, (await server.GetRequiredService<ITextStore>().FindLastAsync(flow.Id, Test))!.Text);
        Assert.Equal([1, 2, 3], Assert.Single(await server.GetRequiredService<ISigningKeyStore>().ListAsync(Test)).PrivateKey);
        Assert.Equal(Mode.Live, await server.ClaimStoreAsync(Mode.Live, Test));
    }

    [Fact]
    public async Task Pseudonyms_of_lines_that_stand_beside_the_file_are_moved_into_the_store()
    {
        await MakeAsync(Sample.Flow(), null);
        await using (var lines = new SqliteDatabase(StoreConnection.KeysBeside($"Data Source={File}"), scripts: "Keys/Sqlite"))
        {
            lines.Migrate();
            await lines.WriteAsync(
                [new Statement("INSERT INTO lines (number_hash, pseudonym, used_at) VALUES (x'01', x'02', 3)")], Test);
        }
        var target = await postgres.CreateDatabaseAsync();
        await using var services = Build(target);

        var moved = await services.MoveAsync(File, Mode.Live);

        Assert.Contains(("lines", 1ul), moved.Rows);
        await using var there = new NpgsqlConnection($"{target};Pooling=false");
        await there.OpenAsync(Test);
        await using var command = new NpgsqlCommand("SELECT number_hash || pseudonym FROM lines WHERE used_at = 3", there);
        Assert.Equal((byte[])[1, 2], (byte[]?)await command.ExecuteScalarAsync(Test));
    }

    [Fact]
    public async Task Numbers_that_were_given_out_are_not_given_out_again()
    {
        var (flow, later) = (Sample.Flow(), Sample.Flow());
        await MakeAsync(flow, Sample.Text(flow));
        // The last text is gone, its number is not free.
        await ExecuteAsync("UPDATE sqlite_sequence SET seq = 4711 WHERE name = 'texts'");
        var target = await postgres.CreateDatabaseAsync();
        await using var services = Build(target);

        await services.MoveAsync(File, Mode.Live);
        await services.GetRequiredService<IFlowStore>().AddAsync(later, Test);
        await services.GetRequiredService<IFlowStore>().TrySaveAsync(new Decision(later, Sample.Text(later)), Test);

        Assert.Equal(["1", "4712"], (await DumpAsync(new NpgsqlConnection($"{target};Pooling=false")))["texts.seq"].Order());
    }

    [Fact]
    public async Task What_was_moved_once_is_not_moved_again_into_the_same_database()
    {
        await MakeAsync(Sample.Flow(), null);
        await using var services = Build(await postgres.CreateDatabaseAsync());
        await services.MoveAsync(File, Mode.Live);

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => services.MoveAsync(File, Mode.Live));

        Assert.Equal(
            "Nothing was moved: the database is not empty (day_keys, event_outbox, flows, keys, settings). Make an empty one: what is "
                + "there would be mixed with what is moved.",
            refusal.Message);
    }

    [Fact]
    public async Task A_move_that_fails_leaves_the_database_empty_and_may_be_repeated()
    {
        await MakeAsync(Sample.Flow(), null);
        await ExecuteAsync("INSERT INTO verified_numbers (project_id, number_hash, verified_at) VALUES ('shop', x'00', 'no number')");
        await using var services = Build(await postgres.CreateDatabaseAsync());

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => services.MoveAsync(File, Mode.Live));
        await ExecuteAsync("UPDATE verified_numbers SET verified_at = 1");
        var moved = await services.MoveAsync(File, Mode.Live);

        Assert.StartsWith(
            "Nothing was moved: verified_numbers.verified_at holds what is no Bigint", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(("verified_numbers", 1ul), moved.Rows);
    }

    [Fact]
    public async Task A_store_that_a_server_uses_is_not_moved()
    {
        await MakeAsync(Sample.Flow(), null);
        await using var used = new SqliteDatabase($"Data Source={File}");
        used.Migrate();
        await used.ReadAsync(new Statement("SELECT name FROM settings"), _ => 0, Test);
        await using var services = Build(await postgres.CreateDatabaseAsync());

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => services.MoveAsync(File, Mode.Live));

        Assert.Equal($"A server uses {File}, or another program has it open: stop it first.", refusal.Message);
    }

    [Theory]
    [InlineData("mode", "is of a server whose mode is Live, and Countersign:Mode is Sandbox.")]
    [InlineData("key", "This server cannot read it: it is under encryption key ")]
    [InlineData("older", ", an older version's. Start this version's server on it once, and stop it.")]
    [InlineData("store", "Countersign:Store is SQLite. Name the empty PostgreSQL database")]
    public async Task What_cannot_be_is_refused_before_anything_is_asked_of_PostgreSQL(string kind, string problem)
    {
        await MakeAsync(Sample.Flow(), null);
        if (kind == "older")
        {
            await ExecuteAsync($"DELETE FROM SchemaVersions WHERE ScriptName = '{Migrations.Known("Sqlite")[^1]}'");
        }
        await using var services = Build(
            kind == "store" ? "Data Source=other.db" : "Host=127.0.0.1;Port=1;Database=none", kind == "key" ? MasterKey.New() : null);

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(
            () => services.MoveAsync(File, kind == "mode" ? Mode.Sandbox : Mode.Live));

        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task MakeAsync(Flow flow, OutgoingText? text)
    {
        await using var services = Build($"Data Source={File}");
        services.MigrateStorage();
        await services.ClaimStoreAsync(Mode.Live, Test);
        await services.GetRequiredService<ISigningKeyStore>().GetOrAddAsync("k1", [1, 2, 3], Sample.Now, Test);
        await services.GetRequiredService<IFlowStore>().AddAsync(flow, Test);
        if (text is not null)
        {
            Assert.True(await services.GetRequiredService<IFlowStore>().TrySaveAsync(new Decision(flow, text), Test));
        }
    }

    /// <summary>Three rows in every table whose rows the move does not open: values of each kind, and nulls where they may be.</summary>
    private async Task FillAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync(Test);
        foreach (var table in Filled.Where(table => table != "keys"))
        {
            var columns = await ColumnsAsync(connection, table);
            for (var row = 1; row <= 3; row++)
            {
                await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of the schema.
                command.CommandText = $"INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Name))}) "
                    + $"VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";
#pragma warning restore CA2100
                foreach (var (i, column) in columns.Index())
                {
                    command.Parameters.AddWithValue($"@p{i}", ValueOf(table, column, row));
                }
                await command.ExecuteNonQueryAsync(Test);
            }
        }
    }

    private static object ValueOf(string table, Column column, int row) => (column.Type.ToUpperInvariant(), row) switch
    {
        (_, 3) when column.MayBeNull => DBNull.Value,
        ("INTEGER", 2) when !column.IsKey => long.MaxValue,
        ("INTEGER", _) => (row * 1000L) + column.Name.Length,
        ("TEXT", _) => $"{table}.{column.Name} {row}: Ω, 'é' \"\t\\N {{}}",
        _ => (byte[])[.. Encoding.UTF8.GetBytes($"{table}.{column.Name}.{row}"), .. Enumerable.Range(0, 256).Select(i => (byte)i)],
    };

    private static async Task<List<Column>> ColumnsAsync(SqliteConnection connection, string table)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, type, \"notnull\" = 0 AND pk = 0, pk > 0 FROM pragma_table_info(@table)";
        command.Parameters.AddWithValue("@table", table);
        await using var reader = await command.ExecuteReaderAsync(Test);
        var columns = new List<Column>();
        while (await reader.ReadAsync(Test))
        {
            columns.Add(new Column(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3)));
        }
        return columns;
    }

    /// <summary>The values of each column, in an order that is the rows' and no database's.</summary>
    private static async Task<Dictionary<string, List<string>>> DumpAsync(DbConnection connection)
    {
        var columns = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        await using (connection)
        {
            await connection.OpenAsync(Test);
            foreach (var table in Filled)
            {
                await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of the schema.
                command.CommandText = $"SELECT * FROM {table}";
#pragma warning restore CA2100
                await using var reader = await command.ExecuteReaderAsync(Test);
                var rows = new List<Dictionary<string, string>>();
                while (await reader.ReadAsync(Test))
                {
                    rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => InWords(reader.GetValue(i))));
                }
                foreach (var row in rows.OrderBy(
                    row => string.Join(
                        '|',
                        row.Where(value => !_left.Contains($"{table}.{value.Key}")).OrderBy(value => value.Key, StringComparer.Ordinal)),
                    StringComparer.Ordinal))
                {
                    foreach (var (name, value) in row)
                    {
                        (columns.TryGetValue($"{table}.{name}", out var values) ? values : columns[$"{table}.{name}"] = []).Add(value);
                    }
                }
            }
        }
        return columns;
    }

    private static string InWords(object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        DBNull => "null",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync(Test);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Test);
    }

    private static ServiceProvider Build(string store, MasterKey? key = null) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddKeyedSingleton(ClockKeys.Machine, TimeProvider.System)
            .AddSingleton<INumberPlan, NumberPlan>()
            .AddSingleton(new PossessionOptions())
            .AddSingleton(StricterDefaults.None)
            .AddStorage(new StorageOptions { Store = store }, new ConfiguredKeyStore(key ?? StoreFixture.Key))
            .BuildServiceProvider();

    private sealed record Column(string Name, string Type, bool MayBeNull, bool IsKey);
}
