namespace Countersign.Core.Unify;

/// <summary>What a unify flow knows beside its possession.</summary>
/// <param name="DeviceId">The device that showed itself in this flow; null until one does.</param>
/// <param name="Rebinds">A device tied to another person is tied to this one instead.</param>
/// <param name="ClientHumanId">The relying party's own id of the person, echoed.</param>
/// <param name="Passkey">The passkey that the browser is at; null when it is at none.</param>
public sealed record UnifyProgress(
    UnifyState State, Guid? DeviceId = null, bool Rebinds = false, string? ClientHumanId = null, AskedPasskey? Passkey = null)
{
    public override string ToString() => State.GetType().Name;
}
