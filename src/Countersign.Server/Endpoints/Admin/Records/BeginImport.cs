using Countersign.Core;
using Countersign.Core.Identity.Records;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <summary>POST /admin/records/imports: says what is going to come.</summary>
internal sealed class BeginImport(RecordImports imports, INumberReader numbers, ILogger<RecordImports> logger) : IEndpoint
{
    public const string Csv = "csv";
    public const string JsonLines = "jsonl";
    public const int MostColumns = 200;
    public const string SourcePattern = "^[a-z0-9._-]{1,64}$";

    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync);

    private static (ImportPlan Plan, long FirstLine) Read(RequestBody body)
    {
        _ = SourceName.TryParse(body.Text("source", isRequired: true, SourceName.ProblemOf), out var source);
        var format = body.Text("format", isRequired: true, text => text is Csv or JsonLines ? null : $"must be {Csv} or {JsonLines}") ?? "";
        var columns = body.Texts("columns", MostColumns, text => text.Length == 0 || RecordFields.IndexOf(text) >= 0
            ? null
            : $"is no field of a record; the fields are {string.Join(", ", RecordFields.All)}, and \"\" passes a column over");
        if (format == Csv && body.IsGiven("columns"))
        {
            foreach (var field in RecordFields.Required.Where(field => !columns.Contains(field, StringComparer.Ordinal)))
            {
                body.Invalid("columns", $"needs {field}");
            }
            if (columns.Where(column => column.Length > 0).GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            {
                body.Invalid("columns", $"has {twice.Key} twice");
            }
        }
        else if (format == Csv)
        {
            body.Missing("columns");
        }
        else if (format == JsonLines && body.IsGiven("columns"))
        {
            body.Invalid("columns", "is for csv; lines of JSON name their fields");
        }
        var delimiter = body.Text("delimiter", check: text => text is "," or ";" or "\t" ? null : "must be a comma, a semicolon or a tab") ?? ",";
        var country = body.Text("country", check: text => text.Length == 2 && text.All(char.IsAsciiLetterUpper) ? null : "must be two capital letters (ISO 3166-1)");
        var plan = new ImportPlan(
            source, format == JsonLines ? ImportFormat.JsonLines : ImportFormat.Csv, columns, delimiter[0], country, body.Flag("dryRun"), body.Flag("allOrNothing"));
        var firstLine = body.IsGiven("firstLine") ? body.Number("firstLine", 1, int.MaxValue) ?? 1 : 1;
        return (plan, firstLine);
    }

    private async Task<Answer> HandleAsync(AdminCall<(ImportPlan Plan, long FirstLine)> call)
    {
        var (plan, firstLine) = call.Request;
        if (plan.Country is { } country && !numbers.Knows(country))
        {
            return Answer.Of(Fault.Invalid("country", "is no country whose numbering plan is known"));
        }

        var (begun, inTheWay) = await imports.BeginAsync(plan, firstLine, call.Aborted);
        if (begun is null)
        {
            return Answer.Of(Fault.Conflict with
            {
                Message = inTheWay switch
                {
                    { State: ImportState.Settling } => $"import {inTheWay.Id} of this source is still being put in place; try again in some seconds",
                    { } => $"import {inTheWay.Id} of this source is open; commit or abort it first",
                    null => "another import of this source has just ended; try again",
                },
            });
        }
        Log.ImportBegun(logger, begun.Id, plan.Source, plan.IsDryRun, plan.IsAllOrNothing);
        return Answer.Ok(ImportResponse.Of(begun), RecordsJson.Answers.ImportResponse);
    }
}
