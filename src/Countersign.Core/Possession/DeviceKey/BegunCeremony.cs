namespace Countersign.Core.Possession.DeviceKey;

/// <summary>A question for an authenticator.</summary>
/// <param name="OptionsJson">For the browser: WebAuthn's creation or request options, binary members as base64url text.</param>
/// <param name="State">
/// For whoever finishes the ceremony: holds its challenge. It must be kept where the browser can neither read nor choose it, and be taken
/// away by the first attempt to finish, whatever the outcome, or one answer would prove twice.
/// </param>
public sealed record BegunCeremony(string OptionsJson, string State)
{
    public override string ToString() => nameof(BegunCeremony);
}
