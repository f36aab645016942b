using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Texts;

namespace Countersign.Core.Scenarios;

/// <summary>
/// How long a flow's challenges lived and what they permitted: as the server is set, unless the flow shows that it was set otherwise.
/// </summary>
internal sealed class ScenarioLives
{
    private const decimal Least = 0.001m;

    private static readonly decimal _handover = ScenarioTime.Of(TextTimes.MinLifetime);

    private readonly FlowAccount _flow;
    private readonly ScenarioTexts _texts;
    private readonly Dictionary<string, (decimal Min, decimal Max)> _shown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _set;

    public ScenarioLives(FlowAccount flow, ScenarioTexts texts, PossessionOptions options)
    {
        (_flow, _texts) = (flow, texts);
        _set = new(StringComparer.Ordinal)
        {
            [PossessionMethod.Otp.Name] = ScenarioTime.Of(options.OtpLife),
            [PossessionMethod.InstantLink.Name] = ScenarioTime.Of(options.LinkLife),
            [PossessionMethod.MobileAuth.Name] = ScenarioTime.Of(options.MobileAuthLife),
        };
        LookAtFacts();
        foreach (var text in flow.Texts.Where(text => text.Kind != TextKind.DeviceNotice))
        {
            LookAtText(text);
        }
        Entries = EntriesOf(flow, options);
        Resends = Math.Max(options.Resends, flow.Facts.Count(fact => fact.Code == FlowEventCode.TextResent));
        NumberChanges = Math.Max(options.NumberChanges, flow.Facts.Count(fact => fact.Code == FlowEventCode.NumberChanged));
    }

    public int Entries { get; }

    public int Resends { get; }

    public int NumberChanges { get; }

    private string TextMethod => (_flow.Type == FlowType.Desktop ? PossessionMethod.InstantLink : PossessionMethod.Otp).Name;

    public decimal Of(PossessionMethod method) => _shown.TryGetValue(method.Name, out var shown)
        ? Math.Min(Math.Max(_set[method.Name], shown.Min), Math.Max(shown.Min, shown.Max)) : _set[method.Name];

    private void LookAtFacts()
    {
        var (open, since) = ((string?)null, 0m);
        foreach (var fact in _flow.Facts)
        {
            var at = OffsetOf(fact.At);
            var isExpired = fact.Code == FlowEventCode.MobileAuthExpired
                || fact is { Code: FlowEventCode.PossessionFailed, Reason: FlowReason.Expired };
            if (open is not null && isExpired)
            {
                AtMost(open, at - since, at);
            }
            else if (open is not null)
            {
                // Whatever is saved of a flow finds the challenge over that is over.
                AtLeast(open, at - since + Least);
            }
            (open, since) = fact.Code switch
            {
                FlowEventCode.MobileAuthBegun => (PossessionMethod.MobileAuth.Name, at),
                FlowEventCode.OtpBegun or FlowEventCode.InstantLinkBegun or FlowEventCode.NumberChanged or FlowEventCode.TextResent =>
                    (TextMethod, at),
                FlowEventCode.MobileAuthRefused or FlowEventCode.MobileAuthUnavailable or FlowEventCode.MobileAuthExpired
                    or FlowEventCode.PossessionProven or FlowEventCode.PossessionFailed => (null, at),
                _ => (open, since),
            };
        }
        if (open is not null)
        {
            AtLeast(open, OffsetOf(_flow.ExpiresAt) - since + Least);
        }
    }

    /// <summary>A text is handed over, or waits for a gateway, only while enough of its life is left.</summary>
    private void LookAtText(OutcomeText text)
    {
        var created = OffsetOf(text.CreatedAt);
        // Of the last text a flow that is decided is not told that it came too late.
        var isLast = ReferenceEquals(text, _flow.Texts.Last(one => one.Kind != TextKind.DeviceNotice));
        var late = text.Attempts.Any(attempt => attempt.Why == SmsRefusal.Expired) ? null : _flow.Facts.FirstOrDefault(fact =>
            fact.At >= text.CreatedAt && fact.Code != FlowEventCode.TextRefused
            && (fact.Cause ?? fact.Reason) == FlowReason.TooLittleTime);
        foreach (var attempt in text.Attempts)
        {
            AtLeast(TextMethod, OffsetOf(attempt.BegunAt) - created + _handover);
            if (attempt.State == AttemptState.Refused && late is null && !(isLast && text.State == TextState.Expired))
            {
                AtLeast(TextMethod, OffsetOf(attempt.ChangedAt) - created + _handover);
            }
        }
        var again = NextTryOf(text);
        var isLastWord = text.Attempts is [.., var last] && _texts.IsLastWord(last);
        if (again is not null && (text.State == TextState.Refused || isLastWord))
        {
            AtMostOfText(again.Value, created);
        }
        else if (again is not null && text.State != TextState.Expired)
        {
            AtLeast(TextMethod, again.Value - created + _handover);
        }
        if (late is not null)
        {
            AtMostOfText(OffsetOf(late.At), created);
        }
    }

    /// <summary>When a gateway might have been asked again; null where none might.</summary>
    private decimal? NextTryOf(OutcomeText text)
    {
        if (text.Attempts is [.., { Why: { } why }] && TextPlan.IsForGood(why))
        {
            return null;
        }
        var next = text.Attempts.GroupBy(attempt => attempt.Gateway)
            .Where(tries => tries.Count() < TextTimes.TriesAtOneGateway
                && tries.All(attempt => attempt is { State: AttemptState.Refused, AgainAt: not null }))
            .Select(tries => tries.Last().AgainAt!.Value).Order().ToList();
        return next.Count == 0 ? null : OffsetOf(next[0]);
    }

    private void AtLeast(string method, decimal life) =>
        _shown[method] = _shown.TryGetValue(method, out var shown) ? shown with { Min = Math.Max(shown.Min, life) }
            : (life, decimal.MaxValue);

    /// <param name="at">When that was seen: at the flow's end it is that which shows.</param>
    private void AtMost(string method, decimal life, decimal at)
    {
        if (at < OffsetOf(_flow.ExpiresAt))
        {
            _shown[method] = _shown.TryGetValue(method, out var shown) ? shown with { Max = Math.Min(shown.Max, life) } : (0, life);
        }
    }

    /// <summary>Too little was left of a text's life at this moment. Near the flow's end it is that which shows.</summary>
    private void AtMostOfText(decimal at, decimal created) =>
        AtMost(TextMethod, at - created + _handover - Least, at + _handover);

    private decimal OffsetOf(DateTimeOffset at) => ScenarioTime.Between(_flow.BegunAt, at);

    private static int EntriesOf(FlowAccount flow, PossessionOptions options)
    {
        var wrong = flow.Facts.Count(fact => fact.Code == FlowEventCode.EntryWrong);
        var isSpent = flow.Facts.Any(fact =>
            fact is { Code: FlowEventCode.PossessionFailed, Reason: FlowReason.WrongEntries }
            && fact.Method != PossessionMethod.MobileAuth.Name);
        return isSpent ? wrong + 1 : wrong == 0 ? 1 : Math.Max(wrong + 1, options.EntriesWithRetry);
    }
}
