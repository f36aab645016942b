using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// POST /admin/suppressions/list: who wants no texts, and from which sender. A number stands in a body, never in an address.
/// </summary>
internal sealed class ListSuppressions(ISuppressionList list, INumberPlan plan, ILogger<Suppression> logger) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync, isBodyRequired: false);

    private ListSuppressionsRequest Read(RequestBody body) => new(
        LookUp.ReadNumber(body, plan), body.Read(AdminMembers.Limit));

    private async Task<Answer> HandleAsync(AdminCall<ListSuppressionsRequest> call)
    {
        var request = call.Request;
        // One more than is answered tells whether there are more.
        var found = await list.ListAsync(request.PhoneNumber, request.Limit + 1, call.Aborted);
        Log.SuppressionsListed(logger, call.Caller.Name, request.PhoneNumber is not null, Math.Min(found.Count, request.Limit));
        return Answer.Ok(
            new SuppressionListResponse([.. found.Take(request.Limit).Select(SuppressionView.Of)], found.Count <= request.Limit),
            AdminJson.Answers.SuppressionListResponse);
    }
}

/// <summary>POST /admin/suppressions/lift: texts are welcome again, as if the person had written START.</summary>
internal sealed class LiftSuppressions(ISuppressionList list, INumberPlan plan, ILogger<Suppression> logger) : IEndpoint
{
    // A number writes to a few senders.
    private const int MaxLifted = 1000;

    public RequestDelegate Endpoint => AdminEndpoint.Of(
        body => new LiftSuppressionsRequest(
            LookUp.ReadNumber(body, plan, isRequired: true).GetValueOrDefault(), body.Read(AdminMembers.Sender)),
        HandleAsync);

    private async Task<Answer> HandleAsync(AdminCall<LiftSuppressionsRequest> call)
    {
        var number = call.Request.PhoneNumber;
        var before = await list.ListAsync(number, MaxLifted, call.Aborted);
        // Once it has begun it is finished, so that the line in the log is true.
        await list.LiftAsync(number, call.Request.Sender, CancellationToken.None);
        var after = await list.ListAsync(number, MaxLifted, CancellationToken.None);
        var lifted = before.Except(after).ToList();
        Log.SuppressionsLifted(logger, call.Caller.Name, lifted.Count);
        return Answer.Ok(
            new LiftSuppressionsResponse([.. lifted.Select(SuppressionView.Of)], [.. after.Select(SuppressionView.Of)]),
            AdminJson.Answers.LiftSuppressionsResponse);
    }
}

internal sealed record ListSuppressionsRequest(PhoneNumber? PhoneNumber, int Limit)
{
    public override string ToString() => "***";
}

internal sealed record LiftSuppressionsRequest(PhoneNumber PhoneNumber, string? Sender)
{
    public override string ToString() => "***";
}

/// <param name="IsComplete">False when there are more than were asked for.</param>
internal sealed record SuppressionListResponse(IReadOnlyList<SuppressionView> Suppressions, bool IsComplete)
{
    public override string ToString() => $"{Suppressions.Count} suppressions";
}

/// <param name="Lifted">What was said before and holds no more.</param>
/// <param name="Remaining">What holds on, for other senders.</param>
internal sealed record LiftSuppressionsResponse(IReadOnlyList<SuppressionView> Lifted, IReadOnlyList<SuppressionView> Remaining)
{
    public override string ToString() => $"{Lifted.Count} lifted";
}

/// <param name="PhoneNumber">Masked; absent where only a hash of it was kept.</param>
/// <param name="Sender">Absent for every sender.</param>
internal sealed record SuppressionView(string? PhoneNumber, string? Sender, DateTimeOffset Since)
{
    public static SuppressionView Of(Suppression one) => new(one.MaskedNumber, one.Sender, one.Since);

    public override string ToString() => nameof(SuppressionView);
}
