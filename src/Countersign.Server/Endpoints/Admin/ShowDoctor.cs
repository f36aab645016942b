using Countersign.Core.Doctor;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/doctor: what of this server is weak, broken and fine.</summary>
internal sealed class ShowDoctor(IServerDoctor doctor, SigningKeys keys) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call => Answer.Ok(
        new DoctorResponse(
            doctor.Configuration, [.. keys.Published.Select(key => key.KeyId)],
            FindingResponse.Of(await doctor.ExamineAsync(call.Aborted))),
        AdminJson.Answers.DoctorResponse));
}

/// <param name="Configuration">Tells one configuration from another, and nothing of what stands in it.</param>
/// <param name="SigningKeys">Ids of the keys that are to be found at <c>/.well-known/jwks.json</c>.</param>
internal sealed record DoctorResponse(
    string Configuration, IReadOnlyList<string> SigningKeys, IReadOnlyList<FindingResponse> Findings)
{
    public override string ToString() => $"{Findings.Count} findings";
}

/// <param name="State">"broken", "weak", "unknown" or "fine".</param>
/// <param name="About">Absent where there is only one.</param>
/// <param name="Do">Absent where nothing is to be done.</param>
internal sealed record FindingResponse(
    string Check, string LooksAt, string State, string? About, string Says, string? Do, string Docs)
{
    public static IReadOnlyList<FindingResponse> Of(IEnumerable<Finding> findings) =>
        [.. DoctorReport.Sorted(findings.Select(ReportLine.Of)).Select(Of)];

    public static FindingResponse Of(ReportLine line) =>
        new(line.Check, line.LooksAt, DoctorReport.WordOf(line.State), line.About, line.Says, line.Do, line.Docs);

    public override string ToString() => nameof(FindingResponse);
}
