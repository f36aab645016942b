namespace Countersign.Core.Texts;

/// <summary>Persons who said STOP.</summary>
public interface ISuppressions
{
    /// <param name="sender">The sender they wrote to counts; null asks for those who stopped every sender.</param>
    Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken);
}
