using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Erasure;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// POST /admin/person/export: all that is held of a number, to be given to the person whose it is. It stands in a body, never in an
/// address.
/// </summary>
internal sealed class ExportPerson(PersonExport export, INumberPlan plan, ILogger<PersonExport> logger) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(
        body => new ExportRequest(LookUp.ReadNumber(body, plan, isRequired: true).GetValueOrDefault()), HandleAsync);

    private async Task<Answer> HandleAsync(AdminCall<ExportRequest> call)
    {
        var held = await export.FindAsync(call.Request.PhoneNumber, call.Aborted);
        var response = new PersonResponse(
            call.Request.PhoneNumber.E164, held.At,
            [.. HeldEntries.Of(held).Select(of => new HeldClassView(of.Class.Name, of.Class.From, of.Class.Kept, [.. of.Entries]))]);
        Log.PersonExported(logger, call.Caller.Name, response.Classes.Sum(of => of.Entries.Count));
        return Answer.Ok(response, AdminJson.Answers.PersonResponse);
    }
}

internal sealed record ExportRequest(PhoneNumber PhoneNumber)
{
    public override string ToString() => "***";
}

/// <param name="Classes">All there are, also those of which nothing is held.</param>
internal sealed record PersonResponse(string PhoneNumber, DateTimeOffset ExportedAt, IReadOnlyList<HeldClassView> Classes)
{
    public override string ToString() => "***";
}

/// <param name="From">Where it is from.</param>
/// <param name="Kept">Until when it is kept.</param>
internal sealed record HeldClassView(string Class, string From, string Kept, IReadOnlyList<JsonObject> Entries)
{
    public override string ToString() => nameof(HeldClassView);
}
