namespace Countersign.Core.Keys;

/// <summary>Where an installation's keys are kept (<c>Keys:File</c>): never in its database.</summary>
public interface IKeyStore
{
    /// <summary>The keys as they are now.</summary>
    /// <exception cref="KeyStoreException">They cannot be read.</exception>
    KeySet Read();

    /// <summary>Puts these in the place of what is kept, whole or not at all.</summary>
    /// <exception cref="KeyStoreException">They cannot be written; the message tells what to do.</exception>
    void Write(KeySet keys);
}

/// <summary>The keys cannot be read or written; the message is for who operates the server.</summary>
public sealed class KeyStoreException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>A key that is kept in the configuration alone: it is the only one.</summary>
public sealed class ConfiguredKeyStore(MasterKey key) : IKeyStore
{
    private readonly KeySet _keys = KeySet.Of(key);

    public KeySet Read() => _keys;

    public void Write(KeySet keys) => throw new KeyStoreException(
        "The only key stands in Countersign:EncryptionKey. Set Countersign:Keys:File to the file that is to keep the keys from now on.");
}
