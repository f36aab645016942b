using Countersign.Core.Keys;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.Projects;

namespace Countersign.Core.Flows;

/// <summary>Begins flows of every product: makes them, brings those that need nobody to their result, stores them.</summary>
public sealed class FlowStarter(
    IFlowStore flows, FlowRunner runner, SecretHasher hasher, PossessionOptions options, IFlowJournal journal, TimeProvider time)
{
    /// <param name="tail">What the flow is beside its possession, and so its product.</param>
    /// <param name="complete">Adds what else the call has said.</param>
    /// <param name="answer">Makes the call's answer, before the flow is stored.</param>
    /// <param name="keyed">The call's idempotency key: its answer is stored in one transaction with the flow. Null without one.</param>
    public async Task<StartOutcome> StartAsync(
        Project project, FlowStart start, Admission.Admitted admitted, ProductState tail, Func<Flow, Flow> complete,
        StartAnswer answer, KeyedCall? keyed, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = CorrelationId.New(now);
        var isMatched = start.Type == FlowType.Desktop && project.Settings.LinkConfirmation == LinkConfirmation.Match;
        var (digits, digitsHash) = isMatched ? MatchDigits.New(hasher, id) : default;
        var flow = complete(new Flow
        {
            Id = id,
            ProjectId = project.Id,
            Type = start.Type,
            Number = admitted.Number,
            CreatedAt = now,
            ExpiresAt = now + options.FlowLife,
            FinalTargetUrl = start.FinalTargetUrl,
            SmsMessage = start.SmsMessage ?? project.Settings.TextFor(start.Type),
            AllowsOtpRetry = start.AllowsOtpRetry,
            NumberChange = start.NumberChange,
            MatchDigits = isMatched ? digitsHash : null,
            TakesNoText = admitted.NoText is not null,
            Possession = start.Type.ToPossession(tail.Product, takesNoText: admitted.NoText is not null),
            Tail = tail,
        });

        var told = flow;
        if (flow.Possession is PossessionState.NotApplicable)
        {
            told = flow = await runner.SettleUnstoredAsync(flow, cancellationToken);
        }
        else if (admitted.ProvesItself)
        {
            // The answer says pending all the same: the test user stands for somebody who is quick.
            flow = await runner.SettleUnstoredAsync(flow.ProvenWithoutBrowser(), cancellationToken);
        }

        var said = await answer(told, isMatched ? digits : null, cancellationToken);
        if (keyed is null)
        {
            await flows.AddAsync(flow, cancellationToken);
        }
        else if (await flows.AddAsync(flow, new KeyedAnswer(keyed, said), cancellationToken) is { } first)
        {
            return new StartOutcome.Repeated(first);
        }
        journal.Begun(flow);
        return new StartOutcome.Started(id, said);
    }
}
