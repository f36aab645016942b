using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Every line about the store. None takes a number, a name, a code, a token or a body.</summary>
internal static partial class Log
{
    [LoggerMessage(
        1700, LogLevel.Warning,
        "Other users of this machine may read {File}, and it belongs to another user than the server's; chown it to the server's user and "
            + "chmod it to 600")]
    public static partial void StoreReadableByOthers(ILogger logger, string file);

    [LoggerMessage(
        1720, LogLevel.Information,
        "The form of stored numbers: {Looked} {What} looked at, {Moved} moved to their number's one form, {Joined} joined with another of "
            + "the same line")]
    public static partial void LinesCaughtUp(ILogger logger, string what, int looked, int moved, int joined);

    [LoggerMessage(1721, LogLevel.Warning, "The form of stored numbers: {Count} {What} cannot be read and stay as they are")]
    public static partial void LinesUnreadable(ILogger logger, string what, int count);

    [LoggerMessage(1722, LogLevel.Error, "Looking at the form of stored numbers failed; it is tried again in a minute")]
    public static partial void LinesNotCaughtUp(ILogger logger, Exception exception);

    [LoggerMessage(1730, LogLevel.Information, "The encryption keys were read: {Keys}")]
    public static partial void KeysRead(ILogger logger, string keys);

    [LoggerMessage(1731, LogLevel.Information, "Encryption key {Key} seals what is stored; what other keys have sealed is sealed anew")]
    public static partial void KeySeals(ILogger logger, KeyId key);

    [LoggerMessage(1732, LogLevel.Information, "{Count} rows were sealed anew with encryption key {Key}")]
    public static partial void Resealed(ILogger logger, long count, KeyId key);

    [LoggerMessage(1733, LogLevel.Information, "Nothing in the store is under another encryption key than {Key}")]
    public static partial void AllResealed(ILogger logger, KeyId key);

    [LoggerMessage(1734, LogLevel.Warning, "{Count} rows cannot be opened with any encryption key and stay as they are")]
    public static partial void NotResealed(ILogger logger, long count);

    [LoggerMessage(1735, LogLevel.Error, "The encryption keys were not read, or not all rows sealed anew; it is tried again in seconds")]
    public static partial void ResealingFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        1736, LogLevel.Error,
        "A row of {Table} is not as it was written and is treated as not there: {Row} ({Seal}). Somebody has changed the database by hand")]
    public static partial void RowRefused(ILogger logger, string table, string row, string seal);

    [LoggerMessage(
        1737, LogLevel.Warning,
        "The store is from before rows had seals: until all have theirs, which takes minutes, they are taken as they are. Look for who has "
            + "changed the database by hand if this is not the first start after an upgrade")]
    public static partial void RowsTakenUnsealed(ILogger logger);

    [LoggerMessage(1738, LogLevel.Information, "All rows have their seals; from now on none is taken without")]
    public static partial void RowsSealed(ILogger logger);

    [LoggerMessage(1739, LogLevel.Error, "Not all rows got their seals; it is tried again in a minute")]
    public static partial void RowsNotSealed(ILogger logger, Exception exception);

    [LoggerMessage(
        1755, LogLevel.Error,
        "The secrets of days were not read, made or destroyed (Countersign:Keys:Store); it is tried again in minutes. What this server has "
            + "in memory lasts until the end of tomorrow; one that has none of today answers 503")]
    public static partial void DayKeysNotRead(ILogger logger, Exception exception);

    [LoggerMessage(
        1756, LogLevel.Information,
        "{Count} secrets of days that are over were destroyed: what rows of short life held on those days is out of everybody's reach once "
            + "the copies of Countersign:Keys:Store are gone, too")]
    public static partial void DayKeysDestroyed(ILogger logger, int count);

    [LoggerMessage(
        1757, LogLevel.Warning,
        "The secret of day {Day} is under an encryption key that is not this server's and was made anew. That is so where a store was "
            + "replaced and the database of Countersign:Keys:Store left; flows that run under it cannot be read")]
    public static partial void DayKeyReplaced(ILogger logger, int day);

    [LoggerMessage(
        1758, LogLevel.Warning,
        "The files of {Tables} in the database of Countersign:Keys:Store may still hold what was destroyed: each time somebody was reading "
            + "them, or they are too large for that. It is tried again every ten minutes, and said once until it is done. PostgreSQL: end "
            + "what holds them, or VACUUM (FULL) them yourself within seven days of an erasure")]
    public static partial void DestroyedStays(ILogger logger, string tables);

    [LoggerMessage(
        1763, LogLevel.Warning,
        "Event {Event} cannot be read: it is not as it was written, or the key it was sealed with is not there. Lists leave out it and "
            + "others like it; this is said once until the server starts again")]
    public static partial void EventUnreadable(ILogger logger, string @event);

    [LoggerMessage(
        1764, LogLevel.Error,
        "Webhook {Webhook} cannot be read and is treated as not there: nothing is sent to it, and it counts as one of its project's until "
            + "it is deleted. Somebody has changed the database by hand, or the key it was sealed with is not there")]
    public static partial void WebhookUnreadable(ILogger logger, string webhook);

    [LoggerMessage(
        1761, LogLevel.Warning,
        "The store was put back from a backup ({TakenAt}): {Flows} flows that ran are ended, {Texts} texts that waited are not sent, "
            + "{Webhooks} webhooks are off, and access tokens from before are refused. What came after the backup is not in it: "
            + "docs/backup.md says what to do again")]
    public static partial void StoreRestored(ILogger logger, string takenAt, int flows, int texts, int webhooks);

    [LoggerMessage(1760, LogLevel.Warning,
        "The database is being brought up to date: {Script} found a table in use (a backup, a long query) and is tried again")]
    public static partial void MigrationWaits(ILogger logger, string script);

    [LoggerMessage(1803, LogLevel.Error, "The store does not answer {What}: they are refused for {Rest}, then one is tried at a time")]
    public static partial void StoreAway(ILogger logger, string what, TimeSpan rest);

    [LoggerMessage(1804, LogLevel.Information, "The store answers {What} again")]
    public static partial void StoreBack(ILogger logger, string what);

    [LoggerMessage(1808, LogLevel.Warning,
        "Other nodes could not be notified of a change that was stored ({Failure}). They read it at their next fallback poll")]
    public static partial void NotNotified(ILogger logger, string failure);

    [LoggerMessage(
        1820, LogLevel.Warning,
        "The store could not be asked about the flows that browsers wait for, {Count} at the moment. They go on waiting; the store is "
            + "asked every second until it answers")]
    public static partial void StoreAway(ILogger logger, int count, Exception exception);

    [LoggerMessage(1821, LogLevel.Information,
        "The store answers again after {Time}; changes of the {Count} flows that browsers wait for have been read")]
    public static partial void StoreBack(ILogger logger, TimeSpan time, int count);

    [LoggerMessage(
        1822, LogLevel.Warning,
        "This node may open {Needed} connections to PostgreSQL, which takes {Allowed} from all nodes together. Set Maximum Pool Size in "
            + "Countersign:Store to less, or max_connections to more")]
    public static partial void PoolTooLarge(ILogger logger, int needed, long allowed);

    [LoggerMessage(
        1825, LogLevel.Warning,
        "This machine's clock is {Seconds} s {Direction} the store's. Deadlines go by the store's time, so flows are not affected; set "
            + "the clock right all the same, because operators and gateways are spoken to in the machine's time")]
    public static partial void ClockWrong(ILogger logger, double seconds, string direction);

    [LoggerMessage(1826, LogLevel.Information, "This machine's clock agrees with the store's again")]
    public static partial void ClockRight(ILogger logger);

    [LoggerMessage(
        1827, LogLevel.Warning, "The store's time could not be measured. The last measurement is used; it is tried again every {Pause}")]
    public static partial void ClockNotMeasured(ILogger logger, TimeSpan pause, Exception exception);

    [LoggerMessage(2001, LogLevel.Information, "Listening for changes made by other nodes")]
    public static partial void Listening(ILogger logger);

    [LoggerMessage(
        2002, LogLevel.Warning,
        "The connection that hears of other nodes' changes is lost. It is opened again as soon as that is possible, with pauses of at "
            + "most {Pause}; until then changes are noticed at each fallback poll")]
    public static partial void ListenerLost(ILogger logger, TimeSpan pause, Exception exception);
}
