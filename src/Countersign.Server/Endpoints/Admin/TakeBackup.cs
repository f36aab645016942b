using System.Globalization;
using Countersign.Core.Administration;
using Countersign.Server.Endpoints.Http;
using Microsoft.Extensions.Primitives;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/backup: the whole SQLite store, as it is at one moment.</summary>
internal sealed class TakeBackup(IStoreBackups backups, ILogger<TakeBackup> logger) : IEndpoint
{
    /// <summary>Says what the content's bytes come to (RFC 9530), so that who keeps it knows that it is whole.</summary>
    public const string DigestHeader = "Repr-Digest";

    public const string MediaType = "application/vnd.sqlite3";

    public RequestDelegate Endpoint => AdminEndpoint.OfFile(async call =>
    {
        await using var backup = await backups.TakeAsync(call.Aborted);
        if (backup is null)
        {
            return Answer.Of(Fault.Conflict with
            {
                Message = "this server's store is PostgreSQL, whose backups pg_dump takes (docs/backup.md)",
            });
        }
        var response = call.Context.Response;
        var name = backup.TakenAt.ToString("'countersign-'yyyyMMdd'T'HHmmss'Z.db'", CultureInfo.InvariantCulture);
        response.ContentType = MediaType;
        response.ContentLength = backup.Content.Length;
        response.Headers.LastModified = backup.TakenAt.ToString("R", CultureInfo.InvariantCulture);
        response.Headers.ContentDisposition = $"attachment; filename={name}";
        response.Headers[DigestHeader] = new StringValues($"sha-256=:{Convert.ToBase64String(backup.Digest.Span)}:");
        await backup.Content.CopyToAsync(response.Body, call.Aborted);
        await backups.NoteAsync(backup.TakenAt, CancellationToken.None);
        Log.BackupTaken(logger, call.Caller.Name, backup.Content.Length);
        return null;
    });
}
