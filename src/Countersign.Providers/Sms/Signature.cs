using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Providers.Sms;

/// <summary>
/// The signature on requests between this server and gateways of type <c>webhook</c>, in both directions:
/// <c>t=&lt;seconds since 1970&gt;,v1=&lt;HMAC-SHA256 of "t.body" in hex&gt;,v2=&lt;HMAC-SHA256 of "t.kind.path.body" in hex&gt;</c>, with
/// one of each for each secret that is in use. Version 2 says what the request is and where it goes, so that none passes for another.
/// </summary>
internal static class Signature
{
    public const string Header = "Countersign-Signature";

    /// <summary>How far the two clocks may be apart, so that what was listened to is of no use later.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <param name="versions">Each signs, 1 and 2 in this order.</param>
    public static string Sign(
        SignedPlace place, ReadOnlySpan<byte> body, DateTimeOffset at, IReadOnlyList<int> versions, IEnumerable<string> secrets)
    {
        var seconds = at.ToUnixTimeSeconds();
        var header = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"t={seconds}"));
        foreach (var secret in secrets)
        {
            foreach (var version in versions)
            {
                header.Append(CultureInfo.InvariantCulture, $",v{version}=").Append(Hash(secret, version, seconds, place, body));
            }
        }
        return header.ToString();
    }

    /// <summary>Whether one of the header's signatures is of one of the secrets and versions, and made just now.</summary>
    public static bool IsGenuine(
        string? header, SignedPlace place, ReadOnlySpan<byte> body, DateTimeOffset now, IReadOnlyList<int> versions,
        IEnumerable<string> secrets)
    {
        var parts = (header ?? "").Split(',', StringSplitOptions.TrimEntries);
        if (TimeIn(parts) is not { } seconds
            || Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)Tolerance.TotalSeconds)
        {
            return false;
        }
        foreach (var secret in secrets)
        {
            foreach (var version in versions)
            {
                var expected = string.Create(CultureInfo.InvariantCulture, $"v{version}={Hash(secret, version, seconds, place, body)}");
                if (parts.Any(part => AreEqual(part, expected)))
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>
    /// What a genuine request's signatures are over: the same when it comes again, whichever of its signatures are left in the header.
    /// </summary>
    public static SignedContent WhatIsSigned(string? header, ReadOnlySpan<byte> body)
    {
        var seconds = TimeIn((header ?? "").Split(',', StringSplitOptions.TrimEntries));
        return new SignedContent(
            new Secret(string.Create(CultureInfo.InvariantCulture, $"{seconds}.{Convert.ToHexStringLower(SHA256.HashData(body))}")),
            HasTime: true);
    }

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public static bool AreEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static long? TimeIn(string[] parts) =>
        parts.FirstOrDefault(part => part.StartsWith("t=", StringComparison.Ordinal)) is { } time
            && long.TryParse(time.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;

    private static string Hash(string secret, int version, long seconds, SignedPlace place, ReadOnlySpan<byte> body)
    {
        var at = seconds.ToString(CultureInfo.InvariantCulture);
        var before = version == 1 ? $"{at}." : $"{at}.{place.Kind}.{place.Path}.";
        byte[] signed = [.. Encoding.UTF8.GetBytes(before), .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }
}

/// <summary>What a request is and where it goes.</summary>
/// <param name="Kind">"text", "receipt" or "inbound".</param>
/// <param name="Path">With the query, as in the first line of the request.</param>
internal readonly record struct SignedPlace(string Kind, string Path)
{
    public override string ToString() => nameof(SignedPlace);
}
