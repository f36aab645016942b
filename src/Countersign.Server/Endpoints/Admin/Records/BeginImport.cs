using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <summary>POST /admin/records/imports: says what is going to come.</summary>
internal sealed class BeginImport(RecordImports imports, SourceProjects projects, INumberReader numbers, ILogger<RecordImports> logger)
    : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync, judge: JudgeAsync);

    private (ImportPlan Plan, long FirstLine) Read(RequestBody body)
    {
        var source = body.Read(RecordMembers.Source);
        var format = body.Read(RecordMembers.Format);
        var columns = body.Read(RecordMembers.Columns);
        CheckColumns(body, format, columns);
        var plan = new ImportPlan(
            source, format.GetValueOrDefault(), columns, body.Read(RecordMembers.Delimiter),
            body.Read(
                RecordMembers.Country, also: country => numbers.Knows(country!) ? null : "is no country whose numbering plan is known"),
            body.Read(RecordMembers.DryRun), body.Read(RecordMembers.AllOrNothing), body.Read(RecordMembers.Projects));
        return (plan, body.Read(RecordMembers.FirstLine));
    }

    private static void CheckColumns(RequestBody body, ImportFormat? format, IReadOnlyList<string> columns)
    {
        var member = RecordMembers.Columns;
        if (format == ImportFormat.Csv && body.IsGiven(member))
        {
            foreach (var field in RecordFields.Required.Where(field => !columns.Contains(field, StringComparer.Ordinal)))
            {
                body.Invalid(member, $"needs {field}");
            }
            if (columns.Where(column => column.Length > 0).GroupBy(column => column, StringComparer.Ordinal)
                .FirstOrDefault(same => same.Count() > 1) is { } twice)
            {
                body.Invalid(member, $"has {twice.Key} twice");
            }
        }
        else if (format == ImportFormat.Csv)
        {
            body.Missing(member);
        }
        else if (format == ImportFormat.JsonLines && body.IsGiven(member))
        {
            body.Invalid(member, "is for csv; lines of JSON name their fields");
        }
    }

    private Task<IReadOnlyList<Fault>> JudgeAsync(AdminCall<(ImportPlan Plan, long FirstLine)> call) =>
        projects.FaultsOfAsync(call.Request.Plan.Projects ?? [], call.Caller.Rights, call.Aborted);

    private async Task<Answer> HandleAsync(AdminCall<(ImportPlan Plan, long FirstLine)> call)
    {
        var (plan, firstLine) = call.Request;
        var rights = call.Caller.Rights;
        if (!(await projects.OfImportAsync(plan.Projects ?? [], rights, call.Aborted)).Is(out var its, out var fault))
        {
            return Answer.Of(fault);
        }
        if (!await projects.MayGiveAsync(plan.Source, rights, call.Aborted))
        {
            return NotVisible($"the source '{plan.Source}' is not of this key's projects alone; choose another name");
        }

        var outcome = await imports.BeginAsync(plan with { Projects = its }, firstLine, call.Aborted);
        if (outcome is BegunImport.NotVisible { Visibility: var visibility })
        {
            return NotVisible(rights.IsLimited
                ? $"the source '{plan.Source}' is not seen by all of these projects; choose another name"
                : $"the source '{plan.Source}' is seen by {visibility}: assign it to the projects of this import first "
                    + "(countersign records assign), or choose another name");
        }
        if (outcome is BegunImport.Refused { InTheWay: var inTheWay })
        {
            return Answer.Of(Fault.Conflict with
            {
                Message = inTheWay switch
                {
                    { State: ImportState.Settling } =>
                        $"import {inTheWay.Id} of this source is still being put in place; try again in some seconds",
                    { } => $"import {inTheWay.Id} of this source is open; commit or abort it first",
                    null => "another import of this source has just ended; try again",
                },
            });
        }
        var begun = ((BegunImport.Begun)outcome).Import;
        Log.ImportBegun(logger, begun.Id, plan.Source, plan.IsDryRun, plan.IsAllOrNothing);
        return Answer.Ok(ImportResponse.Of(begun), RecordsJson.Answers.ImportResponse);
    }

    private static Answer NotVisible(string message) => Answer.Of(Fault.Conflict with { Message = message });
}
