namespace Countersign.Core.Identity;

/// <summary>Knows whose number a number is.</summary>
public interface IIdentitySource
{
    /// <summary>Never throws for what the world may do: a source that cannot be reached answers <see cref="IdentityAnswer.SourceDown"/>.</summary>
    Task<IdentityAnswer> MatchAsync(PhoneNumber number, PersonName name, CancellationToken cancellationToken);
}
