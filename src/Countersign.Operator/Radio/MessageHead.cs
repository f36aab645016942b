using System.Globalization;
using System.Text;

namespace Countersign.Operator.Radio;

/// <summary>The first line and the headers of an HTTP/1.1 message, in the order they came.</summary>
internal sealed class MessageHead(string firstLine, IReadOnlyList<(string Name, string Value)> headers)
{
    public string FirstLine => firstLine;

    /// <summary>Null when a line is no header.</summary>
    public static MessageHead? Parse(string text)
    {
        var lines = text.Split("\r\n");
        var headers = new List<(string, string)>();
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                return null;
            }
            headers.Add((line[..colon], line[(colon + 1)..].Trim()));
        }
        return new MessageHead(lines[0], headers);
    }

    public bool Has(string name, string token) =>
        Values(name).Any(value => value.Split(',').Any(part => part.Trim().Equals(token, StringComparison.OrdinalIgnoreCase)));

    public bool IsChunked => Has("Transfer-Encoding", "chunked");

    /// <summary>Null when none is given; -1 when it is no length.</summary>
    public long? ContentLength => Values("Content-Length").FirstOrDefault() is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : -1;

    /// <summary>The message with another first line, without what concerns the proxy alone.</summary>
    public byte[] Write(string line)
    {
        var text = new StringBuilder(line).Append("\r\n");
        foreach (var (name, value) in headers)
        {
            if (!name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase))
            {
                text.Append(name).Append(": ").Append(value).Append("\r\n");
            }
        }
        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    private IEnumerable<string> Values(string name) =>
        headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);
}
