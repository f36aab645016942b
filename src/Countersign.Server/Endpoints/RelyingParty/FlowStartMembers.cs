using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.InstantLink;
using Countersign.Core.Possession.Otp;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Core.Texts;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>Reads what every call that begins a flow says about possession.</summary>
internal sealed class FlowStartMembers(
    ServerOptions server, InstantLinkMethod links, PublicAddress address, GuessBudget guesses, ProjectPermissions permissions)
{
    public static Parameter IdempotencyKey { get; } = Parameter.InHeader(Members.IdempotencyKey, "7d0f1c58-3b0e-4b8e-9a55-0e6c1d2f4a90");

    /// <summary>What the members before the others say; null when it is bad or missing.</summary>
    /// <param name="own">The operation's own name for it.</param>
    /// <param name="alias">The other one.</param>
    public static FlowType? ReadType(RequestMembers body, Member<FlowType?> own, Member<FlowType?> alias)
    {
        var (type, other) = (body.Read(own), body.Read(alias));
        if (!body.IsGiven(own) && !body.IsGiven(alias))
        {
            // The name that guides use, whichever is the operation's own.
            body.Missing(Members.FlowType);
        }
        if (type is not null && other is not null && type != other)
        {
            body.Invalid(alias, $"differs from {own}");
        }
        return type ?? other;
    }

    public string? ReadFinalTargetUrl(RequestMembers body, FlowType? type, Caller caller) =>
        body.Read(Members.FinalTargetUrl, isRequired: type == FlowType.Desktop, url => CheckTarget(url!, caller));

    // Attack: a link page that sends persons wherever a stolen client secret wants (open redirect). The sandbox sends nobody anywhere but
    // testers.
    private string? CheckTarget(string url, Caller caller)
    {
        var refusal = server.Mode == Mode.Sandbox ? null
            : !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "must begin with https://"
            : caller.Project.Settings.TargetUrls.Any(entry => TargetUrl.IsUnder(url, entry)) ? null
            : "is not under one of the project's TargetUrls";
        Guards.Drop("L11", ref refusal, () => null);
        return refusal;
    }

    public string? ReadSmsMessage(RequestMembers body, FlowType? type, Caller caller)
    {
        var member = Members.SmsMessage;
        var allowsRetry = body.IsTrue(Members.AllowOtpRetry);
        if (type == FlowType.Mobile && !body.IsGiven(member) && caller.Project.Settings.OtpText is { } own
            && SmsTemplate.OfChecked(own, FlowType.Mobile) is { } template
            && CheckLength(template, allowsRetry, caller) is { } reason)
        {
            body.Invalid(member, $"absent, and in the project's OtpText {reason}");
        }
        return body.Read(member, also: text => CheckMessage(text!, type, allowsRetry, caller));
    }

    /// <summary>Whether another number may come: a call narrows what its project permits, and never widens it.</summary>
    public NumberChangeTerms ReadNumberChange(RequestMembers body, Caller caller)
    {
        var isWanted = body.Read(Members.NumberChange) != false;
        return !permissions.MayChangeNumber(caller.Project.Settings) ? NumberChangeTerms.NotPermitted
            : isWanted ? NumberChangeTerms.Permitted
            : NumberChangeTerms.NotWanted;
    }

    /// <summary>What the caller says of a test for persons; null when it says nothing.</summary>
    public static ChallengeOutcome? ReadChallenge(RequestMembers body) => body.Read(Members.Challenge) is { } challenge
        ? new ChallengeOutcome(challenge.Read(Members.ChallengeId), challenge.Read(Members.ChallengePassed))
        : null;

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
        var template = SmsTemplate.TryParse(text, known, linkLength, suffix, out var problem, names);
        var refusal = template is null ? problem
            : known == FlowType.Mobile ? CheckLength(template, allowsRetry, caller)
            : null;
        Guards.Drop("L13", ref refusal, () => null);
        return refusal;
    }

    // Attack: a call with a short code for the line of somebody else, and many flows to guess it in.
    private string? CheckLength(SmsTemplate template, bool allowsRetry, Caller caller) =>
        guesses.Problem(caller.Project.Settings.GuessProbability, template.Placeholder, allowsRetry);
}
