using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Providers.Sms.Twilio;

/// <summary>
/// Twilio's signature on requests to us (its documentation, "Validating requests"): base64 of HMAC-SHA1 over the address as it was given,
/// query included, followed by each field of the form, in the order of their names, name and value without anything between.
/// </summary>
internal static class TwilioSignature
{
    public const string Header = "X-Twilio-Signature";

    public static bool IsGenuine(
        string? signature, string url, IReadOnlyList<KeyValuePair<string, string>> fields, IEnumerable<string> authTokens)
    {
        if (signature is null)
        {
            return false;
        }
        var isGenuine = false;
        foreach (var token in authTokens)
        {
            isGenuine |= Signature.AreEqual(signature, Sign(url, fields, token));
        }
        return isGenuine;
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "HMAC-SHA1 is what Twilio signs with; as a MAC it is not broken.")]
    public static string Sign(string url, IReadOnlyList<KeyValuePair<string, string>> fields, string authToken)
    {
        var signed = WhatIsSigned(url, fields);
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(signed)));
    }

    /// <summary>Twilio signs no time; each message has an id among the fields.</summary>
    public static string WhatIsSigned(string url, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        var signed = new StringBuilder(url);
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal)
            .ThenBy(field => field.Value, StringComparer.Ordinal))
        {
            signed.Append(name).Append(value);
        }
        return signed.ToString();
    }
}
