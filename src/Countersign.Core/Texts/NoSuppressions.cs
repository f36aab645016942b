namespace Countersign.Core.Texts;

/// <summary>Nobody can say STOP: no text of theirs reaches this server.</summary>
public sealed class NoSuppressions : ISuppressions
{
    public Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken) => Task.FromResult(false);
}
