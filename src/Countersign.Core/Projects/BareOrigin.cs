using System.Text;

namespace Countersign.Core.Projects;

/// <summary>Scheme, host and port as browsers write an origin: <c>https://www.example.com</c>.</summary>
public static class BareOrigin
{
    // Published browser SDKs compare this text with the origin of the status socket, character by character; browsers write hosts in ASCII.
    public static bool Is(string text) =>
        Ascii.IsValid(text)
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme is "http" or "https")
        && string.Equals(url.GetLeftPart(UriPartial.Authority), text, StringComparison.Ordinal)
        && url.UserInfo.Length == 0;
}
