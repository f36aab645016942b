using System.Diagnostics;
using System.Globalization;
using Countersign.Testing;
using Npgsql;

namespace Countersign.Soak;

/// <summary>
/// A PostgreSQL of this run, which can be stopped as a power cut would and started again, and whose time can be set forward: the nodes go
/// by it (decision 14). Their connections find another <c>clock_timestamp</c> before the system's.
/// </summary>
internal sealed class Postgres : IAsyncDisposable
{
    // PostgreSQL refuses to run as root, which a container often is.
    private const string UnprivilegedUser = "postgres";

    // The shell stays as the server's guard: when our end of its input closes, however we end, it stops the server and removes the folder.
    private const string Guard =
        """
        set -eu
        bin=$1
        folder=$(mktemp -d "${TMPDIR:-/tmp}/countersign-soak-XXXXXX")
        cd "$folder"
        finish() { "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; cd /; rm -rf "$folder"; }
        trap finish EXIT
        "$bin/initdb" -D data -U countersign -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
        cat >>data/postgresql.conf <<END
        listen_addresses = '127.0.0.1'
        port = $2
        unix_socket_directories = ''
        max_connections = 200
        fsync = off
        END
        begin() {
            "$bin/pg_ctl" -D data -l server.log -w -t 60 start >start.log 2>&1 || { cat start.log server.log >&2; exit 1; }
            echo ready
        }
        begin
        while read -r word; do
            case $word in
            stop) "$bin/pg_ctl" -D data -m immediate stop >/dev/null 2>&1; echo stopped ;;
            start) begin ;;
            esac
        done
        """;

    private const string Clock =
        """
        CREATE SCHEMA soak;
        CREATE TABLE soak.clock (ahead interval NOT NULL);
        INSERT INTO soak.clock VALUES ('0');
        CREATE FUNCTION soak.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
            'SELECT pg_catalog.clock_timestamp() + (SELECT ahead FROM soak.clock)';
        """;

    private readonly Process _guard;
    private readonly string _server;

    private Postgres(Process guard, string server) => (_guard, _server) = (guard, server);

    // Of its own it has one now and then, and none while the database is stopped.
    private string Own => $"{_server};Pooling=false";

    /// <summary>For the nodes, which keep their connections: each begun anew is a process.</summary>
    public string Connection => $"{_server};Search Path=public,soak,pg_catalog";

    public static async Task<Postgres> StartAsync()
    {
        var port = Ports.Free();
        string[] command =
        [
            "sh", "-c", Guard, "countersign-soak", PostgresBinaries.Find(), port.ToString(CultureInfo.InvariantCulture),
        ];
        if (Environment.IsPrivilegedProcess)
        {
            command = ["runuser", "-u", UnprivilegedUser, "--", .. command];
        }
        var guard = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        })!;
        var error = guard.StandardError.ReadToEndAsync();
        if (await guard.StandardOutput.ReadLineAsync() is not "ready")
        {
            throw new InvalidOperationException($"PostgreSQL did not start:{Environment.NewLine}{await error}");
        }
        var postgres = new Postgres(guard, $"Host=127.0.0.1;Port={port};Username=countersign;Database=postgres");
        await postgres.ExecuteAsync(Clock);
        return postgres;
    }

    public Task StopAsync() => TellAsync("stop", "stopped");

    public Task ContinueAsync() => TellAsync("start", "ready");

    public Task AdvanceAsync(TimeSpan by) => ExecuteAsync(
        string.Create(CultureInfo.InvariantCulture, $"UPDATE soak.clock SET ahead = ahead + interval '{by.TotalSeconds} seconds'"));

    public async Task<long> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Own);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // This program's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private async Task TellAsync(string word, string answer)
    {
        await _guard.StandardInput.WriteLineAsync(word);
        await _guard.StandardInput.FlushAsync();
        if (await _guard.StandardOutput.ReadLineAsync() != answer)
        {
            throw new InvalidOperationException($"PostgreSQL did not {word}.");
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Own);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // This program's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
