namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>The page behind the link of a text, as a phone opens it.</summary>
/// <param name="agent">What the phone's browser says that it is.</param>
/// <param name="from">The address that it calls from.</param>
/// <param name="forwardedFor">What a proxy says of where its calls come from; null for no proxy.</param>
internal sealed class LinkPage(
    Uri link, string agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)", string from = "127.0.0.1",
    string? forwardedFor = null)
{
    public LinkPage(string link) : this(new Uri(link))
    {
    }

    /// <summary>Presses a button of the page.</summary>
    /// <param name="digits">Null for none.</param>
    public async Task<Reply> PressAsync(string action, string? digits)
    {
        using var form = new FormUrlEncodedContent(
            digits is null ? [new("action", action)] : [new("action", action), new("digits", digits)]);
        return await CallAsync(HttpMethod.Post, form);
    }

    public async Task<Reply> CallAsync(HttpMethod method, HttpContent? content = null)
    {
        using var phone = PersonsBrowser.From(from);
        using var request = new HttpRequestMessage(method, link) { Content = content };
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor is null ? [] : [forwardedFor]);
        return await Reply.ReadAsync(await phone.SendAsync(request, TestContext.Current.CancellationToken));
    }
}
