using System.Globalization;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Keys;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage;

/// <summary>What was put where.</summary>
/// <param name="Replaced">Where the store is that was there before; null for none.</param>
public sealed record RestoredFile(StoreFile Backup, string Store, string? Replaced)
{
    public override string ToString() => nameof(RestoredFile);
}

/// <summary>Puts a backup where a server that is stopped looks for its SQLite store.</summary>
public static class StoreRestore
{
    /// <summary>The store is there whole when this returns; when it throws, nothing was changed.</summary>
    /// <param name="services">Of a server as it is configured, which has not been started.</param>
    /// <param name="replaces">True to put it in the place of a store.</param>
    /// <exception cref="ConfigurationException">Refused; the message says why and what to do.</exception>
    public static async Task<RestoredFile> RestoreAsync(this IServiceProvider services, string file, Mode mode, bool replaces)
    {
        var store = TargetOf(services.GetRequiredService<StorageOptions>());
        file = Path.GetFullPath(file);
        if (file == store)
        {
            throw new ConfigurationException($"{file} is the store itself. Name a backup of it.");
        }
        var draft = SqliteFiles.DraftOf(store);
        try
        {
            var backup = Copy(file, draft);
            RefuseOtherMode(backup, file, mode);
            await RefuseOtherKeysAsync(draft, backup, services);
            var replaced = Place(draft, store, replaces, services.GetRequiredKeyedService<TimeProvider>(ClockKeys.Machine));
            return new RestoredFile(backup, store, replaced);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new ConfigurationException($"It cannot be restored to {store}: {exception.Message} Nothing was changed.", exception);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static string TargetOf(StorageOptions options)
    {
        if (!StoreConnection.IsSqlite(options.Store))
        {
            throw new ConfigurationException(
                "Countersign:Store is PostgreSQL, whose backups pg_restore restores. A SQLite store is brought there by "
                    + "Countersign.Server move FILE (docs/backup.md).");
        }
        var (store, _) = StoreConnection.SqliteFilesOf(options.Store);
        return Directory.Exists(Path.GetDirectoryName(store)) ? store
            : throw new ConfigurationException($"The folder of {store} does not exist. Create it or correct Countersign:Store.");
    }

    private static StoreFile Copy(string file, string draft)
    {
        var backup = StoreFile.Read(file);
        using (var connection = StoreFile.Open(file, SqliteOpenMode.ReadOnly))
        {
            StoreFile.Copy(connection, draft, DateTimeOffset.UnixEpoch);
        }
        using var written = new FileStream(draft, FileMode.Open, FileAccess.ReadWrite);
        written.Flush(flushToDisk: true);
        return backup;
    }

    internal static void RefuseOtherMode(StoreFile store, string file, Mode mode)
    {
        if (store.Mode is { } made && made != mode)
        {
            throw new ConfigurationException(
                $"{file} is of a server whose mode is {made}, and Countersign:Mode is {mode}. Nothing was changed.");
        }
    }

    /// <summary>Before anything is put in the place of a store that can be read.</summary>
    internal static async Task RefuseOtherKeysAsync(string file, StoreFile backup, IServiceProvider services)
    {
        await using var database = new SqliteDatabase(SqliteFiles.ConnectionTo(file));
        try
        {
            await new SigningKeyStore(database, services.GetRequiredService<Sealer>(), services.GetRequiredService<RowSeals>())
                .ListAsync(CancellationToken.None);
        }
        catch (CryptographicException exception)
        {
            var ours = string.Join(", ", services.GetRequiredService<KeyRing>().Keys.Keys.Select(key => key.Key.Id));
            throw new ConfigurationException(
                $"This server cannot read it: it is under encryption key {backup.KeyWords}, and the server has {ours}. Without its key "
                    + "nobody reads it, ever: set Countersign:EncryptionKey, or put the key file of its day where Countersign:Keys:File "
                    + "says (in the sandbox the .key file beside the store), and repeat. Nothing was changed.",
                exception);
        }
    }

    /// <returns>Where the former store is now.</returns>
    private static string? Place(string draft, string store, bool replaces, TimeProvider time)
    {
        var there = SqliteFiles.ThereOf(store);
        if (there.Count == 0)
        {
            File.Move(draft, store, overwrite: false);
            return null;
        }
        if (!replaces)
        {
            throw new ConfigurationException(
                $"There is a store at {store}: {string.Join(", ", there.Select(Path.GetFileName))}. With --replace the backup takes its "
                    + "place, and what is there is kept beside it. Nothing was changed.");
        }
        var replaced = store + time.GetUtcNow().ToString("'.replaced-'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        using (HoldIfWhole(store))
        {
            foreach (var file in SqliteFiles.ThereOf(store).Where(file => file != store))
            {
                File.Move(file, replaced + file[store.Length..], overwrite: false);
            }
            if (File.Exists(store))
            {
                // One rename: whoever is cut off leaves the one store or the other, and never none, which a start would make anew.
                File.Replace(draft, store, replaced);
            }
            else
            {
                File.Move(draft, store, overwrite: false);
            }
        }
        return replaced;
    }

    // What SQLite cannot read is the reason why somebody restores; then nobody can use it either.
    private static SqliteConnection? HoldIfWhole(string store)
    {
        try
        {
            return File.Exists(store) ? SqliteFiles.HoldAlone(store) : null;
        }
        catch (SqliteException)
        {
            return null;
        }
    }
}
