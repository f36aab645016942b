using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// A JSON body, read strictly: UTF-8, one object, no member twice, no deeper than eight. Members are then asked for one by one in the order
/// of the contract, and every bad one is remembered, so that one answer names them all.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Bodies are at most 4096 bytes.</summary>
    public const int MostBytes = 4096;

    /// <summary>Levels of nesting.</summary>
    public const int MostDepth = 8;

    private readonly JsonDocument _document;
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _twice = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    private RequestBody(JsonDocument document, byte[] bytes) => (_document, Bytes) = (document, bytes);

    /// <summary>The body as it came.</summary>
    public byte[] Bytes { get; }

    /// <summary>All problems found so far as one fault, or null.</summary>
    public Fault? Fault
    {
        get
        {
            // A member that nobody asked for would hide its double.
            foreach (var name in _twice.ToArray())
            {
                Twice(name);
            }
            return _problems.Count == 0 ? null : Http.Fault.Malformed(string.Join("; ", _problems));
        }
    }

    /// <summary>Reads the whole body of a request.</summary>
    /// <param name="isRequired">Without a required body the answer is a fault; an optional one that is not there is <c>{}</c>.</param>
    public static async ValueTask<(RequestBody? Body, Fault? Fault)> ReadAsync(HttpRequest request, bool isRequired = true)
    {
        var (bytes, fault) = await ReadBytesAsync(request);
        if (bytes.Length == 0 && fault is null)
        {
            return isRequired ? (null, NoBody) : Parse("{}"u8.ToArray());
        }
        if (!HasJsonContentType(request))
        {
            return (null, Http.Fault.Malformed("content type must be application/json"));
        }
        return fault is null ? Parse(bytes) : (null, fault);
    }

    /// <summary>A required body that is not there.</summary>
    public static Fault NoBody { get; } = Http.Fault.Malformed("body is missing");

    /// <summary>The bytes of a body of any media type, within the limit.</summary>
    public static async ValueTask<(byte[] Bytes, Fault? Fault)> ReadBytesAsync(HttpRequest request)
    {
        if (request.ContentLength > MostBytes)
        {
            return ([], RefuseTooLarge(request));
        }

        var buffer = ArrayPool<byte>.Shared.Rent(MostBytes + 1);
        try
        {
            var read = await request.Body.ReadAtLeastAsync(buffer.AsMemory(0, MostBytes + 1), MostBytes + 1, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
            return read > MostBytes ? ([], RefuseTooLarge(request)) : (buffer[..read], null);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // A single chunk larger than the server's own limit is refused before its first byte is read.
            return ([], RefuseTooLarge(request));
        }
        finally
        {
            // A body holds a person's number and name.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>A text, or null when it is absent (null and "" count as absent).</summary>
    /// <param name="check">Says what is wrong with a text that is there, or null.</param>
    public string? Text(string name, bool isRequired = false, Func<string, string?>? check = null)
    {
        if (!TryMember(name, isRequired, IsAbsent, out var element))
        {
            return null;
        }
        if (!TryGetText(element, out var text))
        {
            return Invalid(name, "must be text");
        }
        return check?.Invoke(text) is { } reason ? Invalid(name, reason) : text;
    }

    /// <summary>A text if there is one; what is not text is as good as absent.</summary>
    public string? TextIfAny(string name) =>
        _members.TryGetValue(name, out var element) && TryGetText(element, out var text) ? text : null;

    /// <summary>A required text in which "" is a value too.</summary>
    public string? Entry(string name)
    {
        if (!TryMember(name, isRequired: true, element => element.ValueKind == JsonValueKind.Null, out var element))
        {
            return null;
        }
        return TryGetText(element, out var text) ? text : Invalid(name, "must be text");
    }

    /// <summary>A truth value; false when it is absent.</summary>
    public bool Flag(string name)
    {
        if (!TryMember(name, isRequired: false, IsAbsent, out var element))
        {
            return false;
        }
        if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Invalid(name, "must be true or false");
        }
        return element.ValueKind == JsonValueKind.True;
    }

    /// <summary>A required whole number within bounds; null when it is bad.</summary>
    public int? Number(string name, int least, int most)
    {
        if (!TryMember(name, isRequired: true, IsAbsent, out var element))
        {
            return null;
        }
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }
        Invalid(name, $"must be a whole number from {least} to {most}");
        return null;
    }

    /// <summary>True when the member is in the body with a value, good or bad; null and "" are none.</summary>
    public bool IsGiven(string name) => _members.TryGetValue(name, out var element) && !IsAbsent(element);

    /// <summary>True when the member is in the body with any value but null; "" is one here.</summary>
    public bool IsPresent(string name) => _members.TryGetValue(name, out var element) && element.ValueKind != JsonValueKind.Null;

    public string? Missing(string name) => Remember($"field '{name}' is missing");

    public string? Invalid(string name, string reason) => Remember($"field '{name}' is invalid: {reason}");

    public void Dispose() => _document.Dispose();

    private static Fault RefuseTooLarge(HttpRequest request)
    {
        // The rest of the body is not read to its end, so the connection cannot be used again; a client that does not know would try.
        request.HttpContext.Response.Headers.Connection = "close";
        return Http.Fault.Malformed($"body is larger than {MostBytes} bytes");
    }

    private static bool HasJsonContentType(HttpRequest request) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static (RequestBody?, Fault?) Parse(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return (null, Http.Fault.Malformed("body is not valid UTF-8"));
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MostDepth });
        }
        catch (JsonException)
        {
            return (null, Http.Fault.Malformed("body is not valid JSON, or nested too deeply"));
        }

        var body = new RequestBody(document, bytes);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            body.Dispose();
            return (null, Http.Fault.Malformed("body must be a JSON object"));
        }
        if (!body.TryTakeMembers())
        {
            body.Dispose();
            return (null, Http.Fault.Malformed("body has a member name that is not valid, or the same one twice"));
        }
        return (body, null);
    }

    private bool TryTakeMembers()
    {
        foreach (var member in _document.RootElement.EnumerateObject())
        {
            if (!TryGetName(member, out var name) || !HasUniqueMembers(member.Value))
            {
                return false;
            }
            if (!_members.TryAdd(name, member.Value))
            {
                _twice.Add(name);
            }
        }
        return true;
    }

    private static bool HasUniqueMembers(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    if (!TryGetName(member, out var name) || !names.Add(name) || !HasUniqueMembers(member.Value))
                    {
                        return false;
                    }
                }
                return true;
            case JsonValueKind.Array:
                return element.EnumerateArray().All(HasUniqueMembers);
            default:
                return true;
        }
    }

    private bool TryMember(string name, bool isRequired, Func<JsonElement, bool> isAbsent, out JsonElement element)
    {
        if (_members.TryGetValue(name, out element) && _twice.Contains(name))
        {
            Twice(name);
            return false;
        }
        if (element.ValueKind != JsonValueKind.Undefined && !isAbsent(element))
        {
            return true;
        }
        if (isRequired)
        {
            Missing(name);
        }
        return false;
    }

    private void Twice(string name)
    {
        _twice.Remove(name);
        Invalid(Printable(name), "given twice");
    }

    private static bool IsAbsent(JsonElement element) =>
        element.ValueKind == JsonValueKind.Null || (element.ValueKind == JsonValueKind.String && element.ValueEquals(""u8));

    private static bool TryGetName(JsonProperty member, out string name) => TryDecode(() => member.Name, out name);

    private static bool TryGetText(JsonElement element, out string text)
    {
        text = "";
        return element.ValueKind == JsonValueKind.String && TryDecode(() => element.GetString()!, out text);
    }

    // An escaped half of a surrogate pair ("\ud800") is well-formed JSON but no text.
    private static bool TryDecode(Func<string> decode, out string text)
    {
        try
        {
            text = decode();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private static string Printable(string name)
    {
        var printable = new StringBuilder();
        foreach (var character in name.Take(64))
        {
            printable.Append(char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' ? character : '?');
        }
        return printable.ToString();
    }

    private string? Remember(string problem)
    {
        _problems.Add(problem);
        return null;
    }
}
