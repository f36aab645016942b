using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.InstantLink;
using Countersign.Core.Possession.Otp;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>POST /v3/verify: begins a flow and answers with what the browser needs, or, without a possession check, with the result.</summary>
internal static class Verify
{
    public static RequestDelegate Endpoint { get; } = V3Endpoint.Of(Read, HandleAsync);

    internal static VerifyRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var type = ReadFlowType(body);
        return new VerifyRequest(
            type ?? FlowType.None,
            body.Text("phoneNumber", isRequired: true, Fields.Phone) ?? "",
            new PersonName(
                body.Text("firstName", isRequired: true, Fields.Name)?.Trim() ?? "",
                body.Text("lastName", isRequired: true, Fields.Name)?.Trim() ?? ""),
            body.Text("finalTargetUrl", isRequired: type == FlowType.Desktop, Fields.TargetUrl),
            body.Text("smsMessage", check: text => CheckMessage(text, type, context, caller)),
            body.Text("clientCustomerId", check: Fields.ClientId),
            body.Text("clientRequestId", check: Fields.ClientId),
            body.Text("emailAddress", check: Fields.Email),
            body.Flag("allowOTPRetry"));
    }

    private static FlowType? ReadFlowType(RequestBody body)
    {
        if (body.IsGiven("verificationType"))
        {
            body.Invalid("verificationType", "one-call verify is not offered; send flowType");
        }

        var possessionType = body.Text("possessionType", check: CheckType);
        var flowType = body.Text("flowType", check: CheckType);
        if (!body.IsGiven("possessionType") && !body.IsGiven("flowType"))
        {
            body.Missing("flowType");
        }
        if (possessionType is not null && flowType is not null && possessionType != flowType)
        {
            body.Invalid("flowType", "differs from possessionType");
        }
        return (possessionType ?? flowType) switch
        {
            "desktop" => FlowType.Desktop,
            "mobile" => FlowType.Mobile,
            "none" => FlowType.None,
            _ => null,
        };
    }

    private static string? CheckType(string text) => Fields.FlowTypes.Contains(text, StringComparer.Ordinal) ? null : "must be desktop, mobile or none";

    private static string? CheckMessage(string text, FlowType? type, HttpContext context, Caller caller)
    {
        if (type is not { } known)
        {
            // Which placeholder is right cannot be said; the missing type is already in the answer.
            return null;
        }
        var linkLength = known == FlowType.Desktop ? context.RequestServices.GetRequiredService<InstantLinkMethod>().LinkLength : 0;
        var suffix = known == FlowType.Mobile ? OtpMethod.WebOtpLine(caller.Project.Settings, new string('0', 6)).Length : 0;
        return SmsTemplate.TryParse(text, known, linkLength, suffix, out var problem) is null ? problem : null;
    }

    private static Task<Answer> HandleAsync(Call<VerifyRequest> call) =>
        call.Context.RequestServices.GetRequiredService<Idempotency>().RunAsync(call, async () =>
        {
            var begun = await call.Context.RequestServices.GetRequiredService<VerifyFlows>()
                .BeginAsync(call.Caller.Project, call.Request, call.Aborted);
            return begun.Fault is { } fault ? call.Refuse(fault) : Answer.Ok(begun.Response!, HttpJson.Answers.VerifyResponse);
        });
}

/// <summary>Begins verify flows: for the endpoint above and for the sandbox's handset page.</summary>
internal sealed class VerifyFlows(
    INumberAdmission admission, IFlowStore flows, FlowRunner runner, InstantLinkMethod instantLink, Tokens tokens, PossessionOptions options,
    TimeProvider time, ILogger<VerifyFlows> logger)
{
    public async Task<(VerifyResponse? Response, Fault? Fault)> BeginAsync(Project project, VerifyRequest request, CancellationToken cancellationToken)
    {
        var admitted = await admission.AdmitAsync(request.PhoneNumber, Product.VerifiedUsers, cancellationToken);
        if (admitted is not Admission.Admitted { Number: var number, ProvesItself: var provesItself })
        {
            return (null, admitted is Admission.OtherProduct ? Fault.OtherProductsTestUser : Fault.NoTestUser);
        }

        var now = time.GetUtcNow();
        var id = CorrelationId.New(now);
        var isMatched = request.Type == FlowType.Desktop && project.Settings.LinkConfirmation == LinkConfirmation.Match;
        var (digits, digitsHash) = isMatched ? instantLink.NewMatchDigits(id) : default;
        var flow = new Flow
        {
            Id = id,
            ProjectId = project.Id,
            Product = Product.VerifiedUsers,
            Type = request.Type,
            Number = number,
            Name = request.Name,
            CreatedAt = now,
            ExpiresAt = now + options.FlowLife,
            FinalTargetUrl = request.FinalTargetUrl,
            SmsMessage = request.SmsMessage,
            AllowsOtpRetry = request.AllowsOtpRetry,
            ClientRequestId = request.ClientRequestId,
            ClientCustomerId = request.ClientCustomerId,
            MatchDigits = isMatched ? digitsHash : null,
            Possession = request.Type.ToPossession(),
        };

        var answered = flow;
        if (request.Type == FlowType.None)
        {
            answered = flow = await runner.MatchAsync(flow, cancellationToken);
        }
        else if (provesItself)
        {
            // The answer says pending all the same: the test user stands for somebody who is quick.
            flow = await runner.MatchAsync(flow.ProvenWithoutBrowser(), cancellationToken);
        }

        var authToken = request.Type == FlowType.None
            ? null
            : await tokens.IssueAuthAsync(answered, Browser.Steps.NameOf(answered), isMatched ? digits : null, cancellationToken);
        await flows.AddAsync(flow, cancellationToken);
        Log.FlowBegun(logger, id, request.Type);

        var outcome = VerifyOutcome.Of(answered);
        return (new VerifyResponse(authToken, id.ToString(), outcome.Success, outcome.PossessionResult, outcome.VerifyResult, outcome.Evaluation), null);
    }
}

/// <summary>A well-formed verify call.</summary>
internal sealed record VerifyRequest(
    FlowType Type,
    string PhoneNumber,
    PersonName Name,
    string? FinalTargetUrl,
    string? SmsMessage,
    string? ClientCustomerId,
    string? ClientRequestId,
    string? EmailAddress,
    bool AllowsOtpRetry)
{
    public override string ToString() => Type.ToString();
}

internal sealed record VerifyResponse(
    string? AuthToken, string CorrelationId, string Success, string PossessionResult, string VerifyResult, IReadOnlyDictionary<string, Evaluation>? Evaluation)
{
    // The auth token is the browser's credential.
    public override string ToString() => CorrelationId;
}
