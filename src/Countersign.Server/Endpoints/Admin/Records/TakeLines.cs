using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <summary>POST /admin/records/imports/{id}/lines: a piece of the file, as it stands in it.</summary>
internal sealed class TakeLines(RecordImports imports, IImportStore store, SourceProjects projects) : IEndpoint
{
    // More than is taken, so that the refusal says what to change.
    private const long MaxBytesRead = 8L * ImportLines.MaxBytes;

    public RequestDelegate Endpoint => AdminEndpoint.OfStream(
        query => query.Read(RecordMembers.FirstLineOfPiece), HandleAsync, MaxBytesRead);

    private async Task<Answer> HandleAsync(AdminCall<long> call)
    {
        if (!(await RequestBody.ReadBytesAsync(call.Context.Request, ImportLines.MaxBytes)).Is(out var piece, out var fault))
        {
            return Answer.Of(fault);
        }
        if (await store.FindForAsync(call, projects) is not { Id: var id })
        {
            return Answer.Of(Fault.NotFound);
        }
        return await imports.TakeAsync(id, ByteOrderMark.Without(piece), call.Request, call.Aborted) switch
        {
            PieceOutcome.Taken taken => Answer.Ok(LinesResponse.Of(taken), RecordsJson.Answers.LinesResponse),
            PieceOutcome.TooManyRecords => Answer.Of(Fault.Malformed($"a piece has at most {ImportLines.MaxRecords} records")),
            PieceOutcome.LinesMissing missing => Answer.Of(Fault.Conflict with { Message = $"line {missing.NextLine} is to come next" }),
            PieceOutcome.NotOpen => Answer.Of(Fault.Conflict with { Message = "this import takes no more lines: it has ended" }),
            _ => Answer.Of(Fault.NotFound),
        };
    }
}
