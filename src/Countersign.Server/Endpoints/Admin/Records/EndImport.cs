using System.Diagnostics;
using System.Globalization;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <summary>GET, POST …/commit and DELETE of /admin/records/imports/{id}: how an import stands, and its end.</summary>
internal sealed class EndImport(
    RecordImports imports, IImportStore store, SourceProjects projects, ILogger<RecordImports> logger)
{
    public RequestDelegate Show => AdminEndpoint.OfPath(async call =>
        await store.FindForAsync(call, projects) is { } import
            ? Say(import)
            : Answer.Of(Fault.NotFound));

    public RequestDelegate Commit => AdminEndpoint.OfPath(call => EndAsync(call, imports.CommitAsync));

    public RequestDelegate Abort => AdminEndpoint.OfPath(call => EndAsync(call, imports.AbortAsync));

    private async Task<Answer> EndAsync(AdminCall<HttpRequest> call, Func<long, CancellationToken, Task<EndedImport>> end)
    {
        if (await store.FindForAsync(call, projects) is not { } its)
        {
            return Answer.Of(Fault.NotFound);
        }
        switch (await end(its.Id, call.Aborted))
        {
            case EndedImport.Ended { Import: var import }:
                var counts = import.Counts;
                Log.ImportEnded(
                    logger, import.Id, import.Plan.Source, import.State, counts.Added, counts.Changed, counts.Unchanged,
                    counts.Repeated, counts.Rejected);
                return Say(import);
            case EndedImport.Unknown:
                return Answer.Of(Fault.NotFound);
            case EndedImport.HasBadLines { Import.Counts.Rejected: var bad }:
                return Conflict(
                    $"this import takes all or nothing, and {bad} of its lines are bad; abort it, mend the file and begin again");
            case EndedImport.WasAborted:
                return Conflict("this import has been aborted");
            case EndedImport.WasCommitted:
                return Conflict("this import has been committed");
            default:
                throw new UnreachableException();
        }
    }

    private static Answer Say(RecordImport import) => Answer.Ok(ImportResponse.Of(import), RecordsJson.Answers.ImportResponse);

    private static Answer Conflict(string message) => Answer.Of(Fault.Conflict with { Message = message });
}

internal static class ImportPaths
{
    /// <summary>The import in the path; null when there is none for this key.</summary>
    public static async Task<RecordImport?> FindForAsync<TRequest>(
        this IImportStore store, AdminCall<TRequest> call, SourceProjects projects) =>
        long.TryParse(call.Path("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && await store.FindAsync(id, call.Aborted) is { } import
            && await projects.MaySeeAsync(import, call.Caller.Rights, call.Aborted)
            ? import
            : null;
}
