using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Attacks;

/// <summary>By which two reports are seen to be of one installation, as far as it tells: its published keys and documents.</summary>
internal static class Fingerprint
{
    private static readonly string[] _told =
        ["/.well-known/jwks.json", "/openapi/v3.json", "/openapi/browser.json", "/openapi/relying-party.json"];

    /// <returns>One hash over all, and what each part comes to: its hash, or the status that it was answered with.</returns>
    public static async Task<JsonObject> OfAsync(Installation on)
    {
        var parts = new JsonObject();
        foreach (var path in _told)
        {
            var heard = await on.GetAnonymouslyAsync(path);
            parts[path] = heard.IsOk ? HashOf(heard.Body) : heard.Status.ToString(CultureInfo.InvariantCulture);
        }
        var lines = parts.Select(part => $"{part.Key} {part.Value}\n").Prepend($"{(on.IsLive ? "live" : "sandbox")}\n");
        return new JsonObject { ["sha256"] = HashOf(string.Concat(lines)), ["of"] = parts };
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
