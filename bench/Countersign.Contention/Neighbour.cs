using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Contention;

/// <summary>
/// One relying party on a connection of its own, which begins a flow (a write) and asks for the status of one (a read), in turns. It runs
/// on a thread of its own with blocking reads, so that it waits for the server and not for this process, whose threads are busy with the
/// calls that it is measured beside.
/// </summary>
internal sealed class Neighbour : IDisposable
{
    private readonly TcpClient _connection = new() { NoDelay = true };
    private readonly byte[] _answer = new byte[64 * 1024];
    private readonly byte[] _read;
    private readonly Func<byte[]> _begin;

    /// <param name="server">Where it calls.</param>
    /// <param name="token">Its access token.</param>
    /// <param name="status">Body of the status call.</param>
    /// <param name="verify">Makes the body of a call that begins a flow, each time for another number.</param>
    public Neighbour(Uri server, string token, string status, Func<string> verify)
    {
        _connection.Connect(server.Host, server.Port);
        _read = Request("/v3/verify-status", status);
        _begin = () => Request("/v3/verify", verify());

        byte[] Request(string path, string json) => Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {token}\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");
    }

    /// <summary>Makes both calls in turns until told to stop, each at least <paramref name="fewest"/> times.</summary>
    public Task<CallTimes> CallAsync(int fewest, Func<bool> isOver)
    {
        var done = new TaskCompletionSource<CallTimes>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                var times = new CallTimes([], []);
                do
                {
                    times.Reads.Add(Time(_read));
                    times.Writes.Add(Time(_begin()));
                }
                while (times.Reads.Count < fewest || !isOver());
                done.SetResult(times);
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        thread.Start();
        return done.Task;
    }

    public void Dispose() => _connection.Dispose();

    private double Time(byte[] request)
    {
        var begun = Stopwatch.GetTimestamp();
        Call(request);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private void Call(byte[] request)
    {
        var stream = _connection.GetStream();
        stream.Write(request);
        var (length, total) = (0, int.MaxValue);
        while (length < total)
        {
            var read = stream.Read(_answer, length, _answer.Length - length);
            length += read > 0 ? read : throw new InvalidOperationException("The server ended the connection of the neighbour.");
            var text = Encoding.ASCII.GetString(_answer, 0, length);
            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var head and > 0)
            {
                total = head + 4 + ContentLength(text[..head]);
            }
        }
    }

    private static int ContentLength(string head)
    {
        const string Name = "\r\nContent-Length: ";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return head.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) && at > 0
            ? int.Parse(head[(at + Name.Length)..].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The neighbour was answered {head.Split('\r')[0]}, or without a length.");
    }
}

/// <summary>What each call took, in milliseconds.</summary>
internal sealed record CallTimes(List<double> Reads, List<double> Writes);
