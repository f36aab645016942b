using System.Globalization;
using Countersign.Core.Identity.Records;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <summary>GET, POST …/commit and DELETE of /admin/records/imports/{id}: how an import stands, and its end.</summary>
internal static class EndImport
{
    public static RequestDelegate Show { get; } = AdminEndpoint.OfPath(call => AnswerAsync(call, (_, id) => call.Service<IImportStore>().FindAsync(id, call.Aborted)));

    public static RequestDelegate Commit { get; } = AdminEndpoint.OfPath(async call => await AnswerAsync(
        call,
        (imports, id) => imports.CommitAsync(id, call.Aborted),
        import => import.State switch
        {
            ImportState.Open => Fault.Conflict with
            {
                Message = $"this import takes all or nothing, and {import.Counts.Bad} of its lines are bad; abort it, mend the file and begin again",
            },
            ImportState.Aborting or ImportState.Aborted => Fault.Conflict with { Message = "this import has been aborted" },
            _ => null,
        }));

    public static RequestDelegate Abort { get; } = AdminEndpoint.OfPath(async call => await AnswerAsync(
        call,
        (imports, id) => imports.AbortAsync(id, call.Aborted),
        import => import.State is ImportState.Settling or ImportState.Done ? Fault.Conflict with { Message = "this import has been committed" } : null));

    private static async Task<Answer> AnswerAsync(
        AdminCall<HttpRequest> call, Func<RecordImports, long, Task<RecordImport?>> change, Func<RecordImport, Fault?>? refusal = null)
    {
        if (ImportPaths.IdOf(call) is not { } id || await change(call.Service<RecordImports>(), id) is not { } import)
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
                call.Service<ILogger<RecordImports>>(), import.Id, import.Plan.Source, import.State, counts.Added, counts.Changed, counts.Unchanged,
                counts.Repeated, counts.Bad);
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
