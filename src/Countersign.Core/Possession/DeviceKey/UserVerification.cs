namespace Countersign.Core.Possession.DeviceKey;

/// <summary>Whether the authenticator makes sure of the person (by finger, face or PIN) or only that somebody is there.</summary>
public enum UserVerification
{
    /// <summary>Where the authenticator can; a proof without it is accepted.</summary>
    Preferred,

    /// <summary>A proof without it is refused.</summary>
    Required,
}
