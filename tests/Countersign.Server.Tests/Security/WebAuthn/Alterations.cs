using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Countersign.Server.Tests.Security.WebAuthn;

/// <summary>Answers that are wrong in one thing.</summary>
internal static class Alterations
{
    /// <summary>What an authenticator can say wrong and sign all the same.</summary>
    public static void Change(VirtualAuthenticator authenticator, string thing, string otherType)
    {
        switch (thing)
        {
            case "challenge":
                authenticator.Challenge = challenge => [(byte)(challenge[0] ^ 1), .. challenge[1..]];
                break;
            case "origin":
                authenticator.Origin = "https://login.shop.examplf";
                break;
            case "plain origin":
                authenticator.Origin = "http://login.shop.example";
                break;
            case "cross origin":
                authenticator.ClientData = new JsonObject { ["crossOrigin"] = true };
                break;
            case "top origin":
                authenticator.ClientData = new JsonObject { ["topOrigin"] = "https://stranger.example" };
                break;
            case "relying party":
                authenticator.RelyingPartyId = "shop.examplf";
                break;
            case "type":
                authenticator.Type = otherType;
                break;
            case "nobody present":
                authenticator.Flags = 0x04;
                break;
            case "nobody verified":
                authenticator.Flags = 0x01;
                break;
            case "backed up but not eligible":
                authenticator.Flags = 0x15;
                break;
            case "suddenly eligible for backup":
                authenticator.Flags = 0x0D;
                break;
            case "id":
                authenticator.CredentialId = [(byte)(authenticator.CredentialId[0] ^ 1), .. authenticator.CredentialId[1..]];
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(thing));
        }
    }

    public static IEnumerable<JsonObject> OfEveryByte(JsonObject credential, params string[] members)
    {
        foreach (var member in members)
        {
            foreach (var altered in OfEveryByte(Base64Url.DecodeFromChars(credential["response"]![member]!.GetValue<string>())))
            {
                var copy = credential.DeepClone().AsObject();
                copy["response"]![member] = Base64Url.EncodeToString(altered);
                yield return copy;
            }
        }
    }

    public static IEnumerable<byte[]> OfEveryByte(byte[] bytes)
    {
        for (var place = 0; place < bytes.Length; place++)
        {
            var altered = bytes.ToArray();
            altered[place] ^= 1;
            yield return altered;
        }
    }
}
