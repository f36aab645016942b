using Countersign.Core;

namespace Countersign.Server;

/// <summary>Every line of the server itself. None takes a number, a name, a code, a token or a body.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Countersign is listening on {Address}; its public address is {Origin}, its mode {Mode}")]
    public static partial void Started(ILogger logger, string address, string origin, Mode mode);

    [LoggerMessage(1100, LogLevel.Information, "Flow {Flow} begun: {Product}, {Type}")]
    public static partial void FlowBegun(ILogger logger, CorrelationId flow, Core.Product product, Core.FlowType type);

    [LoggerMessage(1101, LogLevel.Information, "Flow {Flow}: {What}")]
    public static partial void FlowChanged(ILogger logger, CorrelationId flow, string what);

    [LoggerMessage(1102, LogLevel.Information, "Token refused for a client")]
    public static partial void TokenRefused(ILogger logger);

    [LoggerMessage(1103, LogLevel.Information, "API client {Client} is over its request rate")]
    public static partial void RateExceeded(ILogger logger, string client);

    [LoggerMessage(1110, LogLevel.Information, "Device {Device} unregistered by its browser")]
    public static partial void DeviceUnregistered(ILogger logger, Guid device);

    [LoggerMessage(1111, LogLevel.Information, "Flow {Flow}: passkey refused, {Reason}")]
    public static partial void PasskeyRefused(ILogger logger, CorrelationId flow, Core.Possession.DeviceKey.PasskeyRefusal reason);

    [LoggerMessage(1130, LogLevel.Information, "One-call verification {Id}: {Type}, {Reason}")]
    public static partial void OneCallAnswered(ILogger logger, CorrelationId id, Core.VerificationType type, string reason);

    [LoggerMessage(1131, LogLevel.Information, "Batch of verifications {Id}: {Answered} answered, {Refused} refused")]
    public static partial void BatchAnswered(ILogger logger, CorrelationId id, int answered, int refused);

    [LoggerMessage(1200, LogLevel.Error, "Looking after due flows failed; it is tried again in a second: {Failure}")]
    public static partial void CatchUpFailed(ILogger logger, string failure);

    [LoggerMessage(1201, LogLevel.Information, "{Count} expired {What} removed")]
    public static partial void Removed(ILogger logger, int count, string what);

    [LoggerMessage(1203, LogLevel.Error, "Removing what has expired failed; it is tried again in a minute: {Failure}")]
    public static partial void CleaningFailed(ILogger logger, string failure);

    [LoggerMessage(1204, LogLevel.Error, "Flow {Flow} is overdue and cannot be looked after: {Failure}")]
    public static partial void FlowNotCaughtUp(ILogger logger, CorrelationId flow, string failure);

    [LoggerMessage(1400, LogLevel.Information, "Identity {Identity} enrolled")]
    public static partial void IdentityEnrolled(ILogger logger, Guid identity);

    [LoggerMessage(1401, LogLevel.Information, "Identity {Identity} set active: {IsActive}")]
    public static partial void IdentitySetActive(ILogger logger, Guid identity, bool isActive);

    [LoggerMessage(1402, LogLevel.Information, "Identity {Identity} removed")]
    public static partial void IdentityRemoved(ILogger logger, Guid identity);

    [LoggerMessage(1410, LogLevel.Information, "Project {From} asks project {To} for a link with the scopes {Scopes}")]
    public static partial void LinkRequested(ILogger logger, string from, string to, Core.Domains.LinkScopes scopes);

    [LoggerMessage(1411, LogLevel.Information, "Project {To} has confirmed the link that project {From} asked for")]
    public static partial void LinkConfirmed(ILogger logger, string from, string to);

    [LoggerMessage(1412, LogLevel.Information, "The link from project {From} to project {To} is removed")]
    public static partial void LinkRemoved(ILogger logger, string from, string to);

    [LoggerMessage(1500, LogLevel.Warning, "Text {Text} was left {State} by its process and is taken up")]
    public static partial void TextTakenUp(ILogger logger, Guid text, Core.Texts.TextState state);

    [LoggerMessage(1501, LogLevel.Warning, "Gateway {Gateway} contradicts itself about text {Text}; it stays {State}")]
    public static partial void TextContradicted(ILogger logger, Guid text, string gateway, Core.Texts.AttemptState state);

    [LoggerMessage(1502, LogLevel.Error, "Gateway {Gateway} takes no texts, and somebody must act: {Why}")]
    public static partial void GatewayNeedsAttention(ILogger logger, string gateway, Core.Texts.SmsRefusal why);

    [LoggerMessage(1506, LogLevel.Error, "Looking after due texts failed; it is tried again in a second: {Failure}")]
    public static partial void DueTextsFailed(ILogger logger, string failure);

    [LoggerMessage(1507, LogLevel.Error, "Text {Text} is due and cannot be looked after: {Failure}")]
    public static partial void TextNotLookedAfter(ILogger logger, Guid text, string failure);

    [LoggerMessage(1520, LogLevel.Warning, "Gateway {Gateway}: a {Kind} was refused, its signature or its secret is wrong")]
    public static partial void CallbackForged(ILogger logger, string gateway, Core.Texts.CallbackKind kind);

    [LoggerMessage(1521, LogLevel.Warning, "Gateway {Gateway}: a {Kind} could not be read: {Why}")]
    public static partial void CallbackUnreadable(ILogger logger, string gateway, Core.Texts.CallbackKind kind, string why);

    [LoggerMessage(1522, LogLevel.Information, "Gateway {Gateway}: a receipt came for a text that was never given to it")]
    public static partial void ReceiptUnknown(ILogger logger, string gateway);

    [LoggerMessage(1523, LogLevel.Information, "Gateway {Gateway}: a person wrote {Word}")]
    public static partial void PersonWrote(ILogger logger, string gateway, Core.Texts.InboundWord word);

    [LoggerMessage(1524, LogLevel.Warning, "Gateway {Gateway} did not take the answer to HELP")]
    public static partial void HelpNotSent(ILogger logger, string gateway);

    [LoggerMessage(1525, LogLevel.Warning, "Gateway {Gateway} is left alone because it failed too often; HELP is not answered meanwhile")]
    public static partial void HelpNotAnswered(ILogger logger, string gateway);

    [LoggerMessage(1571, LogLevel.Information, "Import {Import} of records of {Source} begun: dry run {IsDryRun}, all or nothing {IsAllOrNothing}")]
    public static partial void ImportBegun(ILogger logger, long import, string source, bool isDryRun, bool isAllOrNothing);

    [LoggerMessage(1572, LogLevel.Information, "Import {Import} of records of {Source} is {State}: {Added} added, {Changed} changed, {Unchanged} unchanged, {Repeated} repeated, {Bad} bad")]
    public static partial void ImportEnded(
        ILogger logger, long import, string source, Core.Identity.Records.ImportState state, long added, long changed, long unchanged, long repeated, long bad);

    [LoggerMessage(1573, LogLevel.Error, "Looking after imports of records failed; it is tried again in a few seconds: {Failure}")]
    public static partial void ImportsNotCaughtUp(ILogger logger, string failure);

    [LoggerMessage(1574, LogLevel.Information, "{Count} records of {Source} removed by an administrator")]
    public static partial void SourceRemoved(ILogger logger, int count, string source);

    [LoggerMessage(1575, LogLevel.Information, "{Count} records of a number removed by an administrator")]
    public static partial void NumberRemoved(ILogger logger, int count);

    [LoggerMessage(1590, LogLevel.Information, "Admin key {Key}: {Method} {Route} answered {Status}")]
    public static partial void AdminCalled(ILogger logger, string key, string method, string route, int status);

    [LoggerMessage(1591, LogLevel.Warning, "A call of the admin API had no valid admin key")]
    public static partial void AdminRefused(ILogger logger);

    [LoggerMessage(1592, LogLevel.Information, "Project {Project} {What} by admin key {Key}")]
    public static partial void ProjectChanged(ILogger logger, string project, string what, string key);

    [LoggerMessage(1593, LogLevel.Information, "API client {Client} of project {Project} {What} by admin key {Key}")]
    public static partial void ClientChanged(ILogger logger, string client, string project, string what, string key);

    [LoggerMessage(1740, LogLevel.Warning, "Gateway {Gateway}: a person wrote {Word} from a number whose route does not name this gateway; it is not taken")]
    public static partial void PersonWroteElsewhere(ILogger logger, string gateway, Core.Texts.InboundWord word);

    [LoggerMessage(1741, LogLevel.Warning, "Gateway {Gateway}: a signed request in which a person wrote {Word} came again; it is not taken twice")]
    public static partial void PersonWroteBefore(ILogger logger, string gateway, Core.Texts.InboundWord word);

    [LoggerMessage(1742, LogLevel.Information, "Admin key {Key} listed who wants no texts (one number: {IsOfNumber}): {Count} entries")]
    public static partial void SuppressionsListed(ILogger logger, string key, bool isOfNumber, int count);

    [LoggerMessage(1743, LogLevel.Information, "Admin key {Key} lifted {Count} entries of a number that wanted no texts")]
    public static partial void SuppressionsLifted(ILogger logger, string key, int count);

    [LoggerMessage(
        1744, LogLevel.Warning,
        "Project {Project} keeps a wording that was taken before an upgrade and would be refused today: {Setting} {Reason}")]
    public static partial void WordingKept(ILogger logger, string project, string setting, string reason);

    [LoggerMessage(1780, LogLevel.Warning, "Project {Project} keeps what it had before the upgrade for {Settings}; the default is stricter now. Choose a value for each (countersign project set, or Countersign:Projects)")]
    public static partial void SettingsKept(ILogger logger, string project, string settings);

    [LoggerMessage(1800, LogLevel.Error, "{Method} {Route} answered {Status}: {Failure}")]
    public static partial void CallFailed(ILogger logger, string method, string route, int status, string failure);

    [LoggerMessage(1801, LogLevel.Error, "The first failure of its kind, with its trace: {Failure}")]
    public static partial void FailureTrace(ILogger logger, string failure, Exception exception);

    [LoggerMessage(1802, LogLevel.Error, "{Count} calls failed within a second: {Failure}")]
    public static partial void CallsFailed(ILogger logger, int count, string failure);

    [LoggerMessage(1805, LogLevel.Warning, "{Method} {Route} answered {Status}: {Failure}")]
    public static partial void CallNotServed(ILogger logger, string method, string route, int status, string failure);

    [LoggerMessage(1806, LogLevel.Error, "This server is not ready, its store takes no write: {Failure}")]
    public static partial void NotReady(ILogger logger, string failure);

    [LoggerMessage(1807, LogLevel.Information, "This server is ready again")]
    public static partial void ReadyAgain(ILogger logger);
}
