using System.Data.Common;
using Npgsql;

namespace Countersign.Storage;

/// <summary>How this server connects to PostgreSQL.</summary>
internal static class PostgresSource
{
    // Four nodes, each with one connection more to listen, fit into PostgreSQL's own default of 100 less 3 (docs/storage.md). Calls that
    // find all of them busy wait their turn; more of them would not make a server faster whose cores are busy.
    private const int DefaultPoolSize = 20;

    /// <summary>
    /// Numbers, text and bytes are the same types in every PostgreSQL. What else a database defines is not read: that takes the first
    /// connection of a process longer than all that a start asks.
    /// </summary>
    public static NpgsqlDataSource Create(string connectionString) =>
        new NpgsqlSlimDataSourceBuilder(connectionString)
            .EnableTransportSecurity()
            .ConfigureTypeLoading(types => types.EnableTypeLoading(false))
            .Build();

    /// <summary>
    /// Statements are prepared at their second use (an old pooler in between cannot have it) and have a time limit, unless the operator has
    /// said otherwise. The driver's own limit of connections is all that PostgreSQL takes by default: one node would leave
    /// none for the next.
    /// </summary>
    public static string WithDefaults(string connectionString)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.ContainsKey("Max Auto Prepare") && !given.ContainsKey("MaxAutoPrepare"))
        {
            builder.MaxAutoPrepare = 64;
            builder.AutoPrepareMinUsages = 2;
        }
        if (!given.ContainsKey("Maximum Pool Size") && !given.ContainsKey("MaxPoolSize"))
        {
            builder.MaxPoolSize = Math.Max(DefaultPoolSize, builder.MinPoolSize);
        }
        if (!given.ContainsKey("Gss Encryption Mode") && !given.ContainsKey("GssEncryptionMode"))
        {
            // Npgsql would ask for it, at most servers in vain, and connect anew without: two processes of PostgreSQL for a connection.
            builder.GssEncryptionMode = GssEncryptionMode.Disable;
        }

        // Npgsql's own are 15 and 30 seconds, and two more to call a statement back: longer than callers wait.
        var timeout = (int)StorageOptions.CallTimeout.TotalSeconds;
        if (!given.ContainsKey("Timeout"))
        {
            builder.Timeout = timeout;
        }
        if (!given.ContainsKey("Command Timeout") && !given.ContainsKey("CommandTimeout"))
        {
            builder.CommandTimeout = timeout;
        }
        if (!given.ContainsKey("Cancellation Timeout") && !given.ContainsKey("CancellationTimeout"))
        {
            // Milliseconds.
            builder.CancellationTimeout = 1000;
        }
        return builder.ConnectionString;
    }
}
