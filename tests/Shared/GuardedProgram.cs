using System.Diagnostics;
using System.Threading.Channels;

namespace Countersign.Testing;

/// <summary>
/// A program of the test's that ends with it, also when the run is killed: its guard ends it when our end of its input closes.
/// </summary>
internal sealed class GuardedProgram : IAsyncDisposable
{
    // The shell lets go of the program's output, so that we see its end.
    private const string Guard =
        """
        program=$1; shift
        "$program" "$@" </dev/null & child=$!
        trap 'kill -9 $child 2>/dev/null; wait $child' EXIT
        exec >/dev/null 2>&1
        cat
        """;

    // Not a time that anything must keep: what is never said shall fail and not hang.
    private static readonly TimeSpan _maxWait = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _all = [];

    private GuardedProgram(Process process) => _process = process;

    /// <param name="readsInput">The program ends by itself at the end of its input.</param>
    public static GuardedProgram Start(string program, IReadOnlyList<string> arguments, string folder, bool readsInput = false)
    {
        var start = new ProcessStartInfo(
            readsInput ? program : "sh", readsInput ? arguments : ["-c", Guard, "countersign-guard", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        var guarded = new GuardedProgram(new Process { StartInfo = start });
        guarded._process.OutputDataReceived += (_, e) => guarded.Take(e.Data);
        guarded._process.ErrorDataReceived += (_, e) => guarded.Take(e.Data);
        guarded._process.Start();
        guarded._process.BeginOutputReadLine();
        guarded._process.BeginErrorReadLine();
        return guarded;
    }

    public async Task WriteLineAsync(string line) => await _process.StandardInput.WriteLineAsync(line);

    /// <summary>The next line that is wanted; those before it are passed over.</summary>
    public async Task<string> ReadLineAsync(Func<string, bool> isWanted)
    {
        while (await _lines.Reader.WaitToReadAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(_maxWait, TestContext.Current.CancellationToken))
        {
            if (_lines.Reader.TryRead(out var line) && isWanted(line))
            {
                return line;
            }
        }
        throw new InvalidOperationException($"{_process.StartInfo.FileName} ended:{Environment.NewLine}{ToString()}");
    }

    public override string ToString()
    {
        lock (_all)
        {
            return string.Join(Environment.NewLine, _all);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
            return;
        }
        lock (_all)
        {
            _all.Add(line);
        }
        _lines.Writer.TryWrite(line);
    }
}
