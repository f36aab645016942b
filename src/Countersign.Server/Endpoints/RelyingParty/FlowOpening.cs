using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.InstantLink;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>Begins flows of every product: makes them, brings those that need nobody to their result, signs the browser's token, stores.</summary>
internal sealed class FlowOpening(
    IFlowStore flows, FlowRunner runner, InstantLinkMethod instantLink, Tokens tokens, PossessionOptions options, TimeProvider time,
    ILogger<FlowOpening> logger)
{
    /// <param name="complete">Adds what the product knows beside possession.</param>
    /// <param name="answer">
    /// Makes the call's answer of the flow as it is to be told and of the token for the browser, which is null when there is nothing for a
    /// browser to do.
    /// </param>
    /// <param name="keyed">The call's idempotency key: its answer is stored together with the flow. Null without one.</param>
    /// <returns>The answer, or the fault of a call whose key was used with another body meanwhile.</returns>
    public async Task<(Answer? Answer, Fault? Fault)> OpenAsync(
        Project project, Product product, FlowStart start, Admission.Admitted admitted, Func<Flow, Flow> complete,
        Func<Flow, string?, Answer> answer, KeyedCall? keyed, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = CorrelationId.New(now);
        var isMatched = start.Type == FlowType.Desktop && project.Settings.LinkConfirmation == LinkConfirmation.Match;
        var (digits, digitsHash) = isMatched ? instantLink.NewMatchDigits(id) : default;
        var flow = complete(new Flow
        {
            Id = id,
            ProjectId = project.Id,
            Product = product,
            Type = start.Type,
            Number = admitted.Number,
            CreatedAt = now,
            ExpiresAt = now + options.FlowLife,
            FinalTargetUrl = start.FinalTargetUrl,
            SmsMessage = start.SmsMessage ?? project.Settings.TextFor(start.Type),
            AllowsOtpRetry = start.AllowsOtpRetry,
            MatchDigits = isMatched ? digitsHash : null,
            TakesNoText = admitted.NoText is not null,
            Possession = start.Type.ToPossession(product, takesNoText: admitted.NoText is not null),
        });

        var answered = flow;
        if (flow.Possession is PossessionState.NotApplicable)
        {
            answered = flow = await runner.SettleUnstoredAsync(flow, cancellationToken);
        }
        else if (admitted.ProvesItself)
        {
            // The answer says pending all the same: the test user stands for somebody who is quick.
            flow = await runner.SettleUnstoredAsync(flow.ProvenWithoutBrowser(), cancellationToken);
        }

        var authToken = answered.Possession is PossessionState.NotApplicable
            ? null
            : await tokens.IssueAuthAsync(answered, Browser.Steps.NameOf(answered), project.Settings, isMatched ? digits : null, cancellationToken);
        var said = answer(answered, authToken);
        if (keyed is null)
        {
            await flows.AddAsync(flow, cancellationToken);
        }
        else if (await flows.AddAsync(flow, new KeyedAnswer(keyed, said.Body.ToArray()), cancellationToken) is { } remembered)
        {
            return Idempotency.AnswerOf(remembered);
        }
        Log.FlowBegun(logger, id, product, start.Type);
        return (said, null);
    }
}

/// <summary>What a refused number is told.</summary>
internal static class AdmissionFaults
{
    /// <param name="field">The field that holds the number.</param>
    public static Fault ToFault(this Admission refused, string field = "phoneNumber") => refused switch
    {
        Admission.Refused { Reason: var reason } => Fault.Invalid(field, reason),
        Admission.OtherProduct => Fault.OtherProductsTestUser,
        _ => Fault.NoTestUser,
    };
}
