using DbUp;
using DbUp.Builder;
using Npgsql;

namespace Countersign.Server.Storage;

/// <summary>Applies the scripts of <c>Storage/Migrations</c> that a database has not seen. An applied script is never edited: add the next number.</summary>
internal static class Migrations
{
    // Any number will do, as long as every node takes the same one and nobody else does: "csmigrat".
    private const long Lock = 0x63736d6967726174;

    public static void UpgradeSqlite(string connectionString) =>
        Upgrade(DeployChanges.To.SqliteDatabase(connectionString), "Sqlite");

    /// <remarks>DbUp takes no lock of its own, and nodes start together.</remarks>
    public static void UpgradePostgres(NpgsqlDataSource source, string connectionString)
    {
        using var connection = source.OpenConnection();
        Execute(connection, "SELECT pg_advisory_lock(@lock)");
        try
        {
            // DbUp opens a connection of its own; in a pool it would stay open for nothing.
            // A script takes as long as it takes.
            var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 };
            Upgrade(DeployChanges.To.PostgresqlDatabase(unpooled.ConnectionString), "Postgres");
        }
        finally
        {
            Execute(connection, "SELECT pg_advisory_unlock(@lock)");
        }
    }

    private static void Upgrade(UpgradeEngineBuilder builder, string folder)
    {
        var result = builder
            .WithScriptsEmbeddedInAssembly(typeof(Migrations).Assembly, name => name.StartsWith($"Migrations/{folder}/", StringComparison.Ordinal))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            // Without a script it failed at its own table, before the first one. The innermost says why: a full disk, a missing right, a lock.
            var what = result.ErrorScript is { } script ? $"{script.Name} failed" : "it cannot be written";
            throw new InvalidOperationException($"The database could not be brought up to date: {what}: {result.Error.GetBaseException().Message}", result.Error);
        }
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<long>("@lock", Lock));
        // Another node may be at it.
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }
}
