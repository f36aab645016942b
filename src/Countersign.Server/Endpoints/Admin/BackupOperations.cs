using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoint promises about backups.</summary>
internal static class BackupOperations
{
    public static Operation Take { get; } = new()
    {
        Id = "takeBackup",
        Tag = "backup",
        Summary = "Take a backup of the whole store",
        Description =
            "The SQLite store as it is at one moment, in one file, without what was deleted and without the keys that it is encrypted "
            + "with. Calls go on meanwhile. The copy is made beside the store, which needs room for it, and read through once before the "
            + $"first byte is sent; `Last-Modified` says of when it is, `{TakeBackup.DigestHeader}` (RFC 9530) what its SHA-256 is. A "
            + "store on PostgreSQL has tools of its own (409).",
        Credentials = Document.AdminKey,
        Success = new Reply(StatusCodes.Status200OK, "The backup.", Example: "SQLite format 3") { FileType = TakeBackup.MediaType },
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.Conflict, Fault.TooManyRequests],
    };
}
