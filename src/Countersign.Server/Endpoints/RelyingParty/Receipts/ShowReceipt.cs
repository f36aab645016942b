using System.Diagnostics;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Receipts;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.RelyingParty.Receipts;

/// <summary>
/// GET /flows/{correlationId}/receipt: a signed word on what became of one of the project's flows, for whoever has to believe it.
/// </summary>
internal sealed class ShowReceipt(V3Endpoint v3, ReceiptSubjects subjects, IReceiptStore receipts, ReceiptSigner signer) : IEndpoint
{
    /// <summary>The same whether it is another project's, is forgotten, or never was.</summary>
    public static Fault NotThere { get; } = Fault.NotFound with
    {
        Message = "your project has no such flow, or nothing of it is kept any more; one-call verifications and refused calls have no "
            + "receipt",
    };

    public static Fault NotEnded { get; } = Fault.StepNotAllowed with
    {
        Message = "the flow has not come to its end: ask again when its result is final, or its 15 minutes are over",
    };

    public RequestDelegate Endpoint => v3.WithProblems().OfQuery(Read, HandleAsync);

    private static ReceiptRequest Read(RequestBody query, HttpContext context, Caller caller) =>
        new(query.ReadPath(ReceiptOperation.Id, context));

    private async Task<Answer> HandleAsync(Call<ReceiptRequest> call) =>
        await subjects.FindAsync(call.Request.Id, call.Caller.Project.Id, call.Aborted) switch
        {
            ReceiptSubject.None => call.Refuse(NotThere),
            ReceiptSubject.NotEnded => call.Refuse(NotEnded),
            ReceiptSubject.Ended ended => Answer.Ok(
                new ReceiptResponse(
                    ended.Outcome.Id.ToString(), await SignedAsync(ended, call.Aborted),
                    [.. ended.Disclosures.Select(disclosure => disclosure.Text.Reveal())]),
                ReceiptsJson.Answers.ReceiptResponse),
            _ => throw new UnreachableException(),
        };

    /// <summary>Signed once: a signature has chance in it, and whoever compares two receipts of one flow must find them the same.</summary>
    private async Task<string> SignedAsync(ReceiptSubject.Ended ended, CancellationToken cancellationToken) =>
        await receipts.FindAsync(ended.Outcome.Id, cancellationToken)
        ?? await receipts.GetOrAddAsync(await signer.SignAsync(ended.Outcome, ended.KeptUntil, cancellationToken), cancellationToken);
}

internal sealed record ReceiptRequest(CorrelationId Id)
{
    public override string ToString() => Id.ToString();
}

/// <param name="Receipt">A JWS.</param>
/// <param name="Disclosures">What opens what the receipt commits to: empty once the flow's life is over.</param>
internal sealed record ReceiptResponse(string CorrelationId, string Receipt, IReadOnlyList<string> Disclosures)
{
    // Whoever has a disclosure has a number or a name.
    public override string ToString() => $"{Disclosures.Count} disclosures";
}

[JsonSerializable(typeof(ReceiptResponse))]
internal sealed partial class ReceiptsJson : JsonSerializerContext
{
    public static ReceiptsJson Answers { get; } = new(HttpJson.NewOptions());
}
