using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Operator.Radio;

/// <summary>One side of a proxied connection: reads heads, passes bodies on by their framing (RFC 9112, section 6).</summary>
internal sealed class HttpStream(NetworkStream stream)
{
    private const int MaxHeadBytes = 64 * 1024;

    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>Null when the other side has closed.</summary>
    /// <exception cref="IOException">What comes is no HTTP, or ends in the middle.</exception>
    public async Task<MessageHead?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            var found = FindHead(read.Buffer, out var head, out var after);
            if (found)
            {
                _reader.AdvanceTo(after);
                return MessageHead.Parse(head) ?? throw new IOException("A header is malformed.");
            }
            var length = read.Buffer.Length;
            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (length > MaxHeadBytes || (read.IsCompleted && length > 0))
            {
                throw new IOException("A head does not end.");
            }
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    public Task WriteAsync(byte[] bytes, CancellationToken cancellationToken) => stream.WriteAsync(bytes, cancellationToken).AsTask();

    public async Task CopyExactlyAsync(HttpStream target, long length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            var part = read.Buffer.Slice(0, Math.Min(length, read.Buffer.Length));
            if (part.IsEmpty && read.IsCompleted)
            {
                throw new IOException("A body ends too early.");
            }
            await target.WriteAsync(part.ToArray(), cancellationToken);
            length -= part.Length;
            _reader.AdvanceTo(part.End);
        }
    }

    /// <summary>Chunks as they are, and the trailer.</summary>
    public async Task CopyChunkedAsync(HttpStream target, CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken);
            await target.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"), cancellationToken);
            if (!int.TryParse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
                || size < 0)
            {
                throw new IOException("A chunk has no size.");
            }
            if (size > 0)
            {
                await CopyExactlyAsync(target, size + 2L, cancellationToken);
                continue;
            }
            string trailer;
            do
            {
                trailer = await ReadLineAsync(cancellationToken);
                await target.WriteAsync(Encoding.Latin1.GetBytes(trailer + "\r\n"), cancellationToken);
            }
            while (trailer.Length > 0);
            return;
        }
    }

    /// <summary>Everything until the other side closes.</summary>
    public async Task CopyAllAsync(HttpStream target, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            if (!read.Buffer.IsEmpty)
            {
                await target.WriteAsync(read.Buffer.ToArray(), cancellationToken);
            }
            _reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static bool FindHead(ReadOnlySequence<byte> buffer, out string head, out SequencePosition after)
    {
        var reader = new SequenceReader<byte>(buffer);
        var isFound = reader.TryReadTo(out ReadOnlySequence<byte> before, "\r\n\r\n"u8);
        head = isFound ? Encoding.Latin1.GetString(before) : "";
        after = reader.Position;
        return isFound;
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            if (FindLine(read.Buffer, out var line, out var after))
            {
                _reader.AdvanceTo(after);
                return line;
            }
            var isTooLong = read.IsCompleted || read.Buffer.Length > MaxHeadBytes;
            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (isTooLong)
            {
                throw new IOException("A line does not end.");
            }
        }
    }

    private static bool FindLine(ReadOnlySequence<byte> buffer, out string line, out SequencePosition after)
    {
        var reader = new SequenceReader<byte>(buffer);
        var isFound = reader.TryReadTo(out ReadOnlySequence<byte> before, "\r\n"u8);
        line = isFound ? Encoding.Latin1.GetString(before) : "";
        after = reader.Position;
        return isFound;
    }
}
