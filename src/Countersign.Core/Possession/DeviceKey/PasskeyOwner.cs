namespace Countersign.Core.Possession.DeviceKey;

/// <summary>Whose passkey it is to be.</summary>
/// <param name="Id">An id of ours, 1 to 64 bytes of UTF-8 (WebAuthn, "user handle"). An authenticator keeps one passkey for an id: a second
/// one replaces the first.</param>
/// <param name="DisplayName">What the person sees when they choose between passkeys.</param>
public sealed record PasskeyOwner(string Id, string DisplayName)
{
    public override string ToString() => nameof(PasskeyOwner);
}
