using Countersign.Core;
using Countersign.Core.Scenarios;
using Countersign.Core.Texts;

namespace Countersign.Providers.Scenarios;

/// <summary>The gateways and ways of a scenario's texts, and who has said STOP: a gateway's answer is a step.</summary>
internal sealed class ScenarioGateways(ScenarioScript script, ScenarioCalls calls) : ITextGateways, ITextRoutes, ISuppressions, ITextPauses
{
    public IReadOnlyList<GatewayName> Names { get; } =
        [.. (script.Scenario.Texts ?? []).SelectMany(text => text.Gateways).Distinct(StringComparer.Ordinal).Select(GatewayName.Parse)];

    // A text's gateways in their order, whatever the flow has used before: of more than three the last are as one.
    public GatewayHealth HealthOf(GatewayName name)
    {
        var place = script.PresentText?.Gateways.Index().FirstOrDefault(gateway => gateway.Item == name.ToString()).Index ?? 0;
        return (GatewayHealth)Math.Min(place, (int)GatewayHealth.Resting);
    }

    public bool ReportsHandover(GatewayName name) =>
        script.Scenario.Texts?.Any(text => text.Handover?.Contains(name.ToString(), StringComparer.Ordinal) == true) == true;

    // Its own name: so that who has said STOP to it can be told.
    public string? SenderOf(GatewayName name) => name.ToString();

    public async Task<SmsResult> SubmitAsync(GatewayName name, SmsSubmission submission, bool evenAtRest)
    {
        script.Receipts[(script.Text, submission.Attempt)] = (submission.ReceiptToken, name);
        return (SmsResult)await calls.AskAsync(QuestionOf(script.Text, name.ToString()));
    }

    public void Record(GatewayName name, bool wasDelivered)
    {
    }

    public TextRoute? For(PhoneNumber to) => script.PresentText is { Gateways.Count: > 0 } text
        ? new TextRoute([.. text.Gateways.Select(GatewayName.Parse)]) : null;

    public async Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken)
    {
        if (script.PresentText is { IsLost: true } && !script.IsTakenUp)
        {
            // Its process is gone: nobody will ever answer.
            await calls.AskAsync("nobody");
        }
        return sender is not null && script.PresentText?.OptedOut == sender;
    }

    public TimeSpan Next() => TimeSpan.Zero;

    /// <summary>Who is asked when a text is handed over.</summary>
    public static string QuestionOf(int text, string gateway) => $"{ScenarioActs.GatewayAnswers} {text} {gateway}";

    /// <summary>The answer of a step.</summary>
    public static SmsResult AnswerOf(ScenarioStep step) => step.Answer switch
    {
        ScenarioActs.Accepted => new SmsResult.Accepted(),
        ScenarioActs.Refused => new SmsResult.Rejected(
            Enum.GetValues<SmsRefusal>().FirstOrDefault(why => TextNews.CodeOf(why) == step.Reason),
            step.Pause is { } pause ? ScenarioTime.ToTime(pause) : null),
        _ => new SmsResult.Unknown(),
    };

    /// <summary>What a receipt of a step says.</summary>
    public static ReceiptState ReceiptOf(ScenarioStep step) => step.Answer switch
    {
        ScenarioActs.Accepted => ReceiptState.Accepted,
        ScenarioActs.Enroute => ReceiptState.Enroute,
        ScenarioActs.Delivered => ReceiptState.Delivered,
        ScenarioActs.Undelivered => ReceiptState.Undelivered,
        ScenarioActs.Expired => ReceiptState.Expired,
        _ => ReceiptState.Rejected,
    };
}
