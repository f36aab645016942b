using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>The admin keys as keyed hashes.</summary>
internal sealed class AdminKeys
{
    private const string HashPurpose = "admin-key";

    private readonly SecretHasher _hasher;
    private readonly (string Name, SecretHash Hash)[] _keys;

    public AdminKeys(AdminOptions options, SecretHasher hasher)
    {
        _hasher = hasher;
        _keys = [.. options.Keys.Select(key => (key.Key, hasher.Hash(HashPurpose, new Secret(key.Value))))];
    }

    /// <summary>The name of a key, or null when it is nobody's.</summary>
    public string? NameOf(string presented)
    {
        var hash = _hasher.Hash(HashPurpose, new Secret(presented));
        string? name = null;
        // To the end, so that the time does not tell which one it was.
        foreach (var key in _keys)
        {
            name = key.Hash.Matches(hash) ? key.Name : name;
        }
        return name;
    }
}
