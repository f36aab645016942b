using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Countersign.Storage;

/// <summary>Tells failures of the store as a whole from those of one statement.</summary>
internal enum Unavailability
{
    /// <summary>It is away or does not answer: whoever comes next would only wait as well.</summary>
    Away,

    /// <summary>It answers and cannot do its work: full, read-only, out of connections.</summary>
    Unable,
}

internal static class Failures
{
    /// <summary>Null for a failure that asking again would not change.</summary>
    public static Unavailability? UnavailabilityIn(Exception failure) => failure switch
    {
        TimeoutException or IOException or SocketException => Unavailability.Away,
        SqliteException { SqliteErrorCode: var code } => OfSqlite(code),
        PostgresException { SqlState: var state } => OfPostgres(state),
        // What Npgsql says of connections and of time that is over.
        NpgsqlException => Unavailability.Away,
        // Of a driver that has given up by itself. What a caller has cancelled is no failure and is told apart before.
        OperationCanceledException => Unavailability.Away,
        // The server is about to end.
        ObjectDisposedException => Unavailability.Unable,
        _ => null,
    };

    /// <summary>True for whatever a database that is opened when it is first asked may fail with.</summary>
    public static bool IsOfOpening(Exception failure) => failure is DbException or IOException or InvalidOperationException
        or SocketException or UnauthorizedAccessException or TimeoutException;

    /// <summary>True when the failure says that a connection was dead, which is found out only when it is used.</summary>
    public static bool MeansBrokenConnection(Exception failure) => failure switch
    {
        // 57P01 admin shutdown, 57P02 crash shutdown, 57P05 idle session timeout; class 08, connection exceptions.
        PostgresException { SqlState: var state } =>
            state is "57P01" or "57P02" or "57P05" || state.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: IOException or SocketException } => true,
        _ => false,
    };

    // Codes of https://www.sqlite.org/rescode.html: busy, locked and locking protocol; then no memory, read-only, input/output error, full,
    // cannot open.
    private static Unavailability? OfSqlite(int code) => code switch
    {
        5 or 6 or 15 => Unavailability.Away,
        7 or 8 or 10 or 13 or 14 => Unavailability.Unable,
        _ => null,
    };

    // Codes of the PostgreSQL manual, appendix A.
    private static Unavailability? OfPostgres(string state) => state switch
    {
        // A time limit of the operator's own: for a statement, for a lock, for a transaction that is idle or as a whole.
        "57014" or "55P03" or "25P03" or "25P04" => Unavailability.Away,
        // Read-only, as a standby is; no such database, as while it is restored.
        "25006" or "3D000" => Unavailability.Unable,
        _ => state[..2] switch
        {
            // Connection exceptions; operator intervention.
            "08" or "57" => Unavailability.Away,
            // Transaction rollback (a deadlock, at last); insufficient resources; system error; invalid authorization.
            "40" or "53" or "58" or "28" => Unavailability.Unable,
            _ => null,
        },
    };
}
