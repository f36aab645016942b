using System.Diagnostics;
using System.Globalization;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Countersign.Testing;

/// <summary>
/// A PostgreSQL server of this test run: on loopback, on a free port, in a temporary folder. Started by the first test that asks for a
/// database, stopped and removed at the end, also when the run is killed. Tests end processes and not the machine, so it waits for no disk;
/// and they fill a thousand small databases, which vacuum would visit one after the other, a process for each.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    // PostgreSQL refuses to run as root, which a container often is.
    private const string UnprivilegedUser = "postgres";

    // The shell stays as the server's guard: when our end of its input closes, however we end, it stops the server and removes the folder.
    private const string Guard =
        """
        set -eu
        folder=$(mktemp -d "${TMPDIR:-/tmp}/countersign-postgres-XXXXXX")
        cd "$folder"
        finish() { "$1/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; cd /; rm -rf "$folder"; }
        trap 'finish "$1"' EXIT
        "$1/initdb" -D data -U countersign -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
        cat >>data/postgresql.conf <<END
        listen_addresses = '127.0.0.1'
        port = $2
        unix_socket_directories = ''
        max_connections = 200
        shared_buffers = 16MB
        fsync = off
        full_page_writes = off
        synchronous_commit = on
        jit = off
        autovacuum = off
        wal_level = minimal
        max_wal_senders = 0
        max_wal_size = 8GB
        checkpoint_timeout = 1d
        END
        "$1/pg_ctl" -D data -l server.log -w -t 60 start >start.log 2>&1 || { cat start.log server.log >&2; exit 1; }
        echo ready
        cat >/dev/null
        """;

    private readonly Lazy<Task<string>> _start;
    private readonly SemaphoreSlim _gate = new(1);
    private string? _prepared;
    private Process? _guard;
    private int _databases;

    public PostgresServer() => _start = new Lazy<Task<string>>(StartAsync);

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public Task<string> CreateDatabaseAsync() => CreateDatabaseAsync($"test_{Interlocked.Increment(ref _databases)}", "template1");

    /// <summary>
    /// Makes a database like one that was prepared before, which saves each test the preparing, and returns its connection string.
    /// </summary>
    /// <param name="prepare">Run once, on an empty database; it leaves no connection open.</param>
    public async Task<string> CreateDatabaseAsync(Action<string> prepare)
    {
        await _gate.WaitAsync();
        try
        {
            if (_prepared is null)
            {
                prepare(await CreateDatabaseAsync("prepared", "template1"));
                _prepared = "prepared";
            }
        }
        finally
        {
            _gate.Release();
        }
        return await CreateDatabaseAsync($"test_{Interlocked.Increment(ref _databases)}", _prepared);
    }

    private async Task<string> CreateDatabaseAsync(string name, string template)
    {
        var server = await _start.Value;
        await using var connection = new NpgsqlConnection($"{server};Database=postgres");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY", connection);
        await command.ExecuteNonQueryAsync();
        return $"{server};Database={name}";
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        if (_guard is null)
        {
            return;
        }
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private async Task<string> StartAsync()
    {
        var port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        string[] command = ["sh", "-c", Guard, "countersign-postgres", PostgresBinaries.Find(), port];
        if (Environment.IsPrivilegedProcess)
        {
            command = ["runuser", "-u", UnprivilegedUser, "--", .. command];
        }
        start.FileName = command[0];
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        _guard = Process.Start(start)!;
        var error = _guard.StandardError.ReadToEndAsync();
        if (await _guard.StandardOutput.ReadLineAsync() is not "ready")
        {
            throw new InvalidOperationException($"PostgreSQL did not start:{Environment.NewLine}{await error}");
        }
        return $"Host=127.0.0.1;Port={port};Username=countersign";
    }
}
