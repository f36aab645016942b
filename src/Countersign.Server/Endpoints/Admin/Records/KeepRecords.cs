using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <summary>GET /admin/records/sources: whose records are kept.</summary>
internal sealed class ListSources(IPersonRecords records) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        var sources = await records.ListSourcesAsync(call.Aborted);
        return Answer.Ok(
            new SourcesResponse([.. sources.Select(source => new SourceView(source.Name.ToString(), source.Records, source.LastImportAt))]),
            RecordsJson.Answers.SourcesResponse);
    });
}

/// <summary>POST /admin/records/remove: erases a number or a source. A number stands in a body, never in an address.</summary>
internal sealed class RemoveRecords(IPersonRecords records, INumberPlan plan, TimeProvider time, ILogger<RecordImports> logger)
    : IEndpoint
{
    // Small, since on SQLite a removal holds the one writer.
    private const int AtOnce = 250;

    // Proxies do not wait for ever; the caller asks again until it is done.
    private static readonly TimeSpan _maxWait = TimeSpan.FromSeconds(5);

    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync);

    private static RemoveRequest Read(RequestBody body)
    {
        var (source, phone) = (RecordMembers.SourceToErase, AdminMembers.PhoneNumber);
        var request = new RemoveRequest(body.Read(source), body.Read(phone));
        if (body.IsGiven(source) == body.IsGiven(phone))
        {
            body.Invalid(source, $"one of {source} and {phone} must be given, and not both");
        }
        return request;
    }

    private async Task<Answer> HandleAsync(AdminCall<RemoveRequest> call)
    {
        if (call.Request.PhoneNumber is { } phone)
        {
            if (plan.Read(phone) is not { } number)
            {
                return NumberInBody.Refusal;
            }
            var ofNumber = await records.RemoveAsync(number, call.Aborted);
            Log.NumberRemoved(logger, ofNumber);
            return Answer.Ok(new RemoveResponse(ofNumber, IsDone: true), RecordsJson.Answers.RemoveResponse);
        }

        var source = call.Request.Source!.Value;
        var begun = time.GetTimestamp();
        int all = 0, removed;
        do
        {
            all += removed = await records.RemoveAsync(source, AtOnce, call.Aborted);
        }
        while (removed > 0 && time.GetElapsedTime(begun) < _maxWait);
        Log.SourceRemoved(logger, all, source);
        return Answer.Ok(new RemoveResponse(all, IsDone: removed == 0), RecordsJson.Answers.RemoveResponse);
    }
}

internal sealed record RemoveRequest(SourceName? Source, string? PhoneNumber)
{
    public override string ToString() => "***";
}
