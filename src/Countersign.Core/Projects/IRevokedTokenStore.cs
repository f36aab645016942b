namespace Countersign.Core.Projects;

/// <summary>Keeps which access tokens were given up before their time, until that time comes.</summary>
public interface IRevokedTokenStore
{
    /// <summary>Durable when this returns. A token that is there already stays as it is.</summary>
    Task AddAsync(RevokedToken token, CancellationToken cancellationToken);

    /// <summary>Those that were revoked at this moment or later.</summary>
    Task<IReadOnlyList<RevokedToken>> ListAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Forgets those whose time has come: they open nothing by themselves.</summary>
    /// <returns>How many, at most <paramref name="limit"/>.</returns>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}

/// <param name="Id">Its <c>jti</c>; <see cref="All"/> for every token that was issued before.</param>
public sealed record RevokedToken(string Id, DateTimeOffset RevokedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>No token's id.</summary>
    public const string All = "*";

    public override string ToString() => nameof(RevokedToken);
}
