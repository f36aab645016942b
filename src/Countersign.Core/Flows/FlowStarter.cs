using Countersign.Core.IdentityMatching;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Flows;

/// <summary>Begins flows of every product: makes them, brings those that need nobody to their result, stores them.</summary>
public sealed class FlowStarter(
    IFlowStore flows, FlowRunner runner, StartLimits limits, NameLimits names, ITakenChallenges challenges, SecretHasher hasher,
    PossessionOptions options, IFlowJournal journal, TimeProvider time)
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
        var (begun, digits) = New(project, start, admitted, tail, now);
        var flow = complete(begun);
        if (!admitted.ProvesItself && await limits.JudgeAsync(flow, project.Settings, now, cancellationToken) is { } reached)
        {
            return Refuse(flow, reached);
        }

        if (start.Challenge is { } challenge)
        {
            var isFirst = await challenges.TryTakeAsync(project.Id, challenge.Id, keyed?.Key, now, CancellationToken.None);
            Guards.Drop("F07", ref isFirst, () => true);
            if (!isFirst)
            {
                return new StartOutcome.ChallengeTaken();
            }
        }

        var tried = flow is { Possession: PossessionState.NotApplicable, Name: { } name }
            ? await names.ChargeAsync(flow.Number, flow.ProjectId, name, now, cancellationToken)
            : new NameTry.Free();
        if (tried is NameTry.Over { Reached: var ofNames })
        {
            return Refuse(flow, ofNames);
        }

        var told = flow;
        if (flow.Possession is PossessionState.NotApplicable)
        {
            told = flow = await runner.SettleUnstoredAsync(flow, cancellationToken);
            if (flow.Tail is VerifiedUserState.Done { Identity: { Match: IdentityMatch.Matched } or { IsSourceDown: true } })
            {
                await names.GiveBackAsync(tried);
            }
        }
        else if (admitted.ProvesItself)
        {
            // The answer says pending all the same: the test user stands for somebody who is quick.
            flow = await runner.SettleUnstoredAsync(flow.ProvenWithoutBrowser(), cancellationToken);
        }

        var said = await answer(told, digits, cancellationToken);
        if (keyed is null)
        {
            await flows.AddAsync(flow, cancellationToken);
        }
        else if (await flows.AddAsync(flow, new KeyedAnswer(keyed, said), cancellationToken) is { } first)
        {
            return new StartOutcome.Repeated(first);
        }
        journal.Begun(flow);
        return new StartOutcome.Started(flow.Id, said);
    }

    /// <summary>Begins none, since the number may not be used.</summary>
    /// <param name="number">As it was written.</param>
    public StartOutcome Refuse(
        Project project, Product product, FlowStart start, string number, Admission why, string? clientRequestId, string? clientCustomerId)
    {
        journal.Refused(new RefusedCall(project.Id, product, start.Type, number, time.GetUtcNow())
        {
            Client = start.Client,
            ClientRequestId = clientRequestId,
            ClientCustomerId = clientCustomerId,
            Admission = why,
        });
        return new StartOutcome.Refused(why);
    }

    private StartOutcome.Limited Refuse(Flow flow, Reached reached)
    {
        journal.Refused(new RefusedCall(flow.ProjectId, flow.Product, flow.Type, flow.Number.E164, flow.CreatedAt)
        {
            Client = flow.Client,
            ClientRequestId = flow.ClientRequestId,
            ClientCustomerId = flow.ClientCustomerId,
            Reached = reached,
        });
        return new StartOutcome.Limited(reached);
    }

    /// <summary>The flow, and the digits that a desktop shows where links are matched.</summary>
    private (Flow Flow, Secret? MatchDigits) New(
        Project project, FlowStart start, Admission.Admitted admitted, ProductState tail, DateTimeOffset now)
    {
        var id = CorrelationId.New(now);
        var isMatched = start.Type == FlowType.Desktop && project.Settings.LinkConfirmation == LinkConfirmation.Match;
        var (digits, digitsHash) = isMatched ? MatchDigits.New(hasher, id) : default;
        return (
            new Flow
            {
                Id = id,
                ProjectId = project.Id,
                Type = start.Type,
                Client = start.Client,
                Number = admitted.Number,
                CreatedAt = now,
                ExpiresAt = now + options.FlowLife,
                FinalTargetUrl = start.FinalTargetUrl,
                SmsMessage = start.SmsMessage ?? project.Settings.TextFor(start.Type),
                AllowsOtpRetry = start.AllowsOtpRetry,
                NumberChange = start.NumberChange,
                IsChallengePassed = start.Challenge is { IsPassed: true },
                TellsAssurance = start.TellsAssurance,
                ReceiptSeed = Disclosure.NewSeed(),
                MatchDigits = isMatched ? digitsHash : null,
                TakesNoText = admitted.NoText is not null,
                Possession = start.Type.ToPossession(tail.Product, takesNoText: admitted.NoText is not null),
                Tail = tail,
            },
            isMatched ? digits : null);
    }
}
