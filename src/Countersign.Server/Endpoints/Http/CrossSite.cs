using Countersign.Core.Flows;

namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// Was a form sent by a page of another site? Browsers say so in headers that no page can set (Fetch Metadata, RFC 6454). Without these
/// headers the request is taken: old browsers send none, and whoever is no browser is not led by a page.
/// </summary>
internal sealed class CrossSite(PublicAddress address)
{
    public bool Sent(HttpContext context) =>
        !IsOwn(context.Request.Headers["Sec-Fetch-Site"].ToString()) || !IsOwn(context, context.Request.Headers.Origin.ToString());

    // "none": the person themselves, by the address bar or a reload. A sibling under the same registrable domain ("same-site") is another
    // party.
    private static bool IsOwn(string site) => site is "" or "same-origin" or "none";

    private bool IsOwn(HttpContext context, string origin) =>
        // "null" is what a browser says of our own page, whose referrer policy is no-referrer. Sec-Fetch-Site has told such pages apart.
        origin is "" or "null"
        || origin == address.Origin
        // The server may be reached by another name than its public one: then the page came from where the form goes to. The scheme is the
        // proxy's.
        || IsOf(context.Request, origin, Uri.UriSchemeHttp)
        || IsOf(context.Request, origin, Uri.UriSchemeHttps);

    // Whole, as browsers write it: a file or an address with a user in it has no page of ours, whatever its authority looks like.
    private static bool IsOf(HttpRequest request, string origin, string scheme) =>
        Uri.TryCreate($"{scheme}://{request.Host.Value}", UriKind.Absolute, out var own)
        && string.Equals(origin, $"{scheme}://{own.Authority}", StringComparison.OrdinalIgnoreCase);
}
