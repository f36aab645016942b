using System.Text.Json.Serialization;

namespace Countersign.Core.Unify;

/// <summary>What a unify flow knows beside its possession.</summary>
/// <param name="DeviceId">The device that showed itself in this flow; null until one does.</param>
/// <param name="Rebinds">A device tied to another person is tied to this one instead.</param>
/// <param name="ClientHumanId">The relying party's own id of the person, echoed.</param>
/// <param name="Passkey">The passkey that the browser is at; null when it is at none.</param>
/// <param name="AskedFor">The proveId that the flow began with: it is about this person and no other. Null when it began with a number
/// alone.</param>
/// <param name="KeyHolder">Whom the device's key or passkey belonged to when it was proven; null when none proved the flow.</param>
/// <param name="RememberedFor">Whom the device was tied to already when it showed itself; null when to nobody.</param>
public sealed record UnifyProgress(
    UnifyState State, Guid? DeviceId = null, bool Rebinds = false, string? ClientHumanId = null, AskedPasskey? Passkey = null,
    Guid? AskedFor = null, Guid? KeyHolder = null, Guid? RememberedFor = null) : ProductState
{
    [JsonIgnore]
    public override Product Product => Product.Unify;

    [JsonIgnore]
    public override bool IsDecided => State is UnifyState.Done;

    [JsonIgnore]
    public override DateTimeOffset? Deadline => (State as UnifyState.Binding)?.LeaseExpiresAt;

    public override string ToString() => State.GetType().Name;
}
