using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <summary>GET /admin/records/sources: whose records are kept, and who sees them.</summary>
internal sealed class ListSources(IPersonRecords records) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        var rights = call.Caller.Rights;
        var sources = await records.ListSourcesAsync(call.Aborted);
        return Answer.Ok(
            new SourcesResponse(
            [
                .. sources.Select(source => SourceView.Of(source, rights))
                    .Where(view => !rights.IsLimited || view.AllProjects || view.Projects.Count > 0),
            ]),
            RecordsJson.Answers.SourcesResponse);
    });
}

/// <summary>POST /admin/records/assign: which projects see a source.</summary>
internal sealed class AssignSource(IRecordSources sources, SourceProjects projects, ILogger<RecordImports> logger) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(
        Read, HandleAsync, judge: call => projects.FaultsOfAsync(call.Request.Projects, call.Caller.Rights, call.Aborted));

    private static AssignRequest Read(RequestBody body)
    {
        if (!body.IsGiven(RecordMembers.ProjectsThatSee))
        {
            body.Missing(RecordMembers.ProjectsThatSee);
        }
        return new AssignRequest(body.Read(RecordMembers.Source), body.Read(RecordMembers.ProjectsThatSee));
    }

    private async Task<Answer> HandleAsync(AdminCall<AssignRequest> call)
    {
        var source = call.Request.Source;
        if (!(await projects.CheckAsync(call.Request.Projects, call.Caller.Rights, call.Aborted)).Is(out var its, out var fault))
        {
            return Answer.Of(fault);
        }
        if (!await sources.TryAssignAsync(source, its, call.Aborted))
        {
            return RemoveRecords.Unknown(source);
        }
        var visibility = await sources.FindAsync(source, call.Aborted) ?? SourceVisibility.Nobody;
        Log.SourceAssigned(logger, source, visibility, call.Caller.Name);
        return Answer.Ok(
            new AssignResponse(source.ToString(), [.. visibility.Projects.Select(id => id.ToString())]),
            RecordsJson.Answers.AssignResponse);
    }
}

internal sealed record AssignRequest(SourceName Source, IReadOnlyList<ProjectId> Projects)
{
    public override string ToString() => Source.ToString();
}

/// <summary>POST /admin/records/remove: erases a number or a source. A number stands in a body, never in an address.</summary>
internal sealed class RemoveRecords(
    IPersonRecords records, IRecordSources sources, INumberPlan plan, TimeProvider time, ILogger<RecordImports> logger) : IEndpoint
{
    // Small, since on SQLite a removal holds the one writer.
    private const int AtOnce = 250;

    // Proxies do not wait for ever; the caller asks again until it is done.
    private static readonly TimeSpan _maxWait = TimeSpan.FromSeconds(5);

    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync);

    public static Answer Unknown(SourceName source) =>
        Answer.Of(Fault.NotFound with { Message = $"there is no source '{source}'" });

    private RemoveRequest Read(RequestBody body)
    {
        var (source, phone) = (RecordMembers.SourceToErase, LookUp.PhoneNumber);
        var request = new RemoveRequest(body.Read(source), LookUp.ReadNumber(body, plan));
        if (body.IsGiven(source) == body.IsGiven(phone))
        {
            body.Invalid(source, $"one of {source} and {phone} must be given, and not both");
        }
        return request;
    }

    private async Task<Answer> HandleAsync(AdminCall<RemoveRequest> call)
    {
        if (call.Request.PhoneNumber is { } number)
        {
            var ofNumber = await records.RemoveAsync(number, call.Aborted);
            Log.NumberRemoved(logger, ofNumber);
            return Answer.Ok(new RemoveResponse(ofNumber, IsDone: true), RecordsJson.Answers.RemoveResponse);
        }

        var source = call.Request.Source!.Value;
        // One whose records are removed stays known, so a repetition is answered as the first time.
        if (await sources.FindAsync(source, call.Aborted) is null)
        {
            return Unknown(source);
        }
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

internal sealed record RemoveRequest(SourceName? Source, PhoneNumber? PhoneNumber)
{
    public override string ToString() => "***";
}
