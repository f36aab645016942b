using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Possession;

namespace Countersign.Core.Scenarios;

/// <summary>
/// Reads out of a flow's facts what was done, and when. A fact that follows from a step by itself stands at that step's moment: what the
/// server took in between is not part of the flow.
/// </summary>
internal sealed class ScenarioBuilder
{
    private readonly FlowAccount _flow;
    private readonly Ending _ending;
    private readonly ScenarioTexts _texts;
    private readonly ScenarioLives _lives;
    private readonly ScenarioRisk _risk;
    private readonly List<(DateTimeOffset At, ScenarioStep Step)> _steps = [];

    // The network was asked, and has not answered yet.
    private bool _isNetworkAsked;

    public ScenarioBuilder(FlowAccount flow, Ending ending, PossessionOptions options)
    {
        (_flow, _ending) = (flow, ending);
        _texts = new ScenarioTexts(flow);
        _lives = new ScenarioLives(flow, _texts, options);
        _risk = new ScenarioRisk(flow);
    }

    private bool IsDesktop => _flow.Type == FlowType.Desktop;

    private bool ProvesItself => _flow.Facts.Any(fact => fact.Reason == FlowReason.WithoutBrowser);

    /// <summary>It was brought to its result before it was stored, all at one moment.</summary>
    private bool IsSettledAtOnce => ProvesItself || (_flow is { Type: FlowType.None, Product: Product.VerifiedUsers });

    private bool IsProvenByKey => _flow.Facts.Any(fact =>
        fact.Code == FlowEventCode.PossessionProven && fact.Method == PossessionMethod.DeviceKey.Name
        && fact.Reason != FlowReason.WithoutBrowser);

    private bool TiesDevice => !IsProvenByKey && (Has(FlowEventCode.DeviceLeftOut) || _texts.HasNotice
        || _flow.Facts.Any(fact => fact.Code == FlowEventCode.BindingDone && HasReason(fact, FlowReason.WithDevice)));

    public Scenario Build()
    {
        Add(_flow.BegunAt, ScenarioActs.Start);
        foreach (var (index, fact) in _flow.Facts.Index())
        {
            OfFact(index, fact);
        }
        var steps = _steps.Select(one => (one.At, Rank: 0, one.Step)).Concat(_texts.Steps.Select(one => (one.At, Rank: 1, one.Step)))
            .OrderBy(one => one.At).ThenBy(one => one.Rank).Select(one => one.Step with { At = Offset(one.At) }).ToList();
        return new Scenario
        {
            Version = Scenario.PresentVersion,
            Flow = OfFlow(),
            Texts = _texts.All.Count == 0 ? null : _texts.All,
            Steps = steps,
            Expected = new ScenarioExpectation(
                [.. _flow.Facts.Select(fact => ScenarioFacts.Of(fact, MomentOf(fact.At), _flow.BegunAt))],
                _ending.End, _ending.At == _flow.ExpiresAt ? Offset(_flow.ExpiresAt) : MomentOf(_ending.At),
                PossessionVerdicts.WordOf(_flow.Possession), ScenarioCodes.Of(_ending.Reason), _flow.Method),
        };

        decimal MomentOf(DateTimeOffset at) => steps.FindLast(step => step.At <= Offset(at))!.At;
    }

    private decimal Offset(DateTimeOffset at) => ScenarioTime.Between(_flow.BegunAt, at);

    private ScenarioFlow OfFlow() => new()
    {
        Product = Products.WordOf(_flow.Product),
        Type = FlowTypes.WordOf(_flow.Type),
        Shape = _flow.Product != Product.PreFill ? null : Has(FlowEventCode.ChallengeAccepted)
            || _ending.End is FlowEnd.RanOutAwaitingChallenge || !HasReachedComplete() ? "pre-fill" : "identity",
        Life = Offset(_flow.ExpiresAt),
        CodeLife = _lives.Of(PossessionMethod.Otp),
        LinkLife = _lives.Of(PossessionMethod.InstantLink),
        MobileAuthLife = _lives.Of(PossessionMethod.MobileAuth),
        Entries = _lives.Entries,
        Resends = _lives.Resends,
        NumberChanges = _lives.NumberChanges,
        MayNotChangeNumber = Has(FlowEventCode.PermissionMissing),
        MatchesLinks = IsDesktop && (Has(FlowEventCode.EntryWrong) || _flow.Facts.Any(fact =>
            fact.Code == FlowEventCode.PossessionFailed && fact.Reason == FlowReason.WrongEntries)),
        ProvesItself = ProvesItself,
        TakesNoText = _flow.Facts.Any(fact =>
            fact.Code == FlowEventCode.PossessionFailed && fact.Method == PossessionMethod.MobileAuth.Name
            && fact.Reason is FlowReason.Expired or FlowReason.NoText or FlowReason.WrongEntries),
        IsAskedFor = Has(FlowEventCode.BindingAnotherPerson),
        IsRemembered = IsProvenByKey,
        TellsOfDevices = _texts.HasNotice || Has(FlowEventCode.DeviceNoticeUnsent),
        Refuses = _risk.Refused.Count == 0 ? null : _risk.Refused,
        RefusesUnknown = _risk.RefusesUnknown,
    };

    private bool HasReachedComplete() => Has(FlowEventCode.CompleteAccepted) || _ending.End == FlowEnd.RanOutAwaitingComplete;

    private void OfFact(int index, FlowEvent fact)
    {
        switch (fact.Code)
        {
            case FlowEventCode.MobileAuthBegun:
                _isNetworkAsked = true;
                Add(fact.At, ScenarioActs.MobileAuthBegin, step => step with
                {
                    Answer = ScenarioActs.Open, Silent = Has(FlowEventCode.DeviceLeftOut),
                });
                break;
            case FlowEventCode.MobileAuthUnavailable:
                OfNetwork(fact.At, fact.Reason);
                break;
            case FlowEventCode.MobileAuthRefused:
                OfReturn(fact.At, fact.Reason);
                break;
            case FlowEventCode.MobileAuthExpired or FlowEventCode.BindingExpired:
                _isNetworkAsked = false;
                Add(fact.At, ScenarioActs.ClockFlow);
                break;
            case FlowEventCode.OtpBegun or FlowEventCode.InstantLinkBegun or FlowEventCode.TextResent or FlowEventCode.NumberChanged
                or FlowEventCode.PermissionMissing:
                OfAsking(fact);
                break;
            case FlowEventCode.DeviceKeyUnavailable:
                Add(fact.At, TiesDevice ? ScenarioActs.DeviceRegister : ScenarioActs.DeviceFail);
                break;
            case FlowEventCode.PasskeyRefused:
                Add(fact.At, ScenarioActs.PasskeyAnswer, step => step with { Reason = ScenarioCodes.Of(fact.Reason) });
                break;
            case FlowEventCode.EntryWrong:
                Enter(fact.At, ScenarioWords.Wrong);
                break;
            case FlowEventCode.PossessionProven when fact.Reason != FlowReason.WithoutBrowser:
                OfProof(fact);
                break;
            // A limit is told once: of the next text that it stops there is the end alone.
            case FlowEventCode.PossessionFailed when fact.Reason == FlowReason.BudgetSpent:
                OfSpent(index, fact);
                break;
            case FlowEventCode.PossessionFailed:
                OfFailure(fact);
                break;
            case FlowEventCode.BudgetSpent:
                OfLimit(index, fact);
                break;
            case FlowEventCode.TextUnknown:
            case FlowEventCode.TextStuck when fact.Reason is not null:
                OfGivenUp(index, fact);
                break;
            case FlowEventCode.TextUnavailable or FlowEventCode.DeviceNoticeUnsent:
                OfUnsent(fact);
                break;
            default:
                OfRest(index, fact);
                break;
        }
    }

    private void OfAsking(FlowEvent fact) => Ask(
        fact.At, again: fact.Code == FlowEventCode.TextResent,
        another: fact.Code is FlowEventCode.NumberChanged or FlowEventCode.PermissionMissing);

    /// <summary>The page asks for a text.</summary>
    private void Ask(DateTimeOffset at, bool again, bool another) =>
        Add(at, IsDesktop ? ScenarioActs.LinkBegin : ScenarioActs.CodeBegin, step => step with
        {
            Again = IsDesktop && again, Number = another ? ScenarioWords.Another : null,
        });

    /// <summary>What the relying party does, and whom the server asks for it.</summary>
    private void OfRest(int index, FlowEvent fact)
    {
        switch (fact.Code)
        {
            case FlowEventCode.PossessionReported:
                Add(fact.At, ScenarioActs.Validate);
                break;
            case FlowEventCode.FlowCancelled when !_flow.Facts.Take(index).Any(former => former.Reason == FlowReason.Cancelled):
                Add(fact.At, ScenarioActs.Cancel);
                break;
            case FlowEventCode.ChallengeAccepted:
                Add(fact.At, ScenarioActs.Challenge);
                break;
            case FlowEventCode.CompleteAccepted:
                Add(fact.At, ScenarioActs.Complete);
                break;
            case FlowEventCode.ChallengeAnswered or FlowEventCode.CompleteAnswered:
                OfSource(fact, ScenarioActs.Found);
                break;
            case FlowEventCode.IdentityMatched or FlowEventCode.IdentityDiffers or FlowEventCode.IdentityNotComparable
                or FlowEventCode.IdentityNoRecord:
                OfSource(fact, fact.Code["identity.".Length..]);
                break;
            case FlowEventCode.IdentitySourceUnavailable when fact.At >= _flow.ExpiresAt:
                Add(fact.At, ScenarioActs.ClockFlow);
                break;
            case FlowEventCode.IdentitySourceUnavailable:
                OfSource(fact, ScenarioActs.Down);
                break;
            case FlowEventCode.OwnCheckPassed:
                Add(fact.At, ScenarioActs.OwnCheck);
                break;
            case FlowEventCode.BindingAnotherPerson or FlowEventCode.BindingKeyVoid:
                Add(fact.At, ScenarioActs.NumberLost);
                OfRisk(fact);
                break;
            case FlowEventCode.BindingDone or FlowEventCode.PossessionNotAccepted:
                OfRisk(fact);
                break;
        }
    }

    private void OfNetwork(DateTimeOffset at, string? reason)
    {
        if (_isNetworkAsked && reason == FlowReason.BrowserFailed)
        {
            _isNetworkAsked = false;
            Add(at, ScenarioActs.MobileAuthFail);
        }
        else if (_isNetworkAsked)
        {
            OfReturn(at, reason);
        }
        else if (reason == FlowReason.BrowserFailed)
        {
            Add(at, ScenarioActs.MobileAuthFail);
        }
        else
        {
            Add(at, ScenarioActs.MobileAuthBegin, step => reason == FlowReason.PageNotAllowed
                ? step with { Answer = ScenarioActs.PageNotAllowed }
                : step with { Answer = ScenarioActs.Unavailable, Reason = ScenarioCodes.Of(reason) });
        }
    }

    private void OfReturn(DateTimeOffset at, string? reason)
    {
        _isNetworkAsked = false;
        Add(at, ScenarioActs.MobileAuthReturn, step => reason switch
        {
            FlowReason.AnotherNumber => step with { Answer = ScenarioActs.AnotherNumber },
            FlowReason.AnotherFlow => step with { Answer = ScenarioActs.AnotherFlow },
            _ => step with { Answer = ScenarioActs.Unavailable, Reason = ScenarioCodes.Of(reason) },
        });
    }

    private void OfProof(FlowEvent fact)
    {
        if (fact.Method == PossessionMethod.MobileAuth.Name)
        {
            Add(fact.At, ScenarioActs.MobileAuthReturn, step => step with { Answer = ScenarioActs.SameNumber });
        }
        else if (fact.Method == PossessionMethod.DeviceKey.Name)
        {
            Add(fact.At, ScenarioActs.DeviceProve);
        }
        else
        {
            Enter(fact.At, ScenarioWords.Right);
        }
    }

    private void OfFailure(FlowEvent fact)
    {
        var isNetwork = fact.Method == PossessionMethod.MobileAuth.Name;
        switch (fact.Reason)
        {
            case FlowReason.Expired:
                Add(fact.At, ScenarioActs.ClockFlow);
                break;
            case FlowReason.WrongEntries when isNetwork:
                OfReturn(fact.At, fact.Cause);
                break;
            case FlowReason.WrongEntries:
                Enter(fact.At, ScenarioWords.Wrong);
                break;
            case FlowReason.NoText when isNetwork:
                OfNetwork(fact.At, fact.Cause);
                break;
            case FlowReason.NoText:
                OfUnsent(fact);
                break;
            case FlowReason.GivenUp:
                Add(fact.At, ScenarioActs.GiveUp);
                break;
            case FlowReason.Declined:
                Add(fact.At, ScenarioActs.LinkDecline);
                break;
            case FlowReason.Cancelled:
                Add(fact.At, ScenarioActs.Cancel);
                break;
        }
    }

    /// <summary>Others have used up what there was; then somebody asks for one more.</summary>
    private void OfLimit(int index, FlowEvent fact)
    {
        var isEnd = _flow.Facts.ElementAtOrDefault(index + 1) is
        {
            Code: FlowEventCode.PossessionFailed, Reason: FlowReason.BudgetSpent,
        } next && next.At == fact.At;
        var isOut = IsTextOut(index);
        Add(fact.At, ScenarioActs.LimitReached, step => step with { Limit = ScenarioFacts.LimitOf(fact.Limit!, _flow.BegunAt) });
        if (isOut && fact.Limit!.Rule is LimitRule.GuessesOfLine or LimitRule.GuessesOfProject)
        {
            Enter(fact.At, ScenarioWords.Wrong);
            return;
        }
        Ask(fact.At, again: isOut && !isEnd, another: isOut && isEnd);
    }

    private void OfSpent(int index, FlowEvent fact)
    {
        if (index == 0 || _flow.Facts[index - 1] is not { Code: FlowEventCode.BudgetSpent } told || told.At != fact.At)
        {
            Ask(fact.At, again: false, another: IsTextOut(index));
        }
    }

    private bool IsTextOut(int index) => _flow.Facts.Take(index).Any(former => former.Code is FlowEventCode.OtpBegun
        or FlowEventCode.InstantLinkBegun or FlowEventCode.NumberChanged or FlowEventCode.TextResent);

    private void OfGivenUp(int index, FlowEvent fact)
    {
        if (!_texts.IsGivenUpByItself(index))
        {
            Add(fact.At, ScenarioActs.ClockText, step => step with { Text = _texts.GivenUp(fact) });
        }
    }

    private void OfUnsent(FlowEvent fact)
    {
        if (_texts.LookedAtFor(fact) is { } text)
        {
            Add(fact.At, ScenarioActs.ClockText, step => step with { Text = text });
        }
    }

    private void OfSource(FlowEvent fact, string answer)
    {
        var at = At(fact);
        if (_risk.Refused.Count > 0)
        {
            Add(at, ScenarioActs.RiskAnswers);
        }
        Add(at, ScenarioActs.SourceAnswers, step => step with
        {
            Answer = answer, Rule = ScenarioCodes.Of(fact.Rule), Source = fact.Source?.ToString(),
        });
    }

    private void OfRisk(FlowEvent fact)
    {
        var (given, unknown) = _risk.Of(fact);
        Add(At(fact), ScenarioActs.RiskAnswers, step => step with
        {
            Given = given.Count == 0 ? null : given, Unknown = unknown.Count == 0 ? null : unknown,
        });
    }

    private DateTimeOffset At(FlowEvent fact) => IsSettledAtOnce && fact.At < _flow.ExpiresAt && _steps.Count == 1
        ? _flow.BegunAt : fact.At;

    private void Enter(DateTimeOffset at, string entry) =>
        Add(at, IsDesktop ? ScenarioActs.LinkConfirm : ScenarioActs.CodeEnter, step => step with { Entry = entry });

    private void Add(DateTimeOffset at, string act, Func<ScenarioStep, ScenarioStep>? with = null)
    {
        // A text's news may be told after what happened later.
        var moment = _steps is [.., var last] && last.At > at ? last.At : at;
        var step = new ScenarioStep(0, act);
        _steps.Add((moment, with is null ? step : with(step)));
    }

    private bool Has(string code) => _flow.Facts.Any(fact => fact.Code == code);

    private static bool HasReason(FlowEvent fact, string reason) =>
        fact.Reason?.Split(',').Contains(reason, StringComparer.Ordinal) == true;
}
