using Countersign.Core.Erasure;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// POST /admin/erasures/lost: counts what stands under keys of lines that are gone, or removes it. Nobody can say whose it is, so there is
/// no proof.
/// </summary>
internal sealed class EraseLost(ILostRows lost, ILogger<ILostRows> logger) : IEndpoint
{
    public RequestDelegate Endpoint =>
        AdminEndpoint.Of(
            body => new EraseLostRequest(body.Read(ErasureMembers.Rows), body.Read(ErasureMembers.Outcomes)), HandleAsync,
            isBodyRequired: false);

    private async Task<Answer> HandleAsync(AdminCall<EraseLostRequest> call)
    {
        var found = await lost.CountAsync(call.Request.WithOutcomes, call.Aborted);
        if (call.Request.Rows is not { } expected)
        {
            return Answered(found, isRemoved: false);
        }
        // With another copy of the keys in place it may be all there is: whoever removes it has seen how much it is.
        if (found.Total != expected)
        {
            return Answer.Of(Fault.Conflict with
            {
                Message = FormattableString.Invariant($"there are {found.Total} such rows and not {expected}: look at them again first"),
            });
        }
        var gone = await lost.RemoveAsync(call.Request.WithOutcomes);
        Log.LostErased(logger, call.Caller.Name, gone.Total);
        return Answered(gone, isRemoved: true);
    }

    private static Answer Answered(ErasedCounts counts, bool isRemoved) => Answer.Ok(
        new LostResponse(
            counts.Total, [.. DataClass.All.Where(of => counts.Of(of) > 0).Select(of => new LostView(of.Name, counts.Of(of)))], isRemoved),
        AdminJson.Answers.LostResponse);
}

/// <param name="Rows">How many are expected; null to look.</param>
internal sealed record EraseLostRequest(int? Rows, bool WithOutcomes);

/// <param name="Classes">Of which there are any.</param>
internal sealed record LostResponse(int Rows, IReadOnlyList<LostView> Classes, bool Removed)
{
    public override string ToString() => $"{Rows} rows";
}

internal sealed record LostView(string Class, int Rows)
{
    public override string ToString() => nameof(LostView);
}
