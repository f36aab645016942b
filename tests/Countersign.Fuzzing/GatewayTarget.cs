using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Sms;
using Countersign.Providers.Sms.Twilio;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Fuzzing;

internal static class GatewaySecrets
{
    public const string Kannel = "kannel-inbound-secret-0123456789";
    public const string Twilio = "0123456789abcdef0123456789abcdef";
    public const string Vonage = "vonage-signature-secret-0123456789abcdef";
    public const string Webhook = "webhook-secret-0123456789abcdef0123456789";

    /// <summary>Of the gateways, each of the type of its name.</summary>
    public static IReadOnlyList<string> Names { get; } = ["kannel", "twilio", "vonage", "webhook"];
}

/// <summary>
/// Delivery receipts and what persons write, of each type of gateway, by the addresses that providers call. An input whose header
/// <c>Sign</c> is there is signed as its gateway's provider would; "TOKEN" in the address becomes a receipt token that was given out.
/// </summary>
internal static class GatewayTarget
{
    private const string SignHere = "Sign";
    private const string TokenHere = "TOKEN";

    public static Target Target { get; } = new("gateways", Read);

    private static string Read(byte[] input)
    {
        if (HttpCall.Read(input) is not { } call || !call.Target.StartsWith("/gateways/", StringComparison.Ordinal))
        {
            return Target.NoInput;
        }
        var server = InstalledServer.Shared;
        server.Freeze();
        var gateway = call.Target.Split('/', '?')[2];
        if (call.Target.Contains(TokenHere, StringComparison.Ordinal) && GatewayName.TryParse(gateway, out var name))
        {
            var token = server.Get<IReceiptTokens>().Issue(Guid.Empty, 1, name).Reveal();
            call.Target = call.Target.Replace(TokenHere, token, StringComparison.Ordinal);
        }
        var isSigned = call.Headers.Remove(SignHere);
        if (isSigned)
        {
            Sign(call, gateway, server.Now);
        }

        var reply = server.Send(call).Check();

        // Kannel signs nothing; the secrets of the others are in no input.
        BrokenPromise.Unless(
            isSigned || gateway is not ("twilio" or "vonage" or "webhook") || reply.Status is not (204 or 503),
            $"a forged call of {gateway} was taken: {reply.Status}");
        return reply.ToString();
    }

    private static void Sign(HttpCall call, string gateway, DateTimeOffset now)
    {
        var kind = call.Target.Contains("/receipts/", StringComparison.Ordinal) ? "receipt" : "inbound";
        switch (gateway)
        {
            case "kannel":
                call.Target = call.Target.Replace("SECRET", GatewaySecrets.Kannel, StringComparison.Ordinal);
                break;
            case "twilio":
                call.Headers[TwilioSignature.Header] = TwilioSignature.Sign(
                    InstalledServer.Origin + call.Target, FormFields.Of(call.Body), GatewaySecrets.Twilio);
                break;
            case "vonage":
                call.Headers.Authorization = "Bearer " + VonageToken(call.Body, now);
                break;
            case "webhook":
                call.Headers[Signature.Header] = Signature.Sign(
                    new SignedPlace(kind, call.Target), call.Body, now, [1, 2], [GatewaySecrets.Webhook]);
                break;
        }
    }

    private static string VonageToken(byte[] body, DateTimeOffset now)
    {
        var claims = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"iat":{{now.ToUnixTimeSeconds()}},"payload_hash":"{{Convert.ToHexStringLower(SHA256.HashData(body))}}"}""");
        var signed = Base64UrlEncoder.Encode("""{"alg":"HS256","typ":"JWT"}""") + "." + Base64UrlEncoder.Encode(claims);
        var proof = HMACSHA256.HashData(Encoding.UTF8.GetBytes(GatewaySecrets.Vonage), Encoding.UTF8.GetBytes(signed));
        return signed + "." + Base64UrlEncoder.Encode(proof);
    }
}
