using System.Runtime.InteropServices;

namespace Countersign.Core.Pumping;

/// <summary>Whose texts are counted.</summary>
public enum TrafficKind
{
    /// <summary>Numbers that differ in their last four digits alone. Item <see cref="TrafficItem.Flows"/>.</summary>
    Prefix,

    /// <summary>All numbers of a country. Items <see cref="TrafficItem.Flows"/> and <see cref="TrafficItem.Texts"/>.</summary>
    Country,

    /// <summary>A thousand neighbouring numbers. An item is a number.</summary>
    Block,

    /// <summary>Whoever browses from an address. An item is a prefix.</summary>
    Address,
}

/// <summary>What a cell of a prefix or a country counts.</summary>
public static class TrafficItem
{
    /// <summary>Numbers that a flow has sent its first text to, and how many of them were proven.</summary>
    public const long Flows = 0;

    /// <summary>All texts, repeated ones too.</summary>
    public const long Texts = 1;
}

/// <summary>What is counted together: a keyed hash, so that a stolen database names nobody.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TrafficKey(TrafficKind Kind, SecretHash Hash)
{
    // The ten minutes of a sequence are counted by the minute.
    public TimeSpan Width => Kind == TrafficKind.Block ? TimeSpan.FromMinutes(1) : TimeSpan.FromMinutes(5);

    /// <summary>How long it may count.</summary>
    public TimeSpan KeptFor => Kind switch
    {
        TrafficKind.Block => PumpingRules.SequenceWindow + Width,
        TrafficKind.Address => PumpingRules.AddressWindow + Width,
        _ => TimeSpan.FromDays(8) + TimeSpan.FromHours(1),
    };

    /// <summary>The cell that a moment belongs to.</summary>
    public DateTimeOffset CellOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Width.Ticks), TimeSpan.Zero);

    public override string ToString() => Kind.ToString();
}

/// <summary>What was counted in a few minutes.</summary>
/// <param name="At">When they began.</param>
/// <param name="Item">What of it (<see cref="TrafficItem"/>, or a tag of a number or a prefix).</param>
/// <param name="Asked">Texts that were asked for.</param>
/// <param name="Proven">How many of them have led to a proof, whenever that came.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TrafficCell(DateTimeOffset At, long Item, long Asked, long Proven);

/// <summary>A cell of a key.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TrafficRow(TrafficKey Key, TrafficCell Cell)
{
    public override string ToString() => Key.ToString();
}
