using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Security;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Fuzzing;

/// <summary>
/// Access tokens, auth tokens and client assertions. The first line says what the rest is: <c>raw</c>, a token as a stranger writes it;
/// <c>signed</c>, a header and a payload, in JSON, that are signed with the server's key; <c>assertion</c>, the same with the client's key;
/// <c>bent</c>, edits of a good token, each a place and a byte; <c>keys</c>, a JSON Web Key Set of a client's.
/// </summary>
internal static class TokenTarget
{
    private static readonly Lazy<Credentials> _parts = new(() => new Credentials(InstalledServer.Shared));

    public static Target Target { get; } = new("tokens", Read);

    private static string Read(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        if (end < 0)
        {
            return Target.NoInput;
        }
        var rest = input[(end + 1)..];
        var parts = _parts.Value;
        switch (Encoding.UTF8.GetString(input, 0, end))
        {
            case "raw":
                var raw = parts.Take(Encoding.UTF8.GetString(rest));
                BrokenPromise.Unless(raw is null, "a token that nobody has signed was taken");
                return "refused";
            case "bent":
                var bent = parts.Take(parts.Bent(rest, out var isBent));
                BrokenPromise.Unless(bent is null || !isBent, "a bent token was taken");
                return bent ?? "refused";
            case "signed":
                return parts.TakeSigned(rest, parts.ServerKey) ?? "refused";
            case "assertion":
                return parts.TakeSigned(rest, parts.ClientKey) ?? "refused";
            case "keys":
                return KeysIn(Encoding.UTF8.GetString(rest));
            default:
                return Target.NoInput;
        }
    }

    /// <summary>What was read of keys and is written down is read again, as the same keys.</summary>
    private static string KeysIn(string json)
    {
        var (keys, problem) = ClientKeys.Parse(json);
        BrokenPromise.Unless(
            keys is null or { Keys.Count: 0 } || keys.Equals(ClientKeys.Parse(keys.Json).Keys),
            "keys that were read and written are other keys");
        return problem ?? "taken";
    }

    private sealed class Credentials
    {
        private readonly Tokens _tokens;
        private readonly ApiClient _client;
        private readonly string _good;
        private readonly DateTimeOffset _now;

        public Credentials(InstalledServer server)
        {
            _tokens = server.Get<Tokens>();
            _now = server.Now;
            ServerKey = ((ECDsaSecurityKey)server.Get<SigningKeys>().CurrentAsync(default).AsTask().GetAwaiter().GetResult().Key).ECDsa;
            ClientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var published = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ClientKey));
            var id = ClientId.Parse(InstalledServer.ClientId);
            var stored = server.Get<IProjectStore>().FindClientAsync(id, default).GetAwaiter().GetResult();
            _client = stored! with
            {
                Keys = ClientKeys.Parse($$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{published.X}}","y":"{{published.Y}}"}]}""").Keys!,
            };
            _good = _tokens.IssueAccessAsync(_client, _client.Secret.Fingerprint, default).AsTask().GetAwaiter().GetResult();
            server.Freeze();
        }

        public ECDsa ServerKey { get; }

        public ECDsa ClientKey { get; }

        /// <summary>What it is taken for; null for what is refused everywhere.</summary>
        public string? Take(string token) =>
            OneThread.Wait(() => _tokens.ReadAccessAsync(token).AsTask()) is not null ? "an access token"
            : OneThread.Wait(() => _tokens.ReadAuthAsync(token).AsTask()) is not null ? "an auth token"
            : ClientAssertion.Read(token)?.Judge(_client, [InstalledServer.Origin, InstalledServer.Origin + "/token"], _now)
                is AssertionVerdict.Good ? "an assertion"
            : null;

        public string Bent(byte[] edits, out bool isBent)
        {
            var token = _good.ToCharArray();
            for (var at = 0; at + 1 < edits.Length; at += 2)
            {
                token[edits[at] * token.Length / 256] = (char)edits[at + 1];
            }
            var bent = new string(token);
            // The last character has four bits more than the signature: two writings of it are one token.
            isBent = bent[..^1] != _good[..^1];
            return bent;
        }

        /// <summary>What is taken names its algorithm and has not ended, as another reader than the product's reads it.</summary>
        /// <param name="lines">The header, and in the next line the payload.</param>
        public string? TakeSigned(byte[] lines, ECDsa key)
        {
            var at = Array.IndexOf(lines, (byte)'\n');
            byte[] header = at < 0 ? lines : lines[..at], payload = at < 0 ? [] : lines[(at + 1)..];
            var taken = Take(new SignedParts(key).Of(header, payload));
            if (taken is not null)
            {
                using var first = FirstOf(header);
                using var claims = FirstOf(payload);
                BrokenPromise.Unless(
                    first.RootElement.GetProperty("alg").ValueEquals("ES256")
                        && NumericDate.Of(claims.RootElement.GetProperty("exp")) > _now.ToUnixTimeSeconds(),
                    "a token of another algorithm, or one that has ended, was taken");
            }
            return taken;
        }

        // The library passes over what stands behind it.
        private static JsonDocument FirstOf(byte[] json)
        {
            var reader = new Utf8JsonReader(json);
            return JsonDocument.ParseValue(ref reader);
        }
    }
}
