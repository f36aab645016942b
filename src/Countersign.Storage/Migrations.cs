using System.Globalization;
using DbUp;
using DbUp.Builder;
using DbUp.Engine;
using DbUp.Postgresql;
using Npgsql;

namespace Countersign.Storage;

/// <summary>
/// Applies the scripts of <c>Storage/Migrations</c> that a database has not seen: those of the store, in <c>Sqlite</c> and
/// <c>Postgres</c>, and those of the pseudonyms' database, in <c>Keys</c>. An applied script is never edited: add the next number.
/// </summary>
internal static class Migrations
{
    // Any number will do, as long as every node takes the same one and nobody else does: "csmigrat".
    private const long Lock = 0x63736d6967726174;

    // With the patience of a script some minutes: as long as a backup of a middling database holds its locks.
    private const int MaxTries = 60;

    /// <summary>
    /// How long a script waits for a table that others use (a backup, a long query). While it waits, all that comes after it waits behind
    /// it, the nodes of the former version too; so it gives up its place and comes again.
    /// </summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    /// <summary>The scripts of a folder ("Sqlite", "Postgres"), by the names that are written down in a database.</summary>
    public static IReadOnlyList<string> Known(string folder) =>
        [.. typeof(Migrations).Assembly.GetManifestResourceNames().Where(name => IsOf(folder, name)).Order(StringComparer.Ordinal)];

    /// <summary>What a schema is called: its newest script ("0035-record-sources").</summary>
    public static string VersionOf(IEnumerable<string> scripts) =>
        Path.GetFileNameWithoutExtension(scripts.Max(StringComparer.Ordinal)) ?? "none";

    /// <summary>What is wrong with a database that has scripts which this version does not know; null for nothing.</summary>
    /// <param name="applied">The names of those that it has.</param>
    public static string? ProblemOf(IEnumerable<string> applied)
    {
        var known = typeof(Migrations).Assembly.GetManifestResourceNames();
        var unknown = applied.Except(known, StringComparer.Ordinal).Max(StringComparer.Ordinal);
        return unknown is null ? null
            : $"its schema is {VersionOf([unknown])}, a newer version's, and this one knows schemas up to "
                + VersionOf(known.Where(name => Path.GetDirectoryName(name) == Path.GetDirectoryName(unknown)));
    }

    public static void UpgradeSqlite(string connectionString, string folder) =>
        ThrowIfFailed(Upgrade(DeployChanges.To.SqliteDatabase(connectionString), [folder]));

    /// <remarks>DbUp takes no lock of its own, and nodes start together.</remarks>
    /// <param name="logger">Hears of each time that a script has to come again.</param>
    public static void UpgradePostgres(
        NpgsqlDataSource source, string connectionString, IReadOnlyList<string> folders, ILogger? logger = null) =>
        UpgradePostgres(source, connectionString, folders, _timeout, (connection, script) =>
        {
            if (logger is not null)
            {
                Log.MigrationWaits(logger, script);
            }
            using var command = new NpgsqlCommand("SELECT pg_sleep(@seconds)", connection) { CommandTimeout = 0 };
            command.Parameters.Add(new NpgsqlParameter<double>("@seconds", _pause.TotalSeconds));
            command.ExecuteNonQuery();
        });

    /// <param name="pause">Called after a script found a table in use, with a connection that holds no table, and the script's
    /// name.</param>
    internal static void UpgradePostgres(
        NpgsqlDataSource source, string connectionString, IReadOnlyList<string> folders, TimeSpan timeout,
        Action<NpgsqlConnection, string> pause)
    {
        // DbUp opens a connection for each step. A pool of their own saves a process each, and ends with them.
        // A script takes as long as it takes.
        using var steps = PostgresSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = true, MinPoolSize = 0, MaxPoolSize = 4, CommandTimeout = 0,
        }.ConnectionString);
        using var connection = source.OpenConnection();
        Execute(connection, "SELECT pg_advisory_lock(@lock)");
        try
        {
            var result = UpgradeOnce();
            for (var tries = 1; tries < MaxTries && IsOfATableInUse(result); tries++)
            {
                pause(connection, result.ErrorScript?.Name ?? "the first script");
                result = UpgradeOnce();
            }
            ThrowIfFailed(result);

            DatabaseUpgradeResult UpgradeOnce() => Upgrade(
                DeployChanges.To.PostgresqlDatabase(new PostgresqlConnectionManager(steps)).WithPreprocessor(new LockTimeout(timeout)),
                folders);
        }
        finally
        {
            Execute(connection, "SELECT pg_advisory_unlock(@lock)");
        }
    }

    private static bool IsOfATableInUse(DatabaseUpgradeResult result) =>
        !result.Successful && result.Error.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    private static DatabaseUpgradeResult Upgrade(UpgradeEngineBuilder builder, IReadOnlyList<string> folders)
    {
        var engine = builder
            .WithScriptsEmbeddedInAssembly(typeof(Migrations).Assembly, name => folders.Any(folder => IsOf(folder, name)))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build();
        // It would read and write rows whose columns it does not know, and remove none from tables that it does not know.
        if (ProblemOf(engine.GetExecutedScripts()) is { } problem)
        {
            throw new InvalidOperationException(
                $"{char.ToUpperInvariant(problem[0])}{problem[1..]}. Start the newer version; or go back to this one with the backup from "
                    + "before the upgrade (docs/backup.md).");
        }
        return engine.PerformUpgrade();
    }

    private static bool IsOf(string folder, string name) => name.StartsWith($"Migrations/{folder}/", StringComparison.Ordinal);

    private static void ThrowIfFailed(DatabaseUpgradeResult result)
    {
        if (!result.Successful)
        {
            // Without a script it failed at its own table, before the first one. The innermost says why: a full disk, a missing right, a
            // lock.
            var what = result.ErrorScript is { } script ? $"{script.Name} failed" : "it cannot be written";
            throw new InvalidOperationException(
                $"The database could not be brought up to date: {what}: {result.Error.GetBaseException().Message}", result.Error);
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

    /// <summary>For the script's transaction alone.</summary>
    private sealed class LockTimeout(TimeSpan timeout) : IScriptPreprocessor
    {
        public string Process(string contents) =>
            string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {(long)timeout.TotalMilliseconds};\n{contents}");
    }
}
