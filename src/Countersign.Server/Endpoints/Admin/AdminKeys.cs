using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Keys;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Whose key it is: the configuration's, as keyed hashes, and the stored ones.</summary>
internal sealed class AdminKeys(AdminOptions options, SecretHasher hasher, AdminKeyDirectory stored, TimeProvider time)
{
    private readonly (SecretHash Hash, AdminCaller Caller)[] _configured =
    [
        .. options.Keys.Select(key => (
            AdminKeySecrets.HashOf(hasher, new Secret(key.Value)), new AdminCaller(key.Key, options.RightsOf(key.Key)))),
    ];

    /// <summary>Those of the configuration.</summary>
    public IEnumerable<AdminCaller> Configured => _configured.Select(key => key.Caller);

    /// <summary>Who calls with this key; null when it is nobody's, or has ended.</summary>
    /// <exception cref="UnavailableException">It is not the configuration's, and the store is away.</exception>
    public async ValueTask<AdminCaller?> FindAsync(string presented)
    {
        var hash = AdminKeySecrets.HashOf(hasher, new Secret(presented));
        AdminCaller? configured = null;
        // To the end, so that the time does not tell which one it was.
        foreach (var key in _configured)
        {
            configured = key.Hash.Matches(hash) ? key.Caller : configured;
        }
        if (configured is not null)
        {
            return configured;
        }
        AdminKey? found = null;
        foreach (var key in await stored.ListAsync())
        {
            found = key.Hash.Matches(hash) ? key : found;
        }
        // A name means one key: where the configuration has it, that of the store opens nothing.
        return found?.IsOpenAt(time.GetUtcNow()) == true && !options.Keys.ContainsKey(found.Name)
            ? new AdminCaller(found.Name, found.Rights, found.ExpiresAt)
            : null;
    }
}
