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
    /// <returns>The flow as the answer is to tell it, and the token for the browser; null when there is nothing for a browser to do.</returns>
    public async Task<(Flow Flow, string? AuthToken)> OpenAsync(
        Project project, Product product, FlowStart start, Admission.Admitted admitted, Func<Flow, Flow> complete, CancellationToken cancellationToken)
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
            Possession = start.Type.ToPossession(product),
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
        await flows.AddAsync(flow, cancellationToken);
        Log.FlowBegun(logger, id, product, start.Type);
        return (answered, authToken);
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
