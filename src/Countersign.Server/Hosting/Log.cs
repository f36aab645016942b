using Countersign.Core;
using Countersign.Core.Domains;
using Countersign.Core.Events;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.Pumping;
using Countersign.Core.Texts;

namespace Countersign.Server.Hosting;

/// <summary>What is logged of the start, of the work in the background, and of what happens in the core.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Countersign is listening on {Address}; its public address is {Origin}, its mode {Mode}")]
    public static partial void Started(ILogger logger, string address, string origin, Mode mode);

    [LoggerMessage(1001, LogLevel.Information, "The admin API is at {Address}, and nowhere else")]
    public static partial void AdminStarted(ILogger logger, string address);

    [LoggerMessage(1100, LogLevel.Information, "Flow {Flow} begun: {Product}, {Type}")]
    public static partial void FlowBegun(ILogger logger, CorrelationId flow, Product product, FlowType type);

    // What the text does not name is a field beside it, for whoever counts: docs/logging.md.
    [LoggerMessage(1101, LogLevel.Information, "Flow {Flow}: {What}")]
    public static partial void FlowChanged(ILogger logger, CorrelationId flow, string what, string? code, string? reason);

    [LoggerMessage(1115, LogLevel.Information, "Flow {Flow}: {What}")]
    public static partial void FlowLimited(
        ILogger logger, CorrelationId flow, string what, string? code, string rule, decimal? count, decimal? max, string? currency,
        string? window, string? until, bool isShadow);

    [LoggerMessage(1107, LogLevel.Information, "A call of project {Project} was refused: {Limit}")]
    public static partial void LimitReached(
        ILogger logger, ProjectId project, string limit, string rule, decimal? count, decimal? max, string? currency, string? window,
        string? until);

    [LoggerMessage(1108, LogLevel.Warning, "It looks like pumping ({Mode}, by {Target}): {Limit}")]
    public static partial void PumpingFound(
        ILogger logger, LimitMode mode, AbuseTarget target, string limit, string rule, decimal? count, decimal? max, string? window,
        string? until);

    [LoggerMessage(1116, LogLevel.Warning, "Somebody may be guessing codes of project {Project} ({Mode}): {Entries} wrong ones in an hour")]
    public static partial void TooManyWrongCodes(
        ILogger logger, ProjectId project, LimitMode mode, ReachedLimit entries, string rule, decimal? count, decimal? max, string? window,
        string? until, bool isShadow);

    [LoggerMessage(1109, LogLevel.Error, "What was counted of texts could not be written; it is tried again in two seconds: {Failure}")]
    public static partial void TrafficNotWritten(ILogger logger, string failure);

    [LoggerMessage(1111, LogLevel.Information, "Flow {Flow}: passkey refused, {Reason}")]
    public static partial void PasskeyRefused(ILogger logger, CorrelationId flow, PasskeyRefusal reason);

    [LoggerMessage(1200, LogLevel.Error, "Looking after due flows failed; it is tried again in a second: {Failure}")]
    public static partial void CatchUpFailed(ILogger logger, string failure);

    [LoggerMessage(1201, LogLevel.Information, "{Count} expired {What} removed")]
    public static partial void Removed(ILogger logger, int count, string what);

    [LoggerMessage(1202, LogLevel.Information, "{Count} flows are over, and their outcomes are kept")]
    public static partial void OutcomesKept(ILogger logger, int count);

    [LoggerMessage(1203, LogLevel.Error, "Removing what has expired failed; it is tried again in a minute: {Failure}")]
    public static partial void CleaningFailed(ILogger logger, string failure);

    [LoggerMessage(1205, LogLevel.Error, "Outcomes of calls without a flow could not be written; it is tried again in a second: {Failure}")]
    public static partial void OutcomesNotWritten(ILogger logger, string failure);

    [LoggerMessage(1206, LogLevel.Warning, "{Count} outcomes of calls without a flow were dropped: more came than could be written")]
    public static partial void OutcomesDropped(ILogger logger, long count);

    [LoggerMessage(1204, LogLevel.Error, "Flow {Flow} is overdue and cannot be looked after: {Failure}")]
    public static partial void FlowNotCaughtUp(ILogger logger, CorrelationId flow, string failure);

    [LoggerMessage(1600, LogLevel.Warning, "Webhook {Webhook} of project {Project} does not take what is sent to it: {Outcome}")]
    public static partial void WebhookFailing(ILogger logger, WebhookId webhook, ProjectId project, string outcome);

    [LoggerMessage(1601, LogLevel.Information, "Webhook {Webhook} of project {Project} takes what is sent to it again")]
    public static partial void WebhookRecovered(ILogger logger, WebhookId webhook, ProjectId project);

    [LoggerMessage(1602, LogLevel.Error,
        "Webhook {Webhook} of project {Project} did not get event {Event}: given up after {Attempts} tries, the last was {Outcome}")]
    public static partial void WebhookGaveUp(
        ILogger logger, WebhookId webhook, ProjectId project, string @event, int attempts, string outcome);

    [LoggerMessage(1603, LogLevel.Error, "Looking after events failed; it is tried again in a second: {Failure}")]
    public static partial void EventsFailed(ILogger logger, string failure);

    [LoggerMessage(1400, LogLevel.Information, "Identity {Identity} enrolled")]
    public static partial void IdentityEnrolled(ILogger logger, Guid identity);

    [LoggerMessage(1401, LogLevel.Information, "Identity {Identity} set active: {IsActive}")]
    public static partial void IdentitySetActive(ILogger logger, Guid identity, bool isActive);

    [LoggerMessage(1402, LogLevel.Information, "Identity {Identity} removed")]
    public static partial void IdentityRemoved(ILogger logger, Guid identity);

    [LoggerMessage(1410, LogLevel.Information, "Project {From} asks project {To} for a link with the scopes {Scopes}")]
    public static partial void LinkRequested(ILogger logger, ProjectId from, ProjectId to, LinkScopes scopes);

    [LoggerMessage(1411, LogLevel.Information, "Project {To} has confirmed the link that project {From} asked for")]
    public static partial void LinkConfirmed(ILogger logger, ProjectId from, ProjectId to);

    [LoggerMessage(1412, LogLevel.Information, "The link from project {From} to project {To} is removed")]
    public static partial void LinkRemoved(ILogger logger, ProjectId from, ProjectId to);

    [LoggerMessage(1500, LogLevel.Warning, "Text {Text} was left {State} by its process and is taken up")]
    public static partial void TextTakenUp(ILogger logger, Guid text, TextState state);

    [LoggerMessage(1501, LogLevel.Warning, "Gateway {Gateway} contradicts itself about text {Text}; it stays {State}")]
    public static partial void TextContradicted(ILogger logger, Guid text, GatewayName gateway, AttemptState state);

    [LoggerMessage(1502, LogLevel.Error, "Gateway {Gateway} takes no texts, and somebody must act: {Why}")]
    public static partial void GatewayNeedsAttention(ILogger logger, GatewayName gateway, SmsRefusal why);

    [LoggerMessage(1510, LogLevel.Warning, "{Percent}% of a cap is spent: {Limit}")]
    public static partial void CapPassed(
        ILogger logger, int percent, string limit, ProjectId? project, string rule, decimal? count, decimal? max, string? currency,
        string? window, string? until);

    [LoggerMessage(1511, LogLevel.Error, "A cap is spent: {Limit}. Texts that would pass it are not sent before")]
    public static partial void CapSpent(
        ILogger logger, string limit, ProjectId? project, string rule, decimal? count, decimal? max, string? currency,
        string? window, string? until);

    [LoggerMessage(1512, LogLevel.Warning, "A text of no flow was not sent: {Limit}")]
    public static partial void TextOverCap(
        ILogger logger, string limit, string rule, decimal? count, decimal? max, string? currency, string? window, string? until);

    [LoggerMessage(1513, LogLevel.Error,
        "Project {Project} has caps, and Countersign:Prices has no price of the gateway {Gateway}: the project's texts are not sent "
            + "through it. Add a price, or take the caps out (countersign project set --unset caps)")]
    public static partial void CapsWithoutPrice(ILogger logger, ProjectId project, string gateway);

    [LoggerMessage(1514, LogLevel.Error, "Project {Project} has caps that do not go with Countersign:Prices: they {Problem}")]
    public static partial void CapsDoNotFit(ILogger logger, ProjectId project, string problem);

    [LoggerMessage(1506, LogLevel.Error, "Looking after due texts failed; it is tried again in a second: {Failure}")]
    public static partial void DueTextsFailed(ILogger logger, string failure);

    [LoggerMessage(1507, LogLevel.Error, "Text {Text} is due and cannot be looked after: {Failure}")]
    public static partial void TextNotLookedAfter(ILogger logger, Guid text, string failure);

    [LoggerMessage(1523, LogLevel.Information, "Gateway {Gateway}: a person wrote {Word}")]
    public static partial void PersonWrote(ILogger logger, GatewayName gateway, InboundWord word);

    [LoggerMessage(1524, LogLevel.Warning, "Gateway {Gateway} did not take the answer to HELP")]
    public static partial void HelpNotSent(ILogger logger, GatewayName gateway);

    [LoggerMessage(1525, LogLevel.Warning, "Gateway {Gateway} is left alone because it failed too often; HELP is not answered meanwhile")]
    public static partial void HelpNotAnswered(ILogger logger, GatewayName gateway);

    [LoggerMessage(1573, LogLevel.Error, "Looking after imports of records failed; it is tried again in a few seconds: {Failure}")]
    public static partial void ImportsNotCaughtUp(ILogger logger, string failure);

    [LoggerMessage(1582, LogLevel.Warning,
        "Every project sees the records of {Sources}: they were there before sources belonged to projects. Say whose each is "
            + "(countersign records assign)")]
    public static partial void SourcesSeenByAll(ILogger logger, string sources);

    [LoggerMessage(1740, LogLevel.Warning,
        "Gateway {Gateway}: a person wrote {Word} from a number whose route does not name this gateway; it is not taken")]
    public static partial void PersonWroteElsewhere(ILogger logger, GatewayName gateway, InboundWord word);

    [LoggerMessage(1741, LogLevel.Warning,
        "Gateway {Gateway}: a signed request in which a person wrote {Word} came again; it is not taken twice")]
    public static partial void PersonWroteBefore(ILogger logger, GatewayName gateway, InboundWord word);

    [LoggerMessage(1744, LogLevel.Warning,
        "Project {Project} keeps a wording that was taken before an upgrade and would be refused today: {Setting} {Reason}")]
    public static partial void WordingKept(ILogger logger, ProjectId project, string setting, string reason);

    [LoggerMessage(1765, LogLevel.Warning,
        "Keys of lines are under encryption key {Key}, which is not there: what stands under them is not found from now on, as "
            + "Countersign:Keys:AcceptLoss says")]
    public static partial void LineKeysAccepted(ILogger logger, KeyId key);

    [LoggerMessage(1780, LogLevel.Warning,
        "Project {Project} keeps what it had before the upgrade for {Settings}; the default is stricter now. Choose a "
            + "value for each (countersign project set, or Countersign:Projects)")]
    public static partial void SettingsKept(ILogger logger, ProjectId project, string settings);

    [LoggerMessage(1770, LogLevel.Information, "The audit is signed up to entry {Position}, whose hash is {Hash}, with key {Key}")]
    public static partial void AuditSigned(ILogger logger, long position, string hash, string key);

    [LoggerMessage(1771, LogLevel.Error,
        "{Count} entries of the audit were taken out of the store before they were linked; they were written again. "
            + "Somebody changes the audit's tables by hand")]
    public static partial void AuditWrittenAgain(ILogger logger, int count);

    [LoggerMessage(1772, LogLevel.Error,
        "The audit does not hold entry {Position} any more as this server has seen it: its end was cut off or changed. "
            + "Find out what (countersign audit verify)")]
    public static partial void AuditCut(ILogger logger, long position);

    [LoggerMessage(1773, LogLevel.Information, "Entries of the audit up to {UpTo} are over and were taken away")]
    public static partial void AuditPruned(ILogger logger, long upTo);

    [LoggerMessage(1774, LogLevel.Error, "Linking the audit failed; it is tried again in some seconds: {Failure}")]
    public static partial void AuditNotLinked(ILogger logger, string failure);
}
