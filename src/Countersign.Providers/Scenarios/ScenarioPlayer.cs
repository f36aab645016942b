using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Scenarios;

namespace Countersign.Providers.Scenarios;

/// <summary>Plays a scenario step by step: moves the clock, makes the call or gives the answer, and waits until all rests.</summary>
internal sealed class ScenarioPlayer(
    ScenarioScript script, ScenarioClock clock, ScenarioCalls calls, ScenarioPhones phones, ScenarioRelyingParty relyingParty,
    ScenarioBrowser browser, FlowRunner runner, FlowFinder finder)
{
    private readonly DateTimeOffset _begin = clock.GetUtcNow();

    public async Task<ScenarioPlayed> PlayAsync(CancellationToken cancellationToken)
    {
        string? problem = null;
        foreach (var (index, step) in script.Scenario.Steps.Index())
        {
            if (await TryPlayAsync(step, cancellationToken) is { } fault)
            {
                problem = $"steps[{index}] ({step.Do}): {fault}";
                break;
            }
        }
        var came = await EndAsync(cancellationToken) is { Ending: { } ending } flow ? ExpectationOf(flow, ending) : null;
        return ScenarioPlayed.Of(script.Scenario.Expected, came, problem);
    }

    /// <returns>Why the step cannot be played, in half a sentence; null when it was.</returns>
    public async Task<string?> TryPlayAsync(ScenarioStep step, CancellationToken cancellationToken)
    {
        clock.MoveTo(_begin + ScenarioTime.ToTime(step.At));
        try
        {
            await PlayAsync(step, cancellationToken);
            return null;
        }
        catch (ScenarioFault fault)
        {
            return fault.Message;
        }
        catch (TimeoutException)
        {
            return "what it has begun does not come to rest";
        }
    }

    /// <summary>The flow as it is when its life is over; null when it never began.</summary>
    public async Task<FlowAccount?> EndAsync(CancellationToken cancellationToken)
    {
        clock.MoveTo(_begin + ScenarioTime.ToTime(script.Flow.Life));
        return phones.Id is { } id ? await finder.FindAsync(id, cancellationToken) : null;
    }

    private async Task PlayAsync(ScenarioStep step, CancellationToken cancellationToken)
    {
        script.Step = step;
        script.IsTakenUp = step.Do == ScenarioActs.ClockText;
        // What is begun now writes the next text, if any.
        script.Text = step.Text ?? phones.Texts + 1;
        if ((relyingParty.Of(step) ?? browser.Of(step) ?? ByItself(step)) is { } act)
        {
            await calls.BeginAsync(() => act(cancellationToken), cancellationToken);
        }
        else
        {
            await AnswerAsync(step, cancellationToken);
        }
        await phones.LearnAsync(cancellationToken);
    }

    /// <summary>What nobody does: the clock, what is reported later, and what happens to the number.</summary>
    private Func<CancellationToken, Task>? ByItself(ScenarioStep step) => step.Do switch
    {
        ScenarioActs.ClockFlow => token => runner.CatchUpAsync(phones.Flow, token),
        ScenarioActs.ClockText => token => runner.CatchUpTextAsync(phones.TextOf(step.Text!.Value), token),
        ScenarioActs.NumberLost => phones.LoseNumberAsync,
        ScenarioActs.LimitReached => token => phones.UseUpAsync(step.Limit!, _begin, token),
        ScenarioActs.GatewayReports => token => ReportAsync(step, token),
        _ => null,
    };

    private Task<bool> ReportAsync(ScenarioStep step, CancellationToken cancellationToken) =>
        script.Receipts.TryGetValue((step.Text!.Value, step.Attempt!.Value), out var receipt)
            ? runner.ReceiveAsync(
                receipt.Token, receipt.Gateway, ScenarioGateways.ReceiptOf(step), step.Word, cancellationToken)
            : throw new ScenarioFault($"text {step.Text} has had no attempt {step.Attempt}");

    private async Task AnswerAsync(ScenarioStep step, CancellationToken cancellationToken)
    {
        var (whom, answer) = step.Do switch
        {
            ScenarioActs.GatewayAnswers =>
                (ScenarioGateways.QuestionOf(step.Text!.Value, step.Gateway!), ScenarioGateways.AnswerOf(step)),
            ScenarioActs.RiskAnswers => (step.Do, ScenarioRiskSource.AnswerOf(step)),
            _ => (step.Do, (object)ScenarioSource.AnswerOf(step)),
        };
        if (!await calls.AnswerAsync(whom, answer, cancellationToken))
        {
            throw new ScenarioFault("nobody waits for this answer");
        }
    }

    private static ScenarioExpectation ExpectationOf(FlowAccount flow, Ending ending) => new(
        [.. flow.Facts.Select(fact => ScenarioFacts.Of(fact, ScenarioTime.Between(flow.BegunAt, fact.At), flow.BegunAt))],
        ending.End, ScenarioTime.Between(flow.BegunAt, ending.At), PossessionVerdicts.WordOf(flow.Possession),
        ScenarioFacts.CodesOf(ending.Reason), flow.Method);
}
