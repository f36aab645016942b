namespace Countersign.Core.Pumping;

/// <summary>What a flow keeps of its first text to a number, so that a proof counts where the text did.</summary>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="IsHeld">A rule has found something; where it does not refuse, the proof does not count either.</param>
/// <param name="Address">The address that asked for it, as it is counted; null when it is not known.</param>
public sealed record PumpingMark(DateTimeOffset AskedAt, bool IsHeld, SecretHash? Address)
{
    public override string ToString() => IsHeld ? "held" : "let through";
}
