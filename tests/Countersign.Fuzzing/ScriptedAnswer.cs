using System.Net;
using System.Text;

namespace Countersign.Fuzzing;

/// <summary>
/// A provider that answers what an input says: <c>STATUS</c>, lines <c>Name: value</c>, an empty line, the body. Of what no HTTP client
/// would hand on, there is no answer.
/// </summary>
internal sealed class ScriptedAnswer : HttpMessageHandler
{
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
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(end < 0 ? [] : text[(end + 2)..]) };
        foreach (var line in head.Skip(1))
        {
            if (line.Split(':', 2) is not [var name, var value] || !answer.Headers.TryAddWithoutValidation(name, value.Trim()))
            {
                return null;
            }
        }
        return answer;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Answer(request));
}
