using System.Diagnostics.CodeAnalysis;
using Countersign.Core.Projects;

namespace Countersign.Core.Possession.MobileAuth;

/// <summary>
/// Where a page that goes to the operator comes back to. Only pages of the project's own web origins, and of this server, may get what
/// comes back: else whoever holds an auth token could have a stranger's answer sent to a page of their own.
/// </summary>
public static class ReturnAddress
{
    /// <summary>Characters, so that the state it travels in stays an address that operators take.</summary>
    public const int MaxCharacters = 512;

    /// <param name="own">This server's own origin.</param>
    public static bool TryRead(string? text, ProjectSettings settings, string own, [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (text is not { Length: <= MaxCharacters } || !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0 || text.Contains('#', StringComparison.Ordinal))
        {
            return false;
        }
        // The origin and the address are both taken from what was understood, so that no other reader sees another one in it.
        var origin = url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        address = url.AbsoluteUri;
        return IsPlain(url.Query) && (origin == own
            || (settings.WebOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase) && IsListed(address, settings.TargetUrls)));
    }

    // A fragment outlives a redirect: an address that names another one could be a page that passes people on, and what came back with
    // them.
    private static bool IsPlain(string query) =>
        query.TrimStart('?').All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '=' or '&');

    private static bool IsListed(string address, IReadOnlyList<string> targets) =>
        targets.Count == 0 || (TargetUrl.Problem(address) is null && targets.Any(entry => TargetUrl.IsUnder(address, entry)));
}
