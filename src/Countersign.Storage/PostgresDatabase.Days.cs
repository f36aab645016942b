using Npgsql;

namespace Countersign.Storage;

/// <summary>Outcomes by days: see the script 0047.</summary>
internal sealed partial class PostgresDatabase
{
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
