using Countersign.Core.History;
using Countersign.Core.Texts;

namespace Countersign.Core.Scenarios;

/// <summary>Reads out of a flow's texts what the gateways answered and reported.</summary>
internal sealed class ScenarioTexts
{
    // Named where none was asked.
    private const string AnyGateway = "gateway";
    private const string AnotherGateway = "another-gateway";

    // With more time in between the text lay there until somebody looked at it: a gateway is asked again after half a second at least. A
    // process that is at a text may be slower than that.
    private static readonly TimeSpan _atOnce = TextTimes.MinPause;

    private readonly FlowAccount _flow;
    private readonly List<(DateTimeOffset At, ScenarioStep Step)> _steps = [];
    private readonly Dictionary<FlowEvent, (int Text, bool IsLookedAt)> _unsent = new(ReferenceEqualityComparer.Instance);

    private readonly HashSet<TextAttempt> _silent = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<TextAttempt> _refusedLater = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<int> _givenUp = [];

    public ScenarioTexts(FlowAccount flow)
    {
        _flow = flow;
        All = [.. flow.Texts.Index().Select(text => Read(text.Index + 1, text.Item))];
    }

    public IReadOnlyList<ScenarioText> All { get; }

    /// <summary>In the order of the texts.</summary>
    public IReadOnlyList<(DateTimeOffset At, ScenarioStep Step)> Steps => _steps;

    public bool HasNotice => _flow.Texts.Any(text => text.Kind == TextKind.DeviceNotice);

    /// <summary>The text that was looked at and given up, because its gateway kept silent, from 1.</summary>
    public int GivenUp(FlowEvent fact)
    {
        var found = _flow.Texts.Index().Where(text => text.Item.CreatedAt <= fact.At && !_givenUp.Contains(text.Index))
            .Select(text => (text.Index, Attempt: text.Item.Attempts.LastOrDefault(attempt => IsWaitedFor(attempt, fact))))
            .Where(text => text.Attempt is not null)
            // What was learnt of it later leaves open which it was.
            .OrderBy(text => text.Attempt!.State is AttemptState.Accepted or AttemptState.NoAnswer ? 0 : 1).ToList();
        var index = found.Count == 0 ? 0 : found[0].Index;
        _givenUp.Add(index);
        return index + 1;
    }

    private bool IsWaitedFor(TextAttempt attempt, FlowEvent fact) => attempt.Gateway == fact.Gateway
        && (fact.Code == FlowEventCode.TextStuck
            ? attempt is { AwaitsHandover: true, State: not (AttemptState.Submitting or AttemptState.NoAnswer or AttemptState.Refused) }
                && attempt.BegunAt + TextTimes.Handover <= fact.At
            : _silent.Contains(attempt) && attempt.BegunAt + TextTimes.WithoutAnswer <= fact.At);

    /// <summary>The text that had to be looked at before this was told of it, from 1; null where it was told by itself.</summary>
    public int? LookedAtFor(FlowEvent fact) => _unsent.TryGetValue(fact, out var of) && of.IsLookedAt ? of.Text : null;

    private ScenarioText Read(int number, OutcomeText text)
    {
        var attempts = text.Attempts;
        var gateways = attempts.Select(attempt => attempt.Gateway.ToString()).Distinct(StringComparer.Ordinal).ToList();
        var isLost = OfBeginning(number, text);
        foreach (var index in Enumerable.Range(0, attempts.Count))
        {
            OfAttempt(number, attempts, index);
        }
        var reason = UnsentReason(number, text, isLost);
        if (reason is null && IsDropped(text))
        {
            // Another one would have had it next, but nobody waited for it any more.
            gateways.Add(AnotherGateway);
        }
        string? optedOut = null;
        if (reason == FlowReason.OptedOut)
        {
            optedOut = gateways.Count == 0 ? AnyGateway : AnotherGateway;
            gateways.Add(optedOut);
        }
        else if (attempts.Count == 0 && reason != FlowReason.NoGateway)
        {
            gateways.Add(AnyGateway);
        }
        var handover = attempts.Where(attempt => attempt.AwaitsHandover).Select(attempt => attempt.Gateway.ToString())
            .Distinct(StringComparer.Ordinal).ToList();
        return new ScenarioText(gateways, handover.Count == 0 ? null : handover, optedOut, isLost);
    }

    /// <summary>Whether the process that wrote it did not come to hand it over.</summary>
    private bool OfBeginning(int number, OutcomeText text)
    {
        if (text.Attempts is not [{ BegunAt: var begun }, ..])
        {
            return text.Kind != TextKind.DeviceNotice && !WasGivenUpAtOnce(text);
        }
        // A notice is always left to whoever looks next.
        var isLeft = text.Kind == TextKind.DeviceNotice || begun - text.CreatedAt >= TextTimes.TakeUp;
        if (isLeft)
        {
            Add(begun, ScenarioActs.ClockText, number);
        }
        return isLeft && text.Kind != TextKind.DeviceNotice;
    }

    private bool WasGivenUpAtOnce(OutcomeText text) => Unsent(text.CreatedAt, isLate: false) is { } fact
        && (fact.Cause ?? fact.Reason) is FlowReason.NoGateway or FlowReason.OptedOut && fact.At - text.CreatedAt < TextTimes.TakeUp;

    private void OfAttempt(int number, IReadOnlyList<TextAttempt> attempts, int index)
    {
        var attempt = attempts[index];
        var (hasDied, told) = AskerOf(attempts, index);
        var silence = Told(FlowEventCode.TextUnanswered, attempt);
        var taken = index == 0 ? null : Told(FlowEventCode.TextAccepted, attempt);
        var isRefusedLater = IsRefusedLater(attempts, index, isAnswered: silence is not null || taken is not null || hasDied);
        var before = told is null ? [] : _flow.Facts.TakeWhile(fact => !ReferenceEquals(fact, told)).ToList();
        var isOvertaken = before.Exists(fact => ReferenceEquals(AttemptOf(fact), attempt));
        if (isRefusedLater)
        {
            _refusedLater.Add(attempt);
        }
        if (isOvertaken)
        {
            OfReceipt(number, attempt, index + 1, isAnswered: false, isRefusedLater);
        }
        if (silence is not null)
        {
            _silent.Add(attempt);
            OfSilence(number, attempt, silence);
        }
        else if (attempt.State == AttemptState.Refused && !isRefusedLater)
        {
            Answer(number, attempt, attempt.ChangedAt, ScenarioActs.Refused, step => step with
            {
                Reason = TextNews.CodeOf(attempt.Why),
                Pause = attempt.AgainAt is { } again ? ScenarioTime.Between(attempt.ChangedAt, again) : null,
            });
        }
        else if (attempt.State != AttemptState.Submitting && !hasDied)
        {
            var known = taken is not null && !isOvertaken ? taken.At
                : attempt.State == AttemptState.Accepted ? attempt.ChangedAt : attempt.BegunAt;
            Answer(number, attempt, before.Select(fact => fact.At).Append(known).Max(), ScenarioActs.Accepted);
        }
        if (!isOvertaken)
        {
            OfReceipt(number, attempt, index + 1, isAnswered: silence is null && !hasDied, isRefusedLater);
        }
        if (index + 1 < attempts.Count && !FollowsByItself(attempts, index, isRefusedLater))
        {
            Add(attempts[index + 1].BegunAt, ScenarioActs.ClockText, number);
        }
    }

    /// <summary>Either the gateway says that it does not know, or it was being asked when the process died, which others find.</summary>
    private void OfSilence(int number, TextAttempt attempt, FlowEvent silence)
    {
        if (silence.At - attempt.BegunAt >= TextTimes.WithoutAnswer)
        {
            Add(silence.At, ScenarioActs.ClockText, number);
        }
        else
        {
            Answer(number, attempt, silence.At, ScenarioActs.Silence);
        }
    }

    /// <summary>
    /// Whoever asks a gateway tells the flow after its answer what was before: that another has refused the text, or is stuck with it.
    /// </summary>
    /// <returns>Whether it died before, and that fact; null where there was nothing to tell.</returns>
    private (bool HasDied, FlowEvent? Told) AskerOf(IReadOnlyList<TextAttempt> attempts, int index)
    {
        var attempt = attempts[index];
        if (index > 0 && FollowsByItself(attempts, index - 1, _refusedLater.Contains(attempts[index - 1])))
        {
            var refused = Told(FlowEventCode.TextRefused, attempts[index - 1]);
            return (refused is null, refused);
        }
        return (
            attempt.State == AttemptState.Accepted && attempt.ChangedAt - attempt.BegunAt >= TextTimes.WithoutAnswer,
            _flow.Facts.FirstOrDefault(fact => fact is { Code: FlowEventCode.TextStuck, Reason: null } && fact.At == attempt.BegunAt));
    }

    /// <summary>Whoever was refused found at once that nothing was left, and told both.</summary>
    /// <param name="index">Of the fact that it was given up.</param>
    public bool IsGivenUpByItself(int index) => RefusedBefore(index) is not null;

    /// <summary>Whether nothing was left when a gateway had refused a text.</summary>
    public bool IsLastWord(TextAttempt refused) => _flow.Facts.Index().Any(fact =>
        (fact.Item.Code == FlowEventCode.TextUnknown || fact.Item is { Code: FlowEventCode.TextStuck, Reason: not null })
        && ReferenceEquals(RefusedBefore(fact.Index), refused));

    private TextAttempt? RefusedBefore(int index) =>
        _flow.Facts.ElementAtOrDefault(index - 1) is { Code: FlowEventCode.TextRefused } before
            && _flow.Facts[index].At - before.At < _atOnce && AttemptOf(before) is { } attempt && !_refusedLater.Contains(attempt)
            && _flow.Texts.First(text => text.Attempts.Contains(attempt, ReferenceEqualityComparer.Instance)).Attempts
                .Any(other => other.Gateway == _flow.Facts[index].Gateway)
            ? attempt : null;

    private void OfReceipt(int number, TextAttempt attempt, int index, bool isAnswered, bool isRefusedLater)
    {
        var (answer, code) = attempt.State switch
        {
            AttemptState.Accepted when !isAnswered => (ScenarioActs.Accepted, FlowEventCode.TextAccepted),
            AttemptState.Enroute => (ScenarioActs.Enroute, null),
            AttemptState.Delivered => (ScenarioActs.Delivered, FlowEventCode.TextDelivered),
            AttemptState.Undelivered => (ScenarioActs.Undelivered, FlowEventCode.TextUndelivered),
            AttemptState.Expired => (ScenarioActs.Expired, FlowEventCode.TextExpired),
            AttemptState.Refused when isRefusedLater => (ScenarioActs.Refused, FlowEventCode.TextRefused),
            _ => ((string?)null, (string?)null),
        };
        if (answer is not null)
        {
            // The flow is told before the text.
            Add((code is null ? null : Told(code, attempt))?.At ?? attempt.ChangedAt, ScenarioActs.GatewayReports, number, step => step with
            {
                Attempt = index, Answer = answer, Word = ScenarioCodes.OfOperator(attempt.NetworkError),
            });
        }
    }

    /// <summary>A receipt says that the operator refused it. It asks no other gateway: that waits until somebody looks.</summary>
    /// <param name="isAnswered">The flow was told before that the gateway has taken it, or kept silent.</param>
    private static bool IsRefusedLater(IReadOnlyList<TextAttempt> attempts, int index, bool isAnswered) =>
        attempts[index] is { State: AttemptState.Refused, Why: SmsRefusal.Other, AgainAt: null } attempt
        && (isAnswered || attempt.NetworkError is not null
            || (attempts.ElementAtOrDefault(index + 1) is { } next && next.BegunAt - attempt.ChangedAt >= _atOnce
                && attempts.Take(index + 1).All(former => former.Gateway != next.Gateway)));

    /// <summary>Whoever was refused asks the next gateway at once.</summary>
    private static bool FollowsByItself(IReadOnlyList<TextAttempt> attempts, int index, bool isRefusedLater) =>
        attempts[index].State == AttemptState.Refused && !isRefusedLater
        && attempts.Take(index + 1).All(former => former.Gateway != attempts[index + 1].Gateway);

    private static bool IsDropped(OutcomeText text) =>
        text is { State: TextState.Expired, Attempts: [.., { State: AttemptState.Refused } last] }
        && (last.AgainAt is null || text.Attempts.Count(attempt => attempt.Gateway == last.Gateway) == TextTimes.TriesAtOneGateway);

    private string? UnsentReason(int number, OutcomeText text, bool isLost)
    {
        var isEnded = text.State == TextState.Refused
            || (text.State == TextState.Expired && text.Attempts.All(attempt => attempt.State != AttemptState.Expired));
        var last = text.Attempts.Count == 0 ? text.CreatedAt : text.Attempts.Max(attempt => attempt.ChangedAt);
        if (!isEnded || Unsent(last, text.State == TextState.Expired) is not { } fact)
        {
            return null;
        }
        var isLookedAt = isLost || text.Kind == TextKind.DeviceNotice && text.Attempts.Count == 0
            || fact.At - last >= (IsAnybodyAt(text, last) ? TextTimes.TakeUp : _atOnce)
            || (text.Attempts is [.., var final] && _refusedLater.Contains(final));
        _unsent[fact] = (number, isLookedAt);
        return fact.Cause ?? fact.Reason;
    }

    /// <summary>Whether the process that wrote the text, or was refused it, goes on with it, however slowly: no gateway rests.</summary>
    private bool IsAnybodyAt(OutcomeText text, DateTimeOffset last) =>
        text.Attempts.All(attempt => attempt.AgainAt is null || attempt.AgainAt <= last)
        && (text.Attempts is not [.., var final] || (final.State == AttemptState.Refused && !_refusedLater.Contains(final)));

    /// <summary>The first time after a moment that a text was told unsent.</summary>
    /// <param name="isLate">For want of time.</param>
    private FlowEvent? Unsent(DateTimeOffset after, bool isLate) => _flow.Facts.FirstOrDefault(fact =>
        fact.At >= after && !_unsent.ContainsKey(fact)
        && (fact.Code is FlowEventCode.TextUnavailable or FlowEventCode.DeviceNoticeUnsent
            || fact is { Code: FlowEventCode.PossessionFailed, Reason: FlowReason.NoText })
        && (!isLate || (fact.Cause ?? fact.Reason) == FlowReason.TooLittleTime));

    /// <summary>The fact of this code that an attempt has left; null for none.</summary>
    private FlowEvent? Told(string code, TextAttempt attempt) =>
        _flow.Facts.LastOrDefault(fact => fact.Code == code && ReferenceEquals(AttemptOf(fact), attempt));

    /// <summary>The attempt that a fact is about: of those that its gateway was at, the one that changed with it, or the last.</summary>
    private TextAttempt? AttemptOf(FlowEvent fact) => _flow.Texts.SelectMany(text => text.Attempts)
        .Where(attempt => attempt.Gateway == fact.Gateway && attempt.BegunAt <= fact.At && fact.At <= attempt.ChangedAt)
        .OrderBy(attempt => attempt.ChangedAt == fact.At).ThenBy(attempt => attempt.BegunAt).LastOrDefault();

    private void Answer(
        int number, TextAttempt attempt, DateTimeOffset at, string answer, Func<ScenarioStep, ScenarioStep>? with = null) =>
        Add(at, ScenarioActs.GatewayAnswers, number, step =>
        {
            var told = step with { Gateway = attempt.Gateway.ToString(), Answer = answer };
            return with is null ? told : with(told);
        });

    private void Add(DateTimeOffset at, string act, int number, Func<ScenarioStep, ScenarioStep>? with = null)
    {
        var step = new ScenarioStep(0, act) { Text = number };
        _steps.Add((at, with is null ? step : with(step)));
    }
}
