using Npgsql;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// The files of a PostgreSQL server's database, with rows that were removed, and its write-ahead log since it is looked at.
/// </summary>
internal sealed class PostgresFiles(string store, string since)
{
    /// <summary>From now on.</summary>
    public static async Task<PostgresFiles> OfAsync(string store, CancellationToken token)
    {
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync(token);
        await using var position = new NpgsqlCommand("SELECT pg_current_wal_insert_lsn()::text", connection);
        return new PostgresFiles(store, (string)(await position.ExecuteScalarAsync(token))!);
    }

    public async Task<byte[]> ReadAsync(CancellationToken token)
    {
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync(token);
        using var all = new MemoryStream();
        await AppendAsync("CHECKPOINT");
        await AppendAsync(
            """
            SELECT pg_read_binary_file(pg_relation_filepath(oid), 0, pg_relation_size(oid), true) FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')
            UNION ALL
            SELECT pg_read_binary_file(pg_relation_filepath(reltoastrelid), 0, pg_relation_size(reltoastrelid), true) FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND reltoastrelid <> 0
            """);
        await AppendAsync(
            $"""
            WITH ends AS (
                SELECT pg_walfile_name_offset('{since}'::pg_lsn) AS first, pg_walfile_name_offset(pg_current_wal_flush_lsn()) AS last)
            SELECT pg_read_binary_file(
                'pg_wal/' || name,
                CASE WHEN name = (first).file_name THEN (first).file_offset ELSE 0 END,
                CASE WHEN name = (last).file_name THEN (last).file_offset ELSE size END
                    - CASE WHEN name = (first).file_name THEN (first).file_offset ELSE 0 END)
            FROM pg_ls_waldir(), ends WHERE name >= (first).file_name AND name <= (last).file_name
            """);
        return all.ToArray();

        async Task AppendAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var rows = await command.ExecuteReaderAsync(token);
            while (await rows.ReadAsync(token))
            {
                all.Write(rows.IsDBNull(0) ? [] : rows.GetFieldValue<byte[]>(0));
            }
        }
    }
}
