namespace Countersign.Core.Administration;

/// <summary>Keeps the keys of the admin API that were made by it.</summary>
public interface IAdminKeyStore
{
    /// <summary>Adds the key; false when there is one with its name, or was.</summary>
    Task<bool> TryAddAsync(AdminKey key, CancellationToken cancellationToken);

    /// <summary>All keys by their names, those that have ended as well.</summary>
    Task<IReadOnlyList<AdminKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Ends the key; false when there is none with this name, or it has been ended before.</summary>
    Task<bool> TryEndAsync(string name, DateTimeOffset at, CancellationToken cancellationToken);
}
