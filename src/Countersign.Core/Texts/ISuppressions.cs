using Countersign.Core.Keys;

namespace Countersign.Core.Texts;

/// <summary>Persons who said STOP. Senders are compared as <see cref="SenderId.AreOne"/> does, however they were written.</summary>
public interface ISuppressions
{
    /// <param name="sender">
    /// The sender the text is to come from. Null is the gateway's own, of which it may have several: then whoever stopped any sender
    /// counts.
    /// </param>
    Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken);
}

/// <summary>Keeps who said STOP, and to which sender, until they say START.</summary>
public interface ISuppressionList : ISuppressions
{
    /// <param name="sender">The sender they wrote to; null for every sender.</param>
    /// <exception cref="ArgumentException">The sender is nothing but white space and plus signs.</exception>
    Task SuppressAsync(PhoneNumber number, string? sender, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Texts of this sender are welcome again. What was said to every sender is taken back too: nothing narrower was asked for.
    /// </summary>
    /// <param name="sender">The sender they wrote to; null lifts all.</param>
    Task LiftAsync(PhoneNumber number, string? sender, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps what somebody has said while the key of their line changes: at no moment is it not known, and what they say meanwhile is
    /// heard. Nothing of it is left under the former key.
    /// </summary>
    /// <param name="change">
    /// Changes the key to the one that it is given, or destroys it where that is null: nothing was said. Answers the former; null where
    /// there was none.
    /// </param>
    Task KeepAsync(PhoneNumber number, Func<LineKey?, Task<LineKey?>> change, CancellationToken cancellationToken);

    /// <summary>What was said and not lifted, the newest first.</summary>
    /// <param name="number">By this number; null for all.</param>
    Task<IReadOnlyList<Suppression>> ListAsync(PhoneNumber? number, int limit, CancellationToken cancellationToken);
}

/// <summary>One STOP.</summary>
/// <param name="MaskedNumber">As <see cref="PhoneNumber.ToString"/> has it; null where only its hash was kept.</param>
/// <param name="Sender">The sender that was written to, in its compared spelling; null for every sender.</param>
public sealed record Suppression(string? MaskedNumber, string? Sender, DateTimeOffset Since)
{
    public override string ToString() => nameof(Suppression);
}
