using System.Diagnostics;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

/// <summary>The one-call contract of POST /v3/verify: a question and its answer. Nothing is kept but the person's id.</summary>
internal sealed class OneCallVerify(
    OneCallVerification verification, ProjectPermissions permissions, Idempotency idempotency, DisclosureAudit disclosures,
    TimeProvider time, ILogger<OneCallVerification> logger)
{
    // Of a call whose answer is cut. What was kept of one that was not is another call's.
    private static readonly byte[] _cut = [0];

    /// <summary>
    /// Answers a call, with an idempotency key or without. What the project may not ask any more is not repeated either, and an answer that
    /// was whole is not repeated to who sees four digits now.
    /// </summary>
    public Task<Answer> AnswerAsync<TRequest>(Call<TRequest> call, OneCallRequest request)
    {
        var settings = call.Caller.Project.Settings;
        if (!permissions.MayAsk(settings, request.Question.Type))
        {
            return Task.FromResult(RefuseUnasked(call, request));
        }
        byte[] body = permissions.SeesWholeSsn(settings) ? call.Body : [.. call.Body, .. _cut];
        return idempotency.RunAsync(
            call.Context, call.Caller, body, keyed => AnswerAsync(call, request, keyed),
            again => DiscloseAsync(call, request, OneCallResponse.CountToldIn(again)));
    }

    private async Task DiscloseAsync<TRequest>(Call<TRequest> call, OneCallRequest request, int members)
    {
        if (members > 0)
        {
            await disclosures.LeaveAsync(call.Context, call.Caller, await request.TellsAsync(members, disclosures));
        }
    }

    private async Task<Answer> AnswerAsync<TRequest>(Call<TRequest> call, OneCallRequest request, KeyedCall? keyed) =>
        await verification.AnswerAsync(call.Caller.Project, request.AskedBy(call.Caller.ClientId), call.Aborted) switch
        {
            OneCallAnswer.Answered answered => await SayAsync(call, request, answered, keyed),
            OneCallAnswer.Refused { Why: var why } => call.Refuse(why.ToFault()),
            OneCallAnswer.NotPermitted => RefuseUnasked(call, request),
            OneCallAnswer.Limited { Reached: var reached } => call.Refuse(Fault.Of(reached, time.GetUtcNow())),
            _ => throw new UnreachableException(),
        };

    private Answer RefuseUnasked<TRequest>(Call<TRequest> call, OneCallRequest request)
    {
        Log.OneCallNotPermitted(logger, call.Caller.ClientId, call.Caller.Project.Id, request.Question.Type);
        return call.Refuse(Fault.StepNotAllowed);
    }

    private async Task<Answer> SayAsync<TRequest>(
        Call<TRequest> call, OneCallRequest request, OneCallAnswer.Answered answered, KeyedCall? keyed)
    {
        var (id, outcome) = (answered.Id, OneCallOutcome.Of(answered));
        Log.OneCallAnswered(logger, id, request.Question.Type, outcome.Identity.Reasons[0]);
        await DiscloseAsync(call, request, outcome.CountTold());
        var answer = Answer.Ok(OneCallResponse.Of(id, request, outcome), OneCallJson.Answers.OneCallResponse);
        return keyed is null ? answer : await idempotency.KeepAsync(keyed, answer, call.Caller.Project.Settings.ErrorCodes);
    }
}

/// <summary>The answer to one question.</summary>
/// <param name="PhoneNumber">Exactly as received.</param>
internal sealed record OneCallResponse(
    string Success, string CorrelationId, string PhoneNumber, string? ClientCustomerId, string? ClientHumanId, string? ClientRequestId,
    string? ProveId, string ProvePhoneAlias, bool? IsEnrolled, VerifiedIdentity Identity,
    IReadOnlyList<VerifiedIdentity>? AdditionalIdentities, IReadOnlyList<VerifiedBusiness>? Businesses,
    IReadOnlyDictionary<string, Evaluation> Evaluation)
{
    public static OneCallResponse Of(CorrelationId id, OneCallRequest request, OneCallOutcome outcome) => new(
        outcome.Success, id.ToString(), request.Question.PhoneNumber, request.ClientCustomerId, request.ClientHumanId,
        request.ClientRequestId, outcome.ProveId, outcome.ProvePhoneAlias, outcome.IsEnrolled, outcome.Identity,
        outcome.AdditionalIdentities, outcome.Businesses, outcome.Evaluation);

    /// <summary>How many members of records an answer tells that was kept.</summary>
    public static int CountToldIn(byte[] answer)
    {
        using var kept = JsonDocument.Parse(answer);
        var told = CountIn(kept.RootElement.GetProperty("identity"));
        foreach (var others in (string[])["additionalIdentities", "businesses"])
        {
            told += kept.RootElement.TryGetProperty(others, out var all) ? all.EnumerateArray().Sum(CountIn) : 0;
        }
        return told;
    }

    // Beside the level and its reason all is of a record.
    private static int CountIn(JsonElement told) => told.EnumerateObject().Count(member =>
        member.Name is not ("assuranceLevel" or "reasons")
        && (member.Value.ValueKind != JsonValueKind.Array || member.Value.GetArrayLength() > 0));

    public override string ToString() => CorrelationId;
}
