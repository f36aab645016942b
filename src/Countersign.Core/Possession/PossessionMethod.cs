namespace Countersign.Core.Possession;

/// <summary>A way to prove that one holds a phone, by its name. The transition table knows no method by name.</summary>
public readonly record struct PossessionMethod(string Name)
{
    /// <summary>The mobile network says which number the browser's connection has.</summary>
    public static PossessionMethod MobileAuth { get; } = new("mobile-auth");

    /// <summary>A code by text, typed into the page.</summary>
    public static PossessionMethod Otp { get; } = new("otp");

    /// <summary>A link by text, opened and confirmed on the phone.</summary>
    public static PossessionMethod InstantLink { get; } = new("instant-link");

    /// <summary>A key that the browser keeps from an earlier flow; a passkey is one too.</summary>
    public static PossessionMethod DeviceKey { get; } = new("device-key");

    public override string ToString() => Name;
}
