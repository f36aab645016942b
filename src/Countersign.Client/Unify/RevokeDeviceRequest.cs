namespace Countersign.Client;

/// <summary>Which device is to be forgotten.</summary>
public sealed record RevokeDeviceRequest
{
    /// <summary>Your id for this call.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public required string ClientRequestId { get; init; }

    /// <summary>The device, as a unify status answered it.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The device.</summary>
    public override string ToString() => $"{nameof(RevokeDeviceRequest)} {{ DeviceId = {DeviceId} }}";
}
