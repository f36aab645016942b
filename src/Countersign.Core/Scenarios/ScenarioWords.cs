using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Limits;
using Countersign.Core.PreFill;

namespace Countersign.Core.Scenarios;

/// <summary>The words of a scenario's file: for ever, as files are kept.</summary>
public static class ScenarioWords
{
    public const string Right = "right";
    public const string Wrong = "wrong";
    public const string Another = "another";

    /// <summary>In the place of a reason, a rule or a word that is no code.</summary>
    public const string Other = "other";

    public static IReadOnlyDictionary<string, Product> Products { get; } =
        ((Product[])[Product.VerifiedUsers, Product.PreFill, Product.Unify]).ToDictionary(Core.Products.WordOf, StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, FlowType> Types { get; } =
        ((FlowType[])[FlowType.Mobile, FlowType.Desktop, FlowType.None]).ToDictionary(FlowTypes.WordOf, StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, StartShape> Shapes { get; } = new Dictionary<string, StartShape>(StringComparer.Ordinal)
    {
        ["pre-fill"] = StartShape.PreFill, ["identity"] = StartShape.Identity,
    };

    public static IReadOnlyDictionary<string, RiskSignal> Signals { get; } = new Dictionary<string, RiskSignal>(StringComparer.Ordinal)
    {
        [FlowReason.SimSwap] = RiskSignal.SimSwap, [FlowReason.SimSwapInWeek] = RiskSignal.SimSwapInWeek,
        [FlowReason.Recycled] = RiskSignal.Recycled, [FlowReason.VeryShortTenure] = RiskSignal.VeryShortTenure,
        [FlowReason.ShortTenure] = RiskSignal.ShortTenure,
    };

    public static IReadOnlyDictionary<string, PossessionVerdict> Verdicts { get; } =
        Enum.GetValues<PossessionVerdict>().ToDictionary(PossessionVerdicts.WordOf, StringComparer.Ordinal);

    /// <summary>The limits of a line, by which a scenario can be stopped.</summary>
    public static IReadOnlyList<string> Limits { get; } =
    [
        LimitRule.GuessesOfLine, LimitRule.GuessesOfProject, LimitRule.TextsOfLineInHour, LimitRule.TextsOfLineInDay,
        LimitRule.TextsOfProjectInHour, LimitRule.TextsOfProjectInDay,
    ];

    /// <summary>The word of a value.</summary>
    public static string Of<T>(IReadOnlyDictionary<string, T> words, T value)
        where T : struct =>
        words.First(word => EqualityComparer<T>.Default.Equals(word.Value, value)).Key;
}

/// <summary>What a step may do, and which members it takes.</summary>
/// <param name="Needs">Members that must be there.</param>
/// <param name="Takes">Members that may be there.</param>
/// <param name="Answers">What <see cref="ScenarioStep.Answer"/> may be; empty where it is not asked for.</param>
public sealed record ScenarioAct(string Word, string[] Needs, string[] Takes, string[] Answers)
{
    public override string ToString() => Word;
}

/// <inheritdoc cref="ScenarioAct"/>
public static class ScenarioActs
{
    public const string Start = "start";
    public const string Cancel = "cancel";
    public const string Validate = "validate";
    public const string Challenge = "challenge";
    public const string Complete = "complete";
    public const string OwnCheck = "own-check";
    public const string MobileAuthBegin = "mobile-auth.begin";
    public const string MobileAuthReturn = "mobile-auth.return";
    public const string MobileAuthFail = "mobile-auth.fail";
    public const string CodeBegin = "code.begin";
    public const string CodeEnter = "code.enter";
    public const string LinkBegin = "link.begin";
    public const string LinkConfirm = "link.confirm";
    public const string LinkDecline = "link.decline";
    public const string GiveUp = "give-up";
    public const string DeviceRegister = "device.register";
    public const string DeviceFail = "device.fail";
    public const string DeviceProve = "device.prove";
    public const string PasskeyAnswer = "passkey.answer";
    public const string GatewayAnswers = "gateway.answers";
    public const string GatewayReports = "gateway.reports";
    public const string SourceAnswers = "source.answers";
    public const string RiskAnswers = "risk.answers";
    public const string NumberLost = "number.lost";
    public const string LimitReached = "limit.reached";
    public const string ClockFlow = "clock.flow";
    public const string ClockText = "clock.text";

    public const string Open = "open";
    public const string Unavailable = "unavailable";
    public const string PageNotAllowed = "page-not-allowed";
    public const string SameNumber = "same-number";
    public const string AnotherNumber = "another-number";
    public const string AnotherFlow = "another-flow";
    public const string Accepted = "accepted";
    public const string Refused = "refused";
    public const string Silence = "none";
    public const string Enroute = "enroute";
    public const string Delivered = "delivered";
    public const string Undelivered = "undelivered";
    public const string Expired = "expired";
    public const string Matched = "matched";
    public const string Differs = "differs";
    public const string NotComparable = "not-comparable";
    public const string NoRecord = "no-record";
    public const string Down = "down";
    public const string Found = "found";

    private const string AnswerMember = "answer";
    private const string ReasonMember = "reason";

    public static IReadOnlyDictionary<string, ScenarioAct> All { get; } = new ScenarioAct[]
    {
        new(Start, [], [], []),
        new(Cancel, [], [], []),
        new(Validate, [], [], []),
        new(Challenge, [], [], []),
        new(Complete, [], [], []),
        new(OwnCheck, [], [], []),
        new(MobileAuthBegin, [AnswerMember], [ReasonMember, "silent"], [Open, Unavailable, PageNotAllowed]),
        new(MobileAuthReturn, [AnswerMember], [ReasonMember], [SameNumber, AnotherNumber, AnotherFlow, Unavailable]),
        new(MobileAuthFail, [], [], []),
        new(CodeBegin, [], ["number"], []),
        new(CodeEnter, ["entry"], [], []),
        new(LinkBegin, [], ["number", "again"], []),
        new(LinkConfirm, ["entry"], [], []),
        new(LinkDecline, [], [], []),
        new(GiveUp, [], [], []),
        new(DeviceRegister, [], [], []),
        new(DeviceFail, [], [], []),
        new(DeviceProve, [], [], []),
        new(PasskeyAnswer, [ReasonMember], [], []),
        new(GatewayAnswers, ["text", "gateway", AnswerMember], [ReasonMember, "pause"], [Accepted, Refused, Silence]),
        new(GatewayReports, ["text", "attempt", AnswerMember], ["word"],
            [Accepted, Enroute, Delivered, Undelivered, Expired, Refused]),
        new(SourceAnswers, [AnswerMember], ["rule", "source"], [Matched, Differs, NotComparable, NoRecord, Down, Found]),
        new(RiskAnswers, [], ["given", "unknown"], []),
        new(NumberLost, [], [], []),
        new(LimitReached, ["limit"], [], []),
        new(ClockFlow, [], [], []),
        new(ClockText, ["text"], [], []),
    }.ToDictionary(act => act.Word, StringComparer.Ordinal);
}
