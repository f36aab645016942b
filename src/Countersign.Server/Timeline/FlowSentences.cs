using System.Collections.Frozen;
using System.Globalization;
using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Server.Timeline;

/// <summary>One line of a flow's timeline as people read it.</summary>
internal sealed record TimelineLine(DateTimeOffset At, string What)
{
    public static TimelineLine Of(FlowEvent happened) => new(happened.At, FlowSentences.Of(happened));
}

/// <summary>The sentence of each event and the words of each reason: the one place where a fact of a flow becomes a text.</summary>
internal static class FlowSentences
{
    private static readonly FrozenDictionary<string, string> _reasons = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [FlowReason.AnotherNumber] = "the network says another number",
        [FlowReason.AnotherFlow] = "what came back does not belong to this flow",
        [FlowReason.BrowserFailed] = "the browser could not ask the network",
        [FlowReason.PageNotAllowed] = "the page may not come back to where it asked to",
        [FlowReason.OtherAddress] = "not all of it came from one address",
        [FlowReason.UnknownAddress] = "the browser's address is not known",
        [FlowReason.NoOperatorConfigured] = "no operator is configured",
        [FlowReason.TestUser] = "the test user's network cannot be asked",
        [FlowReason.NotOnMobileNetwork] = "not on a mobile network",
        [FlowReason.NoOperator] = "no operator is responsible for this number and connection",
        [FlowReason.PageMustGo] = "the operator can only be asked by a page that goes there",
        [FlowReason.ImageBringsNothing] = "an image brings nothing back",
        [FlowReason.OperatorTookTooLong] = "took too long",
        [FlowReason.OperatorUnreachable] = "operator cannot be reached",
        [FlowReason.OperatorFailing] = "operator has failed too often lately",
        [FlowReason.OperatorFailed] = "operator reports a failure of its own",
        [FlowReason.AnswerUnreadable] = "the operator's answer cannot be read",
        [FlowReason.ConsentMissing] = "consent is missing",
        [FlowReason.OperatorDenied] = "the operator refused",
        [FlowReason.RequestRefused] = "the operator does not take this server's request",
        [FlowReason.ClientRefused] = "the operator does not know this server or its key",
        [FlowReason.CodeRefused] = "the code was not accepted",
        [FlowReason.TokenRefused] = "the access token was not accepted",
        [FlowReason.CheckRefused] = "the operator does not permit this check",
        [FlowReason.WrongIssuer] = "the operator's answer does not hold (issuer)",
        [FlowReason.WrongNonce] = "the operator's answer does not hold (nonce)",
        [FlowReason.WrongAudience] = "the operator's answer does not hold (audience)",
        [FlowReason.ExpiredToken] = "the operator's answer does not hold (expired)",
        [FlowReason.WrongSignature] = "the operator's answer does not hold (signature)",
        [FlowReason.NoIdToken] = "the operator's answer does not hold (no id token)",
        [FlowReason.Expired] = "time is over",
        [FlowReason.WrongEntries] = "wrong entries",
        [FlowReason.NoText] = "no text could be sent",
        [FlowReason.GivenUp] = "given up",
        [FlowReason.Declined] = "the phone's holder declined",
        [FlowReason.BudgetSpent] = "a limit or a cap stands in the way",
        [FlowReason.Cancelled] = "the relying party has cancelled the flow",
        [FlowReason.Undelivered] = "the text was not delivered",
        [FlowReason.SimSwap] = "SIM changed within 24 hours",
        [FlowReason.SimSwapInWeek] = "SIM changed within seven days",
        [FlowReason.Recycled] = "number recycled",
        [FlowReason.VeryShortTenure] = "very short tenure",
        [FlowReason.ShortTenure] = "short tenure",
        [FlowReason.RiskUnknown] = "nobody knows what has happened to the number",
        [FlowReason.NoGateway] = "no gateway for this number",
        [FlowReason.InvalidDestination] = "the number cannot receive texts",
        [FlowReason.BlockedDestination] = "the number is blocked",
        [FlowReason.OptedOut] = "the person wants no texts",
        [FlowReason.SenderNotAllowed] = "the sender is not allowed",
        [FlowReason.ContentRejected] = "the wording is not allowed",
        [FlowReason.Throttled] = "too many texts at once",
        [FlowReason.AuthFailed] = "wrong credentials",
        [FlowReason.InsufficientCredit] = "no credit left",
        [FlowReason.ProviderDown] = "not reachable",
        [FlowReason.TooLittleTime] = "too little time left",
        [FlowReason.NotWritten] = "the gateway's File could not be written",
        [FlowReason.Refused] = "refused",
        [FlowReason.PasskeyMalformed] = "what the browser sent cannot be read",
        [FlowReason.PasskeyNotAskedFor] = "it was not asked for",
        [FlowReason.PasskeyPageNotAllowed] = "the page is not one of the project's",
        [FlowReason.PasskeyCounter] = "its counter did not grow, so there may be a copy of it: it is not asked for again",
        [FlowReason.PasskeyOvertaken] = "a later proof of it was accepted before",
        [FlowReason.PasskeyNotVerified] = "nobody looked at who used it, which the project requires",
        [FlowReason.PasskeyBackupChanged] = "whether it can be copied has changed since it was registered: it is not asked for again",
        [FlowReason.PasskeyNotProven] = "its proof does not hold",
        [FlowReason.Untrusted] = "the number or the record cannot be trusted",
        [FlowReason.NothingKnown] = "no record, or nobody could be asked, or which of these and another name is not told",
        [FlowReason.AnotherName] = "there is a record under another name",
        [FlowReason.OnRecord] = "there is a record; no name was compared",
        [FlowReason.NameBelongs] = "name and number belong together",
        [FlowReason.ElementBelongs] = "name, number and one further element belong together",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Of(FlowEvent e) => e.Code switch
    {
        // Stored by a version that knew sentences alone.
        null => e.What ?? "not known: a former version has changed the flow since",
        FlowEventCode.PasskeyRefused => $"passkey refused ({Words(e.Reason)})",
        FlowEventCode.EntryWrong => "wrong entry",
        FlowEventCode.NumberChanged => "number changed",
        FlowEventCode.TextResent => "text sent again",
        FlowEventCode.PossessionProven =>
            $"possession proven by {e.Method}" + (e.Reason == FlowReason.WithoutBrowser ? " without a browser" : ""),
        FlowEventCode.PossessionFailed => $"possession failed: {Words(e.Reason)}{InBrackets(e.Cause)}",
        FlowEventCode.PossessionNotAccepted => $"possession not accepted: {Words(e.Reason)}",
        FlowEventCode.PossessionReported => "possession told to the relying party",
        FlowEventCode.FlowChanged => "changed",
        FlowEventCode.FlowCancelled => "cancelled by the relying party",
        FlowEventCode.FlowFinished => "finished without identity match",
        FlowEventCode.ChallengeAccepted => "challenge accepted",
        FlowEventCode.ChallengeAnswered => "challenge answered",
        FlowEventCode.CompleteAccepted => "complete accepted",
        FlowEventCode.CompleteAnswered => "completed",
        FlowEventCode.OwnCheckPassed => "the relying party's own check passed",
        FlowEventCode.BindingDone => "tied to its identity" + (Has(e, FlowReason.WithDevice) ? ", with a device" : "")
            + (Has(e, FlowReason.Recycled) ? " (number recycled)" : ""),
        FlowEventCode.BindingAnotherPerson => "the number is not the asked-for person's any more",
        FlowEventCode.BindingKeyVoid => "the key that proved it proves nothing any more",
        FlowEventCode.BindingExpired => "its life ended before it was tied to its identity",
        FlowEventCode.DeviceTied => "a device was tied to the person",
        FlowEventCode.DeviceNoticeUnsent => $"the person was not told of the device: {Words(e.Reason)}",
        FlowEventCode.DeviceLeftOut => "no device is tied: nobody saw that the network was asked",
        FlowEventCode.BudgetSpent => e.Limit is { } limit ? Of(limit) : "a limit is reached",
        FlowEventCode.CapReached => e.Cap is { } cap ? Of(cap) : "the cap on what texts may cost is reached",
        FlowEventCode.CapUnpriced =>
            $"no text is sent: there is a cap on what texts may cost, and Countersign:Prices has no price of the gateway {e.Gateway}",
        FlowEventCode.PermissionMissing => "the project may not do this",
        _ when e.Code.StartsWith("text.", StringComparison.Ordinal) => OfText(e),
        _ when e.Code.StartsWith("identity.", StringComparison.Ordinal) => OfIdentity(e),
        _ => OfMethod(e),
    };

    /// <summary>
    /// The same for a relying party: without the names of gateways and sources, amounts, rules, and what adapters say in words of their
    /// own. Null for what concerns the server's operator alone.
    /// </summary>
    public static string? ForRelyingParty(FlowEvent e) => e switch
    {
        { Limit.IsShadow: true } => null,
        { Code: FlowEventCode.CapReached or FlowEventCode.CapUnpriced } => "the cap on what texts may cost is reached",
        { Code: null } => "not known: a former version has stored it",
        _ => Of(e with
        {
            Gateway = null, OperatorWord = null, Rule = null, Source = null, Limit = null,
            Reason = CodesOf(e.Reason), Cause = CodesOf(e.Cause),
        }),
    };

    /// <summary>
    /// Why a gateway, or the operator behind it, did not take or deliver a text, with the operator's own word; null when nothing is known.
    /// </summary>
    public static string? Of(TextAttempt attempt) => (attempt.Why, attempt.NetworkError) switch
    {
        (null, var error) => error,
        ({ } why, var error) => Words(TextNews.CodeOf(why)) + (error is null ? "" : $" ({error})"),
    };

    /// <summary>Which limit is reached, and until when.</summary>
    public static string Of(LimitEvidence limit) => string.Create(
        CultureInfo.InvariantCulture,
        $"limit {limit.Rule} {(limit.IsShadow ? "would be" : "is")} reached{Counts(limit)} until {limit.Until:yyyy-MM-dd HH:mm:ss}Z");

    /// <summary>Which cap is reached, and until when.</summary>
    private static string Of(CapEvidence cap) => string.Create(
        CultureInfo.InvariantCulture,
        $"cap {cap.Rule} is reached ({Money(cap)} spent, the text would cost {Amount(cap.Cost)}) until {cap.Until:yyyy-MM-dd HH:mm:ss}Z");

    /// <summary>How much of a cap is spent, and when its window ends.</summary>
    public static string SpentOf(CapEvidence cap) =>
        string.Create(CultureInfo.InvariantCulture, $"{Money(cap)}, which ends at {cap.Until:yyyy-MM-dd HH:mm:ss}Z");

    private static string Money(CapEvidence cap) =>
        string.Create(CultureInfo.InvariantCulture, $"{cap.Spent:0.00####} of {cap.Cap:0.00####} {cap.Currency} a {cap.Window}");

    private static string Amount(decimal? amount) =>
        amount?.ToString("0.00####", CultureInfo.InvariantCulture) ?? "what no price list says";

    // Guesses are counted in shares of a day, which say nothing to a reader.
    private static string Counts(LimitEvidence limit) => limit.Rule.StartsWith("guesses.", StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $" ({100m * limit.Count / limit.Max:0}% of the day's guesses)")
        : string.Create(CultureInfo.InvariantCulture, $" ({limit.Count} of {limit.Max} in {limit.Seconds / 60} min)");

    private static string OfText(FlowEvent e) => OfText(e, e.Gateway?.ToString() ?? "the gateway");

    private static string OfText(FlowEvent e, string gateway) => e.Code switch
    {
        FlowEventCode.TextAccepted => $"{gateway} has taken the text",
        FlowEventCode.TextDelivered => $"{gateway} has delivered the text",
        FlowEventCode.TextRefused => $"{gateway} did not take the text: {Words(e.Reason)}{AsItIs(e.OperatorWord)}",
        FlowEventCode.TextUnanswered => $"{gateway} did not answer",
        FlowEventCode.TextStuck =>
            $"{gateway} has not handed the text on" + (e.Reason == FlowReason.NoGatewayLeft ? ", and no other gateway is left" : ""),
        FlowEventCode.TextUndelivered => $"{gateway} could not deliver the text{AsItIs(e.OperatorWord)}",
        FlowEventCode.TextExpired => $"{gateway} could not deliver the text in time{AsItIs(e.OperatorWord)}",
        FlowEventCode.TextUnknown => $"nobody knows whether the text was sent: {gateway} did not answer",
        FlowEventCode.TextUnavailable => $"a text could not be sent, another may have arrived: {Words(e.Reason)}",
        _ => e.Code!,
    };

    private static string OfIdentity(FlowEvent e) => e.Code switch
    {
        FlowEventCode.IdentityMatched => "identity matched" + Why(e),
        FlowEventCode.IdentityDiffers => "identity differs" + Why(e),
        FlowEventCode.IdentityNotComparable => "identity not comparable" + Why(e),
        FlowEventCode.IdentityNoRecord => "no identity record",
        FlowEventCode.IdentitySourceUnavailable => "identity source not available",
        _ => e.Code!,
    };

    /// <summary>Of a possession method: its name is the first half of the code.</summary>
    private static string OfMethod(FlowEvent e)
    {
        var follows = e.Next is null ? "" : $", {e.Next} follows";
        return e.Code!.Split('.') switch
        {
            [var method, "begun"] => $"{method} begun",
            [var method, "expired"] => $"{method} took too long{follows}",
            [var method, "refused"] => $"{method} refused{InBrackets(e.Reason)}{follows}",
            [var method, "unavailable"] => $"{method} not available{InBrackets(e.Reason)}{follows}",
            _ => e.Code,
        };
    }

    private static string Why(FlowEvent e) => (e.Rule, e.Source) switch
    {
        ({ } rule, { } source) => $": {rule} ({source})",
        ({ } rule, null) => $": {rule}",
        (null, { } source) => $" ({source})",
        _ => "",
    };

    private static bool Has(FlowEvent e, string reason) => e.Reason?.Split(',').Contains(reason) == true;

    private static string AsItIs(string? word) => word is null ? "" : $" ({word})";

    private static string InBrackets(string? reason) => reason is null ? "" : $" ({Words(reason)})";

    // Words with commas are no list of codes.
    private static string? CodesOf(string? reason) =>
        Array.TrueForAll((reason ?? "").Split(','), code => FlowReason.All.Contains(code, StringComparer.Ordinal)) ? reason : null;

    // What is no code, nor a list of codes, is an adapter's own words.
    private static string Words(string? reason)
    {
        var codes = (reason ?? "").Split(',');
        return Array.TrueForAll(codes, _reasons.ContainsKey) ? string.Join(", ", codes.Select(code => _reasons[code])) : reason ?? "";
    }
}
