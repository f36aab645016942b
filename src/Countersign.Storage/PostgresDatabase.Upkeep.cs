using Npgsql;

namespace Countersign.Storage;

/// <summary>What upkeep does with whole tables: former rows rid of, and outcomes kept by days (the script 0047).</summary>
internal sealed partial class PostgresDatabase
{
    /// <remarks>
    /// Written anew, since the room of rows that were deleted keeps what they held until others take it. All who read wait for that, and
    /// behind it while a dump holds the table.
    /// </remarks>
    public async Task<bool> ScrubAsync(string table, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAnsweringAsync(cancellationToken);
        await using var size = new NpgsqlCommand($"SELECT pg_total_relation_size('{table}')", connection);
        if ((long)(await size.ExecuteScalarAsync(cancellationToken))! > MaxScrubbed)
        {
            return false;
        }
        await using var patience = new NpgsqlCommand("SET lock_timeout = 500", connection);
        await patience.ExecuteNonQueryAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"VACUUM (FULL) {table}", connection);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
        finally
        {
            patience.CommandText = "RESET lock_timeout";
            await patience.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    public string OutcomesOfNoDay => "outcomes_other";

    // Each on a connection of its own: they take tables, which a lane's transaction would keep.
    public async Task<bool> MakeOutcomeDaysAsync(DateTimeOffset first, DateTimeOffset last, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAnsweringAsync(cancellationToken);
        await using var command = DaysFrom(first, last, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<long?> DropOutcomeDayAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAnsweringAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT drop_outcome_day($1)", connection) { Parameters = { Moment(before) } };
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    private void MakeOutcomeDays(DateTimeOffset now)
    {
        using var connection = _source.OpenConnection();
        using var command = DaysFrom(now, now.AddDays(1), connection);
        command.ExecuteNonQuery();
    }

    private static NpgsqlCommand DaysFrom(DateTimeOffset first, DateTimeOffset last, NpgsqlConnection connection) =>
        new("SELECT make_outcome_days($1, $2)", connection) { Parameters = { Moment(first), Moment(last) } };

    private static NpgsqlParameter<long> Moment(DateTimeOffset at) => new() { TypedValue = at.ToUnixTimeMilliseconds() };
}
