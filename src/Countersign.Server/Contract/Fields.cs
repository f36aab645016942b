using System.Globalization;
using System.Text;
using Countersign.Core;

namespace Countersign.Server.Contract;

/// <summary>What a field of the contract may hold. Each rule says what is wrong, or null; a character is a Unicode scalar value.</summary>
internal static class Fields
{
    public const int MostNameCharacters = 128;
    public const int MostPhoneCharacters = 32;
    public const int MostEmailCharacters = 254;
    public const int MostIdCharacters = 256;
    public const int MostAddressCharacters = 128;
    public const int MostUrlCharacters = Core.Projects.TargetUrl.MostCharacters;
    public const int MostUserAgentCharacters = 512;
    public const int MostAttributes = 20;
    public const int MostAttributeTypeCharacters = 64;
    public const int MostAttributeValueCharacters = 256;

    // IPv6 with an embedded IPv4 address: "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".
    public const int MostIpAddressCharacters = 45;

    /// <summary>What <c>possessionType</c> and its alias <c>flowType</c> may say.</summary>
    public static IReadOnlyList<string> FlowTypes { get; } = ["desktop", "mobile", "none"];

    public static string? Phone(string text) =>
        text.Length > MostPhoneCharacters ? $"longer than {MostPhoneCharacters} characters"
        : text.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '+') ? "only letters, digits and + are allowed"
        : null;

    public static string? Name(string text) =>
        Count(text.Trim()) is < 1 or > MostNameCharacters ? $"must be 1 to {MostNameCharacters} characters after trimming" : NoControl(text);

    public static string? Email(string text) =>
        Count(text) > MostEmailCharacters ? $"longer than {MostEmailCharacters} characters"
        : text.Count(c => c == '@') != 1 ? "must contain exactly one @"
        : NoControl(text);

    public static string? IpAddress(string text) =>
        text.Length > MostIpAddressCharacters ? $"longer than {MostIpAddressCharacters} characters"
        : text.Any(c => !char.IsAsciiHexDigit(c) && c != ':' && c != '.') ? "only hexadecimal digits, : and . are allowed"
        : null;

    /// <summary>Street, city and other parts of a postal address.</summary>
    public static string? AddressPart(string text) =>
        Count(text) > MostAddressCharacters ? $"longer than {MostAddressCharacters} characters" : NoControl(text);

    public static string? PostalCode(string text) =>
        text.Length is 5 or 10 && text.Index().All(c => c.Index == 5 ? c.Item == '-' : char.IsAsciiDigit(c.Item)) ? null : "must be 5 digits or ZIP+4";

    public static string? ClientId(string text) =>
        Count(text) > MostIdCharacters ? $"longer than {MostIdCharacters} characters" : NoControl(text);

    public static string? UserAgent(string text) =>
        Count(text) > MostUserAgentCharacters ? $"longer than {MostUserAgentCharacters} characters" : NoControl(text);

    public static string? AttributeType(string text) =>
        Count(text) > MostAttributeTypeCharacters ? $"longer than {MostAttributeTypeCharacters} characters" : NoControl(text);

    public static string? AttributeValue(string text) =>
        Count(text) > MostAttributeValueCharacters ? $"longer than {MostAttributeValueCharacters} characters" : NoControl(text);

    /// <summary>In any case: what comes out of a database or a library may be written large.</summary>
    public static string? Uuid(string text) =>
        Guid.TryParseExact(text, "D", out _) ? null : "must be a UUID: 8-4-4-4-12 hexadecimal digits";

    public static string? CorrelationIdShape(string text) =>
        CorrelationId.TryParse(text, out _) ? null : "must be 8-4-4-4-12 lower-case hexadecimal digits";

    /// <summary>
    /// Where a phone is sent after confirming: http or https, no user info, nothing that a browser would read as another address than it
    /// looks like.
    /// </summary>
    public static string? TargetUrl(string text) => Core.Projects.TargetUrl.Problem(text);

    private static int Count(string text) => text.EnumerateRunes().Count();

    private static string? NoControl(string text) =>
        text.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control) ? "contains control characters" : null;
}
