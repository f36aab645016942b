using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core.Possession.DeviceKey;

namespace Countersign.Server.Security.WebAuthn;

/// <summary>What a ceremony was begun with, so that it cannot be finished as another, nor with less.</summary>
/// <param name="RelyingParty">The domain.</param>
/// <param name="Challenge">The state of the framework's handler.</param>
/// <param name="Allowed">Ids (base64url) of the passkeys that were asked for; null when any may be used, or a new one is to be
/// made.</param>
/// <param name="Counters">What each of these had counted by then; null where it is not known.</param>
internal sealed record CeremonyState(
    Ceremony Ceremony, string RelyingParty, UserVerification Verification, string Challenge, IReadOnlyList<string>? Allowed = null,
    IReadOnlyList<uint>? Counters = null)
{
    /// <summary>What a passkey had counted when it was asked for; null when that is not known.</summary>
    public uint? CounterOf(string id) =>
        Allowed?.Zip(Counters ?? []).Where(one => one.First == id).Select(one => (uint?)one.Second).FirstOrDefault();

    /// <summary>Returns null when the text is no state of this ceremony for this relying party.</summary>
    public static CeremonyState? Read(string text, Ceremony ceremony, PasskeyRelyingParty relyingParty)
    {
        try
        {
            return JsonSerializer.Deserialize(text, CeremonyStateJson.Default.CeremonyState) is { } state
                && state.Ceremony == ceremony && state.RelyingParty == relyingParty.Id ? state : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Write() => JsonSerializer.Serialize(this, CeremonyStateJson.Default.CeremonyState);

    public override string ToString() => nameof(CeremonyState);
}

/// <summary>What is asked of an authenticator.</summary>
internal enum Ceremony
{
    /// <summary>To make a passkey (<c>navigator.credentials.create</c>).</summary>
    Registration,

    /// <summary>To prove that it holds one (<c>navigator.credentials.get</c>).</summary>
    Assertion,
}

[JsonSerializable(typeof(CeremonyState))]
[JsonSourceGenerationOptions(UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class CeremonyStateJson : JsonSerializerContext;
