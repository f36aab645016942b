using System.Data.Common;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Administration;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage;

/// <summary>
/// Copies the file by <c>VACUUM INTO</c>: one reader, which with a write-ahead log holds up neither the writer nor other readers, and which
/// leaves out what was deleted. The copy lies beside the store until it was handed on.
/// </summary>
internal sealed class SqliteBackups(SqliteDatabase database, TimeProvider time) : IStoreBackups, IDisposable
{
    private static readonly TimeSpan _retryAfter = TimeSpan.FromMinutes(1);

    // One at a time: each takes the disk and a core for itself.
    private readonly SemaphoreSlim _turn = new(1);

    public async Task<StoreBackup?> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // SQLite works on the caller's thread, for minutes where the store is large.
            return await Task.Run(Take, cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException or ConfigurationException)
        {
            throw new UnavailableException(
                "The backup cannot be taken: look whether there is room for a second copy beside the store.", _retryAfter, exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task NoteAsync(DateTimeOffset takenAt, CancellationToken cancellationToken) => database.WriteAsync(
        [
            new Statement(
                """
                INSERT INTO settings (name, value) VALUES (@name, @value)
                ON CONFLICT (name) DO UPDATE SET value = max(settings.value, excluded.value)
                """,
                ("@name", StoreFacts.BackupMark), ("@value", takenAt.ToUnixTimeMilliseconds())),
        ],
        cancellationToken);

    public void Dispose() => _turn.Dispose();

    private StoreBackup Take()
    {
        var draft = SqliteFiles.DraftOf(database.Path);
        try
        {
            var takenAt = time.GetUtcNow();
            using (var store = StoreFile.Open(database.Path, SqliteOpenMode.ReadOnly))
            {
                StoreFile.Copy(store, draft, takenAt);
            }
            var schema = StoreFile.Read(draft).Schema;
            var content = new FileStream(draft, new FileStreamOptions
            {
                Access = FileAccess.Read, Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            });
            var digest = SHA256.HashData(content);
            content.Position = 0;
            return new StoreBackup(content, digest, takenAt, schema);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }
}

/// <summary>PostgreSQL has <c>pg_dump</c> and base backups.</summary>
internal sealed class NoBackups : IStoreBackups
{
    public Task<StoreBackup?> TakeAsync(CancellationToken cancellationToken) => Task.FromResult<StoreBackup?>(null);

    public Task NoteAsync(DateTimeOffset takenAt, CancellationToken cancellationToken) => Task.CompletedTask;
}
