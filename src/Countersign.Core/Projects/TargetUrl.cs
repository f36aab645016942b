namespace Countersign.Core.Projects;

/// <summary>Where a phone may be sent after its link was confirmed.</summary>
public static class TargetUrl
{
    /// <summary>The most characters of such an address, and of an entry of the list.</summary>
    public const int MaxCharacters = 128;

    /// <summary>Says what is wrong with an address that a relying party asks for, or null.</summary>
    public static string? Problem(string text)
    {
        var problem = Shape(text, "-._+=/:?");
        Guards.Drop("L11", ref problem, () => null);
        return problem;
    }

    /// <summary>Says what is wrong with an entry of a project's list, or null.</summary>
    public static string? ProblemOfEntry(string text) =>
        Shape(text, "-._+=/:") is { } problem ? problem
        : new Uri(text).Scheme != Uri.UriSchemeHttps ? "must begin with https://"
        : null;

    /// <summary>
    /// Does the address begin with the entry? Same origin, and the entry's path is the whole path or ends at a slash of it.
    /// </summary>
    /// <param name="text">An address without <see cref="Problem"/>.</param>
    /// <param name="entry">An entry without <see cref="ProblemOfEntry"/>.</param>
    public static bool IsUnder(string text, string entry)
    {
        var (url, allowed) = (new Uri(text), new Uri(entry));
        var (path, prefix) = (PathOf(text), PathOf(entry).TrimEnd('/'));
        // /app allows /app and /app/done, not /apple.
        return (url.Scheme, url.IdnHost, url.Port) == (allowed.Scheme, allowed.IdnHost, allowed.Port)
            && path.StartsWith(prefix, StringComparison.Ordinal)
            && (path.Length == prefix.Length || path[prefix.Length] == '/');
    }

    private static string? Shape(string text, string allowed)
    {
        if (text.Length > MaxCharacters)
        {
            return $"longer than {MaxCharacters} characters";
        }
        if (text.Any(c => !char.IsAsciiLetterOrDigit(c) && !allowed.Contains(c, StringComparison.Ordinal)))
        {
            return $"only letters, digits and {allowed} are allowed";
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            || !text.StartsWith(url.Scheme + "://", StringComparison.OrdinalIgnoreCase)
            || url.Host.Length == 0
            || url.UserInfo.Length > 0)
        {
            return "must be an absolute http or https URL";
        }
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        rest = rest.IndexOfAny(['/', '?']) is var start and >= 0 ? rest[start..] : "";
        if (rest.Contains("//", StringComparison.Ordinal))
        {
            return "must not contain // after the host";
        }
        return PathOf(text).Split('/').Any(segment => segment is "." or "..") ? "must not contain . or .. as a part of its path" : null;
    }

    // As it is written: a parsed URL has forgotten its dot segments.
    private static string PathOf(string text)
    {
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('?')[0];
        return rest.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? rest[slash..] : "";
    }
}
