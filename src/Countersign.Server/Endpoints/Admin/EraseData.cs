using Countersign.Core;
using Countersign.Core.Erasure;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// POST /admin/erasures: what is held of a number, a flow or a project's persons is erased, and the answer proves it. A number stands in a
/// body, never in an address.
/// </summary>
internal sealed class EraseData(
    Eraser eraser, ErasureSigner signer, IProjectStore projects, INumberPlan plan, ILogger<Eraser> logger) : IEndpoint
{
    private static readonly string[] _whose = [LookUp.PhoneNumber, ErasureMembers.Flow, ErasureMembers.Project];

    private static readonly Fault _inUse = Fault.Conflict with
    {
        Message = "the number was in use all the time: what was found is erased, and nothing is proven, since more may be there by now; "
            + "repeat it when the number rests",
    };

    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync);

    private EraseRequest Read(RequestBody body)
    {
        var number = LookUp.ReadNumber(body, plan);
        var (flow, project) = (body.Read(ErasureMembers.Flow), body.Read(ErasureMembers.Project));
        var keepsStop = body.Read(ErasureMembers.KeepStop);
        if (_whose.Count(body.IsGiven) != 1)
        {
            body.Invalid(_whose[0], $"one of {string.Join(", ", _whose)} must be given, and no other");
        }
        else if (keepsStop && !body.IsGiven(LookUp.PhoneNumber))
        {
            body.Invalid(ErasureMembers.KeepStop, $"goes with {LookUp.PhoneNumber.Name} alone");
        }
        return new EraseRequest(number, flow, project, keepsStop);
    }

    private async Task<Answer> HandleAsync(AdminCall<EraseRequest> call)
    {
        var (number, flow, project, keepsStop) = call.Request;
        if (project is { } unknown && await projects.FindProjectAsync(unknown, call.Aborted) is null)
        {
            return Answer.Of(ProjectFaults.Unknown(unknown.ToString()));
        }
        // Once begun it is finished, so that what is logged and proven is true.
        var done = number is { } line ? await eraser.EraseAsync(line, keepsStop)
            : flow is { } id ? await eraser.EraseAsync(id)
            : await eraser.EraseAsync(project!.Value);
        if (done is null)
        {
            return Answer.Of(_inUse);
        }
        var proof = await signer.SignAsync(done, number, flow, project);
        Log.Erased(logger, call.Caller.Name, proof.Payload.Of, done.Counts.Total, done.Id);
        return Answer.Ok(ErasureResponse.Of(done, proof), AdminJson.Answers.ErasureResponse);
    }
}

internal sealed record EraseRequest(PhoneNumber? PhoneNumber, CorrelationId? Flow, ProjectId? Project, bool KeepsStop)
{
    public override string ToString() => "***";
}

/// <param name="Kept">Names of classes that were left because it was asked for.</param>
/// <param name="Proof">A JWS.</param>
/// <param name="Disclosures">What opens whom the proof is about; empty where it says so itself.</param>
internal sealed record ErasureResponse(
    string ErasureId, DateTimeOffset ErasedAt, IReadOnlyList<ErasedView> Erased, IReadOnlyList<string> Kept, string Proof,
    IReadOnlyList<string> Disclosures)
{
    public static ErasureResponse Of(ErasureDone done, ErasureProof proof) => new(
        proof.Payload.Erasure, done.At, [.. proof.Payload.Erased.Select(ErasedView.Of)], proof.Payload.Kept, proof.Jws,
        [.. proof.Disclosures.Select(disclosure => disclosure.Text.Reveal())]);

    // Whoever has a disclosure has a number.
    public override string ToString() => $"{Erased.Count} classes";
}

/// <param name="CopiesSince">Absent where the other speaks of all copies.</param>
/// <param name="CopiesUntil">Absent where copies of the store lead to the person for as long as somebody keeps them.</param>
internal sealed record ErasedView(string Class, int Rows, DateTimeOffset? CopiesSince, DateTimeOffset? CopiesUntil)
{
    public static ErasedView Of(ErasedClass of) => new(of.Class, of.Rows, MomentOf(of.CopiesSince), MomentOf(of.CopiesUntil));

    private static DateTimeOffset? MomentOf(long? seconds) => seconds is { } at ? DateTimeOffset.FromUnixTimeSeconds(at) : null;

    public override string ToString() => nameof(ErasedView);
}
