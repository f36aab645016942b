using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Events;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Pumping;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What is logged of the admin API.</summary>
internal static partial class Log
{
    [LoggerMessage(1571, LogLevel.Information,
        "Import {Import} of records of {Source} begun: dry run {IsDryRun}, all or nothing {IsAllOrNothing}")]
    public static partial void ImportBegun(ILogger logger, long import, SourceName source, bool isDryRun, bool isAllOrNothing);

    [LoggerMessage(1572, LogLevel.Information,
        "Import {Import} of records of {Source} is {State}: {Added} added, {Changed} changed, {Unchanged} unchanged, "
            + "{Repeated} repeated, {Bad} bad")]
    public static partial void ImportEnded(
        ILogger logger, long import, SourceName source, ImportState state, long added, long changed, long unchanged, long repeated,
        long bad);

    [LoggerMessage(1574, LogLevel.Information, "{Count} records of {Source} removed by an administrator")]
    public static partial void SourceRemoved(ILogger logger, int count, SourceName source);

    [LoggerMessage(1575, LogLevel.Information, "{Count} records of a number removed by an administrator")]
    public static partial void NumberRemoved(ILogger logger, int count);

    [LoggerMessage(1581, LogLevel.Information, "Records of {Source} are seen by {Visibility}, says admin key {Key}")]
    public static partial void SourceAssigned(ILogger logger, SourceName source, SourceVisibility visibility, string key);

    [LoggerMessage(1590, LogLevel.Information, "Admin key {Key}: {Method} {Route} answered {Status}")]
    public static partial void AdminCalled(ILogger logger, string key, string method, string route, int status);

    [LoggerMessage(1591, LogLevel.Warning, "A call of the admin API had no valid admin key")]
    public static partial void AdminRefused(ILogger logger);

    [LoggerMessage(1592, LogLevel.Information, "Project {Project} {What} by admin key {Key}")]
    public static partial void ProjectChanged(ILogger logger, ProjectId project, string what, string key);

    [LoggerMessage(1593, LogLevel.Information, "API client {Client} of project {Project} {What} by admin key {Key}")]
    public static partial void ClientChanged(ILogger logger, ClientId client, ProjectId project, string what, string key);

    [LoggerMessage(1604, LogLevel.Information, "Webhook {Webhook} of project {Project} {What} by admin key {Key}")]
    public static partial void WebhookChanged(ILogger logger, WebhookId webhook, ProjectId project, string what, string key);

    [LoggerMessage(1594, LogLevel.Warning,
        "A call for the admin API came by a public address, where it is not found: it is at {Address} (Countersign:Admin:Urls). "
            + "Further calls of the kind are not logged")]
    public static partial void AdminMoved(ILogger logger, string address);

    [LoggerMessage(1595, LogLevel.Information, "Admin key {New} made by admin key {Key}: {Rights} in {Projects}, until {End}")]
    public static partial void AdminKeyCreated(ILogger logger, string @new, AdminRights rights, string projects, string end, string key);

    [LoggerMessage(1596, LogLevel.Information, "Admin key {Ended} ended by admin key {Key}")]
    public static partial void AdminKeyEnded(ILogger logger, string ended, string key);

    [LoggerMessage(1597, LogLevel.Information, "Encryption key {New} made by admin key {Key}: it seals from {From} on")]
    public static partial void EncryptionKeyMade(ILogger logger, KeyId @new, string from, string key);

    [LoggerMessage(1598, LogLevel.Information, "Encryption key {Retired} retired by admin key {Key}")]
    public static partial void EncryptionKeyRetired(ILogger logger, string retired, string key);

    [LoggerMessage(1747, LogLevel.Information, "Admin key {Key} listed a person's devices: {Count}")]
    public static partial void DevicesListed(ILogger logger, string key, int count);

    [LoggerMessage(1748, LogLevel.Information, "Device {Device} of project {Project} revoked by admin key {Key}")]
    public static partial void DeviceRevoked(ILogger logger, Guid device, ProjectId project, string key);

    [LoggerMessage(1749, LogLevel.Information, "Admin key {Key} listed what looks like pumping: {Count} entries")]
    public static partial void AbuseListed(ILogger logger, string key, int count);

    [LoggerMessage(1750, LogLevel.Information, "Admin key {Key} said of texts to a {Target}: {Verdict} until {Until}")]
    public static partial void AbuseSaid(ILogger logger, string key, AbuseVerdict verdict, AbuseTarget target, string until);

    [LoggerMessage(1742, LogLevel.Information, "Admin key {Key} listed who wants no texts (one number: {IsOfNumber}): {Count} entries")]
    public static partial void SuppressionsListed(ILogger logger, string key, bool isOfNumber, int count);

    [LoggerMessage(1743, LogLevel.Information, "Admin key {Key} lifted {Count} entries of a number that wanted no texts")]
    public static partial void SuppressionsLifted(ILogger logger, string key, int count);

    [LoggerMessage(1745, LogLevel.Information, "Admin key {Key} looked at the budgets of a number")]
    public static partial void BudgetShown(ILogger logger, string key);

    [LoggerMessage(1746, LogLevel.Information, "Admin key {Key} lifted the budgets of a number: {Rules}")]
    public static partial void BudgetLifted(ILogger logger, string key, string rules);

    [LoggerMessage(1599, LogLevel.Information, "A backup of the store was taken by admin key {Key}: {Bytes} bytes")]
    public static partial void BackupTaken(ILogger logger, string key, long bytes);

    [LoggerMessage(1751, LogLevel.Information, "Admin key {Key} has erased what was held of a {Of}: {Rows} rows, erasure {Erasure}")]
    public static partial void Erased(ILogger logger, string key, string of, int rows, Guid erasure);

    [LoggerMessage(1754, LogLevel.Information, "Admin key {Key} has removed what stood under keys of lines that are gone: {Rows} rows")]
    public static partial void LostErased(ILogger logger, string key, int rows);

    [LoggerMessage(1752, LogLevel.Information, "Admin key {Key} took out all that is held of a number: {Entries} entries")]
    public static partial void PersonExported(ILogger logger, string key, int entries);
}
