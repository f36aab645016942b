using System.Buffers;
using System.Buffers.Text;

namespace Countersign.Core.Possession;

/// <summary>What the address of an Instant Link looks like.</summary>
public static class LinkAddress
{
    // 128 bits: too many to try (22 characters in base64url).
    internal const int TokenBytes = 16;

    /// <summary>Path of the link page; the token follows.</summary>
    public const string Path = "/l/";

    private static readonly SearchValues<char> _tokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Characters of a link on a server with this public address.</summary>
    public static int LengthOf(string origin) => origin.Length + Path.Length + Base64Url.GetEncodedLength(TokenBytes);

    /// <summary>
    /// The token that a link's address begins with. Trackers, chat and mail programs append to addresses (<c>&amp;fbclid=…</c>, a path, a
    /// full stop, a bracket, the underscore or hyphen around marked words): what follows a whole token is left out, unless a letter or a
    /// digit makes another token of it. Null when no whole token is there.
    /// </summary>
    /// <param name="text">What stands behind <see cref="Path"/>.</param>
    public static string? TokenIn(string text)
    {
        var length = Base64Url.GetEncodedLength(TokenBytes);
        if (text.Length < length || text.AsSpan(0, length).ContainsAnyExcept(_tokenCharacters))
        {
            return null;
        }
        var appended = text.AsSpan(length).TrimStart("-_");
        return appended.IsEmpty || !char.IsAsciiLetterOrDigit(appended[0]) ? text[..length] : null;
    }
}
