namespace Countersign.Core.Keys;

/// <summary>Keeps the private keys that sign tokens, encrypted.</summary>
public interface ISigningKeyStore
{
    /// <summary>
    /// Adds the key unless another with its id is there already, and returns the one that is there now: of many nodes that start at once,
    /// one wins and all use its key.
    /// </summary>
    /// <param name="privateKey">PKCS#8.</param>
    Task<SigningKey> GetOrAddAsync(string keyId, byte[] privateKey, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>All keys, newest first.</summary>
    Task<IReadOnlyList<SigningKey>> ListAsync(CancellationToken cancellationToken);

    Task RemoveAsync(string keyId, CancellationToken cancellationToken);
}

/// <param name="PrivateKey">PKCS#8, in clear.</param>
public sealed record SigningKey(string Id, byte[] PrivateKey, DateTimeOffset CreatedAt)
{
    public override string ToString() => Id;
}
