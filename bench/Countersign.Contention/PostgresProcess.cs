using System.Diagnostics;
using System.Globalization;
using Countersign.Testing;

namespace Countersign.Contention;

/// <summary>
/// A PostgreSQL of this run: on loopback, on a free port, in a temporary folder, with fsync on and its own default of connections.
/// </summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    // PostgreSQL refuses to run as root, which a container often is.
    private const string UnprivilegedUser = "postgres";

    // The shell stays as the server's guard: when our end of its input closes, however we end, it stops the server and removes the folder.
    private const string Guard =
        """
        set -eu
        folder=$(mktemp -d "${TMPDIR:-/tmp}/countersign-contention-XXXXXX")
        cd "$folder"
        finish() { "$1/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; cd /; rm -rf "$folder"; }
        trap 'finish "$1"' EXIT
        "$1/initdb" -D data -U countersign -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
        cat >>data/postgresql.conf <<END
        listen_addresses = '127.0.0.1'
        port = $2
        unix_socket_directories = ''
        END
        "$1/pg_ctl" -D data -l server.log -w -t 60 start >start.log 2>&1 || { cat start.log server.log >&2; exit 1; }
        echo ready
        cat >/dev/null
        """;

    private readonly Process _guard;

    private PostgresProcess(Process guard, string connection) => (_guard, Connection) = (guard, connection);

    public string Connection { get; }

    public static async Task<PostgresProcess> StartAsync()
    {
        var port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        string[] command = ["sh", "-c", Guard, "countersign-contention", PostgresBinaries.Find(), port];
        if (Environment.IsPrivilegedProcess)
        {
            command = ["runuser", "-u", UnprivilegedUser, "--", .. command];
        }
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        var guard = Process.Start(start)!;
        var error = guard.StandardError.ReadToEndAsync();
        return await guard.StandardOutput.ReadLineAsync() is "ready"
            ? new PostgresProcess(guard, $"Host=127.0.0.1;Port={port};Username=countersign;Database=postgres")
            : throw new InvalidOperationException($"PostgreSQL did not start:{Environment.NewLine}{await error}");
    }

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }
}
