namespace Countersign.Core.Tests.Fakes;

/// <summary>Says one moment until it is given another.</summary>
internal sealed class StillClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = Sample.Now;

    public override DateTimeOffset GetUtcNow() => Now;
}
