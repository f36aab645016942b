using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Testing;

namespace Countersign.Soak;

/// <summary>A server in Live, a process of its own at addresses that stay the same when it is killed and begun anew.</summary>
internal sealed class Node(string name, string file, IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private readonly ConcurrentQueue<string> _output = [];
    private Process? _process;

    public Uri Address { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    public Uri AdminAddress { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    /// <summary>What it has written to its log, in all its lives.</summary>
    public IReadOnlyCollection<string> Output => _output;

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Machine.Server, ["--config", file])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (setting, value) in settings)
        {
            start.Environment[setting] = value;
        }
        start.Environment["Urls"] = Address.GetLeftPart(UriPartial.Authority);
        start.Environment["Countersign__Admin__Urls"] = AdminAddress.GetLeftPart(UriPartial.Authority);
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => listening.TrySetException(
            new InvalidOperationException($"Node {name} ended:\n{string.Join('\n', _output.TakeLast(30))}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        await listening.Task.WaitAsync(_patience);

        void Read(string? line)
        {
            if (line is null)
            {
                return;
            }
            _output.Enqueue(line);
            if (line.Contains("Countersign is listening on ", StringComparison.Ordinal))
            {
                listening.TrySetResult();
            }
        }
    }

    /// <summary>Ends the process as a power cut would (kill -9).</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        _process?.Dispose();
        _process = null;
    }

    public ValueTask DisposeAsync() => new(KillAsync());
}
