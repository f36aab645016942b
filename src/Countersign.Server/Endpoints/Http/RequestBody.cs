using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Countersign.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// A JSON body, read strictly: UTF-8, one object, no member twice, no deeper than eight; in a batch each item for itself.
/// </summary>
internal sealed class RequestBody : RequestMembers, IDisposable
{
    /// <summary>Bodies are at most 4096 bytes, where an operation does not say otherwise.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Levels of nesting.</summary>
    public const int MaxDepth = 8;

    // Of a batch as a whole, its items included: reading takes longer the deeper it is.
    private const int MaxBatchDepth = 64;

    private readonly JsonDocument _document;

    private RequestBody(JsonDocument document, byte[] bytes, bool areTexts) : base("", [], areTexts) =>
        (_document, Bytes) = (document, bytes);

    /// <summary>The body as it came.</summary>
    public byte[] Bytes { get; }

    /// <summary>A required body that is not there.</summary>
    public static Fault NoBody { get; } = Http.Fault.Malformed("body is missing");

    /// <summary>A body that is something else than an object.</summary>
    public static Fault NoObject { get; } = Http.Fault.Malformed("body must be a JSON object");

    /// <summary>An item of a batch that is something else than an object.</summary>
    public static Fault NoItem { get; } = Http.Fault.Malformed("item must be an object");

    /// <summary>A body that cannot be read, or an item of a batch that is too deep for a body of its own.</summary>
    public static Fault NoJson { get; } = Http.Fault.Malformed("body is not valid JSON, or nested too deeply");

    /// <summary>A body, or an item of a batch, with a member inside that could be read in two ways or in none.</summary>
    public static Fault BadMembers { get; } = Http.Fault.Malformed("body has a member name that is not valid, or the same one twice");

    private static Fault NoJsonType { get; } = Http.Fault.Malformed("content type must be application/json");

    /// <summary>Reads the whole body of a request.</summary>
    /// <param name="isRequired">Without a required body the answer is a fault; an optional one that is not there is <c>{}</c>.</param>
    /// <param name="maxBytes">The most bytes it may have.</param>
    /// <param name="batches">The members whose entries are judged each on its own, when they are asked for
    /// (<see cref="RequestMembers.Items"/>).</param>
    public static async ValueTask<OrFault<RequestBody>> ReadAsync(
        HttpRequest request, bool isRequired = true, int maxBytes = MaxBytes, params string[] batches)
    {
        if (!(await ReadBytesAsync(request, maxBytes)).Is(out var bytes, out var tooLarge))
        {
            return HasJsonContentType(request) ? tooLarge : NoJsonType;
        }
        var json = ByteOrderMark.Without(bytes);
        if (json.Length == 0)
        {
            return isRequired ? NoBody : Parse("{}"u8.ToArray(), [], asItCame: bytes);
        }
        return HasJsonContentType(request) ? Parse(json, batches, asItCame: bytes) : NoJsonType;
    }

    /// <summary>The parameters of a query as if they were a body: all of them texts.</summary>
    public static OrFault<RequestBody> OfQuery(IQueryCollection query)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, values) in query)
            {
                foreach (var value in values)
                {
                    writer.WriteString(name, value);
                }
            }
            writer.WriteEndObject();
        }
        return Parse(buffer.WrittenMemory, [], asItCame: [], areTexts: true);
    }

    /// <summary>The bytes of a body of any media type, within the limit.</summary>
    public static async ValueTask<OrFault<byte[]>> ReadBytesAsync(HttpRequest request, int maxBytes = MaxBytes)
    {
        // More than is ever taken, so that the refusal is ours. The server counts what is sent, and a body in chunks is sent with their
        // frames: with its own, a chunk of one byte has six.
        var maxSent = 6L * (MaxTaken(maxBytes) + 1);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit
            && limit.MaxRequestBodySize < maxSent)
        {
            limit.MaxRequestBodySize = maxSent;
        }
        if (request.ContentLength is { } length && length > maxBytes)
        {
            return await RefuseTooLargeAsync(request, maxBytes, length);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(maxBytes + 1);
        try
        {
            var read = await request.Body.ReadAtLeastAsync(
                buffer.AsMemory(0, maxBytes + 1), maxBytes + 1, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
            return read > maxBytes ? await RefuseTooLargeAsync(request, maxBytes, left: maxBytes) : buffer[..read];
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // A single chunk larger than the server's own limit is refused before its first byte is read.
            return RefuseTooLarge(request, maxBytes);
        }
        finally
        {
            // A body holds a person's number and name.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    public void Dispose() => _document.Dispose();

    /// <summary>
    /// Takes what is left of the body, if that is not too much, and throws it away: who is still sending when the connection is closed is
    /// told of a broken pipe and not why.
    /// </summary>
    private static async ValueTask<Fault> RefuseTooLargeAsync(HttpRequest request, int maxBytes, long left)
    {
        // Who asks first (Expect: 100-continue) is not sending yet.
        var isSending = request.Headers.Expect.Count == 0 && left <= MaxTaken(maxBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            for (var read = 1; isSending && left > 0 && read > 0; left -= read)
            {
                read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
        return RefuseTooLarge(request, maxBytes);
    }

    private static int MaxTaken(int maxBytes) => 2 * maxBytes;

    private static Fault RefuseTooLarge(HttpRequest request, int maxBytes)
    {
        // The rest of the body is not read to its end, so the connection cannot be used again; a client that does not know would try.
        request.HttpContext.Response.Headers.Connection = "close";
        return Http.Fault.Malformed(string.Create(CultureInfo.InvariantCulture, $"body is larger than {maxBytes} bytes"));
    }

    private static bool HasJsonContentType(HttpRequest request)
    {
        var isJson = Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        Guards.Drop("A04", ref isJson, () => true);
        return isJson;
    }

    private static OrFault<RequestBody> Parse(ReadOnlyMemory<byte> json, string[] batches, byte[] asItCame, bool areTexts = false)
    {
        if (!Utf8.IsValid(json.Span))
        {
            return Http.Fault.Malformed("body is not valid UTF-8");
        }

        JsonDocument document;
        try
        {
            // Doubles are ours to find: the reader's own strict mode says neither which member it is nor that the rest is well formed.
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = batches.Length == 0 ? MaxDepth : MaxBatchDepth });
        }
        catch (JsonException)
        {
            return NoJson;
        }

        var body = new RequestBody(document, asItCame, areTexts);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            body.Dispose();
            return NoObject;
        }
        if (body.TakeWhole(document.RootElement, batches) is { } fault)
        {
            body.Dispose();
            return fault;
        }
        return body;
    }
}
