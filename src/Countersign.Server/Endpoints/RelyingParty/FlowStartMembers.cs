using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.InstantLink;
using Countersign.Core.Possession.Otp;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>Reads what every call that begins a flow says about possession.</summary>
internal sealed class FlowStartMembers(ServerOptions server, InstantLinkMethod links, PublicAddress address, GuessBudget guesses)
{
    /// <summary>What the members before the others say; null when it is bad or missing.</summary>
    /// <param name="canonical">The name that is the operation's own: <c>possessionType</c> or <c>flowType</c>.</param>
    /// <param name="alias">The other one.</param>
    public static FlowType? ReadType(RequestMembers body, IReadOnlyList<string> words, string canonical, string alias)
    {
        string? Check(string text) => words.Contains(text, StringComparer.Ordinal) ? null : $"must be {string.Join(", ", words.SkipLast(1))} or {words[^1]}";
        var own = body.Text(canonical, check: Check);
        var other = body.Text(alias, check: Check);
        if (!body.IsGiven(canonical) && !body.IsGiven(alias))
        {
            // The name that guides use, whichever is the operation's own.
            body.Missing("flowType");
        }
        if (own is not null && other is not null && own != other)
        {
            body.Invalid(alias, $"differs from {canonical}");
        }
        return (own ?? other) switch
        {
            "desktop" => FlowType.Desktop,
            "mobile" => FlowType.Mobile,
            "none" => FlowType.None,
            _ => null,
        };
    }

    public string? ReadFinalTargetUrl(RequestMembers body, FlowType? type, Caller caller) =>
        body.Text("finalTargetUrl", isRequired: type == FlowType.Desktop, text => Fields.TargetUrl(text) ?? CheckTarget(text, caller));

    // Attack: a link page that sends persons wherever a stolen client secret wants (open redirect). The sandbox sends nobody anywhere but testers.
    private string? CheckTarget(string text, Caller caller) =>
        server.Mode == Mode.Sandbox ? null
        : !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "must begin with https://"
        : caller.Project.Settings.TargetUrls.Any(entry => TargetUrl.IsUnder(text, entry)) ? null
        : "is not under one of the project's TargetUrls";

    public string? ReadSmsMessage(RequestMembers body, FlowType? type, Caller caller)
    {
        const string name = "smsMessage";
        var allowsRetry = body.IsTrue("allowOTPRetry");
        if (type == FlowType.Mobile && !body.IsGiven(name) && caller.Project.Settings.OtpText is { } own
            && SmsTemplate.OfChecked(own, FlowType.Mobile) is { } template
            && CheckLength(template, allowsRetry, caller) is { } reason)
        {
            body.Invalid(name, $"absent, and in the project's OtpText {reason}");
        }
        return body.Text(name, check: text => CheckMessage(text, type, allowsRetry, caller));
    }

    private string? CheckMessage(string text, FlowType? type, bool allowsRetry, Caller caller)
    {
        if (type is not { } known)
        {
            // Which placeholder is right cannot be said; the missing type is already in the answer.
            return null;
        }
        var linkLength = known == FlowType.Desktop ? links.LinkLength : 0;
        var suffix = known == FlowType.Mobile ? OtpMethod.WebOtpLine(caller.Project.Settings, new string('0', 6)).Length : 0;
        var names = caller.Project.Settings.NamesInTexts(address.Origin);
        return SmsTemplate.TryParse(text, known, linkLength, suffix, out var problem, names) is not { } template ? problem
            : known == FlowType.Mobile ? CheckLength(template, allowsRetry, caller)
            : null;
    }

    // Attack: a call with a short code for the line of somebody else, and many flows to guess it in.
    private string? CheckLength(SmsTemplate template, bool allowsRetry, Caller caller) =>
        guesses.Problem(caller.Project.Settings.GuessProbability, template.Placeholder, allowsRetry);
}
