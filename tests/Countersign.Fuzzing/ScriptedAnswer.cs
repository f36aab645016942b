using System.Globalization;
using System.Net;
using System.Text;

namespace Countersign.Fuzzing;

/// <summary>
/// A provider that answers what an input says: <c>STATUS</c>, lines <c>Name: value</c>, an empty line, the body. A Content-Length that is
/// less than the body cuts it, as on a connection; one that is more lets it break off. Of what no HTTP client would hand on, there is no
/// answer.
/// </summary>
internal sealed class ScriptedAnswer : HttpMessageHandler
{
    private const string Length = "Content-Length";

    /// <summary>For the one thread that plays inputs.</summary>
    public static ScriptedAnswer Shared { get; } = new();

    /// <summary>Makes the answer to a request.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage> Answer { get; set; } = _ => new HttpResponseMessage(HttpStatusCode.NotFound);

    /// <summary>Null when the text is no answer.</summary>
    public static HttpResponseMessage? Read(byte[] text)
    {
        var end = text.AsSpan().IndexOf("\n\n"u8);
        var head = Encoding.Latin1.GetString(end < 0 ? text : text[..end]).Split('\n');
        if (!int.TryParse(head[0], out var status) || status is < 200 or > 599)
        {
            return null;
        }
        var headers = head.Skip(1).Select(line => line.Split(':', 2)).ToList();
        var body = end < 0 ? [] : text[(end + 2)..];
        if (!headers.TrueForAll(header => header.Length == 2) || ContentOf(body, headers) is not { } content)
        {
            return null;
        }
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = content };
        return headers.TrueForAll(header => answer.Headers.TryAddWithoutValidation(header[0], header[1].Trim())
            || content.Headers.TryAddWithoutValidation(header[0], header[1].Trim())) ? answer : null;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            await content.CopyToAsync(Stream.Null, cancellationToken);
        }
        return Answer(request);
    }

    private static HttpContent? ContentOf(byte[] body, List<string[]> headers)
    {
        if (headers.FindAll(header => header[0].Equals(Length, StringComparison.OrdinalIgnoreCase)) is var told && told.Count == 0)
        {
            return new ByteArrayContent(body);
        }
        return told.Count > 1 || !long.TryParse(told[0][1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? null
            : length > body.Length ? new StreamContent(new BrokenStream(body))
            : new ByteArrayContent(body, 0, (int)length);
    }

    /// <summary>Ends before it has brought what was announced.</summary>
    private sealed class BrokenStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => OrBreak(base.Read(buffer, offset, count), count);

        public override int Read(Span<byte> buffer) => OrBreak(base.Read(buffer), buffer.Length);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await destination.WriteAsync(ToArray(), cancellationToken);
            _ = OrBreak(0, bufferSize);
        }

        private static int OrBreak(int read, int asked) =>
            read > 0 || asked == 0 ? read : throw new HttpIOException(HttpRequestError.ResponseEnded);
    }
}
