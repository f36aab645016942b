using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Countersign.Core;

namespace Countersign.Providers.Sms;

/// <summary>
/// The signature on requests between this server and gateways of type <c>webhook</c>, in both directions:
/// <c>t=&lt;seconds since 1970&gt;,v1=&lt;HMAC-SHA256 of "t.body" in hex&gt;</c>, with one v1 for each secret that is in use.
/// </summary>
internal static class Signature
{
    public const string Header = "Countersign-Signature";

    /// <summary>How far the two clocks may be apart, so that what was listened to is of no use later.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static string Sign(ReadOnlySpan<byte> body, DateTimeOffset at, params IEnumerable<string> secrets)
    {
        var header = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"t={at.ToUnixTimeSeconds()}"));
        foreach (var secret in secrets)
        {
            header.Append(",v1=").Append(Hash(secret, at.ToUnixTimeSeconds(), body));
        }
        return header.ToString();
    }

    /// <summary>Whether one of the header's signatures is of one of the secrets, and made just now.</summary>
    public static bool IsGenuine(string? header, ReadOnlySpan<byte> body, DateTimeOffset now, params IEnumerable<string> secrets)
    {
        var parts = (header ?? "").Split(',', StringSplitOptions.TrimEntries);
        if (TimeIn(parts) is not { } seconds
            || Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)Tolerance.TotalSeconds)
        {
            return false;
        }
        foreach (var secret in secrets)
        {
            var expected = Hash(secret, seconds, body);
            if (parts.Any(part => part.StartsWith("v1=", StringComparison.Ordinal) && AreEqual(part[3..], expected)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// What a genuine request's signatures are over: the same when it comes again, whichever of its signatures are left in the header.
    /// </summary>
    public static Secret WhatIsSigned(string? header, ReadOnlySpan<byte> body) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{TimeIn((header ?? "").Split(',', StringSplitOptions.TrimEntries))}.{Convert.ToHexStringLower(SHA256.HashData(body))}"));

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public static bool AreEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static long? TimeIn(string[] parts) =>
        parts.FirstOrDefault(part => part.StartsWith("t=", StringComparison.Ordinal)) is { } time
            && long.TryParse(time.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;

    private static string Hash(string secret, long seconds, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}.")), .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }
}
