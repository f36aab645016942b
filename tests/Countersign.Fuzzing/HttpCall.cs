using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Fuzzing;

/// <summary>
/// A call as an input writes it: the first line <c>METHOD target</c>, lines <c>Name: value</c>, an empty line, the body. Of what a web
/// server refuses before the product sees it, it makes no call. With <c>Transfer-Encoding: chunked</c> nobody says how long the body is.
/// </summary>
internal sealed class HttpCall
{
    private HttpCall(string method, string target) => (Method, Target) = (method, target);

    public string Method { get; }

    /// <summary>Path and query, as they came.</summary>
    public string Target { get; set; }

    public IHeaderDictionary Headers { get; } = new HeaderDictionary();

    public byte[] Body { get; set; } = [];

    /// <summary>What the connection it came by is known as.</summary>
    public Action<IFeatureCollection> Admit { get; set; } = _ => { };

    public static HttpCall? Read(byte[] input)
    {
        var rest = input.AsSpan();
        if (TakeLine(ref rest)?.Split(' ') is not [var method, ['/', ..] target] || !method.All(char.IsAsciiLetterUpper)
            || target.Any(character => character is <= ' ' or > '~' or '#')
            || target.Split('?')[0].Contains("%00", StringComparison.Ordinal))
        {
            return null;
        }
        var call = new HttpCall(method, target);
        while (TakeLine(ref rest) is { Length: > 0 } line)
        {
            // Kestrel refuses control characters, and reads what is beyond ASCII as UTF-8.
            if (line.Split(':', 2) is not [var name, var value] || name.Length == 0 || !name.All(IsToken) || value.Any(char.IsControl))
            {
                return null;
            }
            call.Headers.Append(name, value.Trim());
        }
        call.Body = rest.ToArray();
        return call;
    }

    public IHttpRequestFeature ToFeature()
    {
        var (path, query) = Target.Split('?', 2) is [var before, var after] ? (before, "?" + after) : (Target, "");
        Headers.ContentLength = Headers.TransferEncoding == "chunked" ? null
            : Body.Length == 0 && Headers.ContentType.Count == 0 ? null
            : Body.Length;
        return new HttpRequestFeature
        {
            Protocol = "HTTP/1.1",
            Scheme = "https",
            Method = Method,
            RawTarget = Target,
            // As Kestrel does: what is not UTF-8 stays as it is written.
            Path = PathString.FromUriComponent(path).Value ?? "/",
            QueryString = query,
            Headers = Headers,
            Body = new MemoryStream(Body),
        };
    }

    private static bool IsToken(char character) => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character);

    private static string? TakeLine(ref Span<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        if (rest.IsEmpty)
        {
            return null;
        }
        var line = Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
        rest = end < 0 ? [] : rest[(end + 1)..];
        return line.TrimEnd('\r');
    }
}
