using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Contention;

/// <summary>
/// One caller on a connection of its own, who makes the same call again and again. It runs on a thread of its own with blocking reads, so that it
/// waits for the server and not for this process, whose threads are busy with the calls that it is measured beside.
/// </summary>
internal sealed class Neighbour : IDisposable
{
    private readonly TcpClient _connection = new() { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[64 * 1024];

    public Neighbour(Uri server, string path, string token, string json)
    {
        _connection.Connect(server.Host, server.Port);
        _request = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");
    }

    /// <summary>Calls until told to stop, and at least <paramref name="fewest"/> times.</summary>
    /// <returns>What each call took, in milliseconds.</returns>
    public Task<List<double>> CallAsync(int fewest, Func<bool> isOver)
    {
        var done = new TaskCompletionSource<List<double>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                var times = new List<double>();
                do
                {
                    var begun = Stopwatch.GetTimestamp();
                    Call();
                    times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                }
                while (times.Count < fewest || !isOver());
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

    private void Call()
    {
        var stream = _connection.GetStream();
        stream.Write(_request);
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
