using System.Globalization;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <summary>GET, POST …/commit and DELETE of /admin/records/imports/{id}: how an import stands, and its end.</summary>
internal sealed class EndImport(RecordImports imports, IImportStore store, ILogger<RecordImports> logger)
{
    public RequestDelegate Show => AdminEndpoint.OfPath(call => AnswerAsync(call, id => store.FindAsync(id, call.Aborted)));

    public RequestDelegate Commit => AdminEndpoint.OfPath(async call => await AnswerAsync(
        call,
        id => imports.CommitAsync(id, call.Aborted),
        import => import.State switch
        {
            ImportState.Open => Fault.Conflict with
            {
                Message = $"this import takes all or nothing, and {import.Counts.Rejected} of its lines are bad; "
                    + "abort it, mend the file and begin again",
            },
            ImportState.Aborting or ImportState.Aborted => Fault.Conflict with { Message = "this import has been aborted" },
            _ => null,
        }));

    public RequestDelegate Abort => AdminEndpoint.OfPath(async call => await AnswerAsync(
        call,
        id => imports.AbortAsync(id, call.Aborted),
        import => import.State is ImportState.Settling or ImportState.Done
            ? Fault.Conflict with { Message = "this import has been committed" } : null));

    private async Task<Answer> AnswerAsync(
        AdminCall<HttpRequest> call, Func<long, Task<RecordImport?>> change, Func<RecordImport, Fault?>? refusal = null)
    {
        if (ImportPaths.IdOf(call) is not { } id || await change(id) is not { } import)
        {
            return Answer.Of(Fault.NotFound);
        }
        if (refusal?.Invoke(import) is { } fault)
        {
            return Answer.Of(fault);
        }
        if (refusal is not null)
        {
            var counts = import.Counts;
            Log.ImportEnded(
                logger, import.Id, import.Plan.Source, import.State, counts.Added, counts.Changed, counts.Unchanged,
                counts.Repeated, counts.Rejected);
        }
        return Answer.Ok(ImportResponse.Of(import), RecordsJson.Answers.ImportResponse);
    }
}

internal static class ImportPaths
{
    /// <summary>The id in the path; null when it is none.</summary>
    public static long? IdOf<TRequest>(AdminCall<TRequest> call) =>
        long.TryParse(call.Path("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
