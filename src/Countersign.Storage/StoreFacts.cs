using Countersign.Core;
using Countersign.Core.Administration;

namespace Countersign.Storage;

/// <summary>What a store that answers says of itself.</summary>
/// <param name="Schema">The newest of its scripts.</param>
/// <param name="Lacking">How many scripts of this version it has not seen: the next start applies them.</param>
/// <param name="Problem">It is a newer version's; null where it is not.</param>
/// <param name="Mode">Null where no server has used it.</param>
/// <param name="Skew">How far the machine's clock is ahead of the store's; null where the store has no other.</param>
public sealed record StoreFacts(
    string Schema, int Lacking, string? Problem, Mode? Mode, TimeSpan? Skew)
{
    /// <summary>The name in <c>settings</c> under which the moment of the last backup stands, in Unix milliseconds.</summary>
    internal const string BackupMark = "backup_taken";

    /// <summary>The last backup that was taken by this server and has arrived; null for none, and where others take them.</summary>
    public DateTimeOffset? BackupTakenAt { get; init; }

    /// <summary>False on PostgreSQL, which has tools of its own: nobody tells of their backups here.</summary>
    public bool TakesBackups { get; init; } = true;

    /// <summary>Whether there is a store to look at. On SQLite the first start makes it; to ask would make it, too.</summary>
    public static bool IsThere(StorageOptions options) => !StoreConnection.IsSqlite(options.Store) || File.Exists(PathOf(options));

    /// <summary>Where a SQLite store is.</summary>
    public static string PathOf(StorageOptions options) => StoreConnection.SqliteFilesOf(options.Store).Database;

    public override string ToString() => nameof(StoreFacts);
}

public static class StoreLook
{
    /// <summary>
    /// Finds out which rows may be without a seal. To be called by who only looks, before the first row is read; a store that cannot say is
    /// looked at all the same.
    /// </summary>
    public static async Task BeginLookAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        try
        {
            await services.BeginRowSealsAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsOfStore(exception))
        {
            // The look itself tells it.
        }
    }

    private static bool IsOfStore(Exception exception) => exception is UnavailableException || Failures.IsOfOpening(exception);

    /// <summary>Reads what a store says of itself, of whatever version it is, and changes nothing. Throws what the store throws.</summary>
    public static async Task<StoreFacts> LookAtStoreAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<IDatabase>();
        var applied = await database.ReadAsync(
            new Statement("SELECT ScriptName FROM SchemaVersions"), row => row.GetString(0), cancellationToken);
        var folder = services.GetService<PostgresDatabase>() is null ? "Sqlite" : "Postgres";
        var ofStore = applied.Where(name => Path.GetDirectoryName(name) == $"Migrations/{folder}").ToList();
        if (Migrations.ProblemOf(applied) is { } problem)
        {
            return new StoreFacts(Migrations.VersionOf(ofStore), 0, problem, Mode: null, Skew: null);
        }
        var marks = (await database.ReadAsync(
            new Statement("SELECT name, value FROM settings"), row => (Name: row.GetString(0), Value: row.GetInt64(1)), cancellationToken))
            .ToDictionary(mark => mark.Name, mark => mark.Value, StringComparer.Ordinal);
        await services.MeasureStoreClockAsync(cancellationToken);
        return new StoreFacts(
            Migrations.VersionOf(ofStore), Migrations.Known(folder).Except(ofStore, StringComparer.Ordinal).Count(), null,
            marks.TryGetValue("mode", out var mode) ? (Mode)mode : null, services.GetService<StoreClock>()?.Skew)
        {
            BackupTakenAt = marks.TryGetValue(StoreFacts.BackupMark, out var at) ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            TakesBackups = services.GetRequiredService<IStoreBackups>() is not NoBackups,
        };
    }
}
