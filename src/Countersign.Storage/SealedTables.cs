using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Every table that holds something sealed or a keyed hash. A test holds this list to what the stores write.</summary>
internal static class SealedTables
{
    private static readonly string[] _none = [];

    // The tables that a call may wait for come first.
    public static IReadOnlyList<SealedTable> All(HashSealer hashes) =>
    [
        new(
            "keys", ["id"], _none, [new SealedColumn("private_key", row => SigningKeyStore.PlaceOf((string)row[0]!))], _none, _none),
        new(
            "flows", ["id"], ["version"],
            [new SealedColumn("state", row => FlowRow.PlaceOf(CorrelationId.FromBytes((byte[])row[0]!)), row => (long)row[1]!)],
            ["link_hash", "client_request_hash", "client_customer_hash", "number_hash"], _none),
        new("texts", ["id"], _none, [new SealedColumn("body", row => TextRow.PlaceOf(IdOf(row)))], ["to_hash"], _none),
        new(
            "outcomes", ["id"], _none, [new SealedColumn("body", row => OutcomeStore.PlaceOf(CorrelationId.FromBytes((byte[])row[0]!)))],
            ["client_request_hash", "client_customer_hash"], _none),
        new(
            "receipts", ["flow_id"], _none,
            [new SealedColumn("receipt", row => ReceiptStore.PlaceOf(CorrelationId.FromBytes((byte[])row[0]!)))], _none, _none),
        new(
            "receipt_keys", ["id"], _none, [new SealedColumn("public_key", row => ReceiptStore.PlaceOf((string)row[0]!))], _none, _none),
        .. Events,
        new(
            "idempotency", ["key_hash"], _none,
            [new SealedColumn("answer", row => SealedAnswer.PlaceOf(HashOf(hashes.Open((byte[])row[0]!))))],
            ["key_hash", "body_hash"], ["key_hash"]),
        new(
            "counters", ["counter_key"], ["version"],
            [
                new SealedColumn("charges", row => CounterRow.PlaceOf(hashes.Open((byte[])row[0]!))) { IsSealed = CounterRow.IsSealed },
            ],
            ["counter_key"], ["counter_key"]),
        .. Taken,
        new("taken_challenges", ["challenge_hash"], _none, [], ["challenge_hash", "call_hash"], ["challenge_hash"]),
        new(
            "abuse_entries", ["id"], _none, [new SealedColumn("label", row => AbuseStore.PlaceOf((byte[])row[0]!))], ["target_key"],
            _none),
        Bound([BoundColumns.Projects], []),
        Bound([BoundColumns.Clients], []),
        Bound([BoundColumns.AdminKeys], ["ended_at"]),
        Bound([BoundColumns.Devices, BoundColumns.Ties], ["is_revoked"]),
        Bound([BoundColumns.Aliases], []),
        new(
            "suppressions", ["number_hash", "sender"], _none,
            [new SealedColumn("masked", row => SuppressionStore.PlaceOf(hashes.Open((byte[])row[0]!), (string)row[1]!))],
            ["number_hash"], ["number_hash", "sender"]),
        new("verified_numbers", ["project_id", "number_hash"], ["verified_at"], [], ["number_hash"], ["project_id", "number_hash"]),
        new(
            "passkeys", ["credential_id"], ["project_id", "device_id", "rp_id", "created_at"],
            [new SealedColumn("body", row => PasskeyStore.PlaceOf((byte[])row[0]!)), SealedColumn.Of(BoundColumns.Passkeys)], _none, _none),
        new(
            "identities", ["id"], ["project_id"], [new SealedColumn("body", row => IdentityStore.PlaceOf(IdOf(row)))],
            ["number_hash"], ["project_id", "number_hash"])
        {
            // Two of one line: they are joined, as those are that were stored under two forms of it.
            GiveWay = "UPDATE identities SET number_form = 0 WHERE id = @id AND number_hash = @number_hash",
            // Who has left a number has their own id there.
            HasHashes = row => ((byte[])row[3]!).Length != ((byte[])row[0]!).Length,
        },
        .. Audit,
        PersonRecords(hashes),
        // Last: while their database is away the others are brought under the key.
        .. OfKeys,
    ];

    private static IEnumerable<SealedTable> Taken =>
    [
        new("taken_assertions", ["assertion_hash"], _none, [], ["assertion_hash"], ["assertion_hash"]),
        new("taken_requests", ["request_hash"], _none, [], ["request_hash"], ["request_hash"]),
        new("taken_signatures", ["request_hash"], _none, [], ["request_hash"], ["request_hash"]),
    ];

    // What waits before what has its place: it is found there when it has gone on meanwhile.
    private static SealedTable[] Events =>
    [
        new(
            "event_outbox", ["seq"], ["id"], [new SealedColumn("body", row => EventOutbox.PlaceOf(new((byte[])row[1]!, bigEndian: true)))],
            _none, _none),
        new(
            "events", ["position"], ["id"], [new SealedColumn("body", row => EventOutbox.PlaceOf(new((byte[])row[1]!, bigEndian: true)))],
            _none, _none),
        new(
            "webhooks", ["id"], ["version"],
            [new SealedColumn("body", row => WebhookStore.PlaceOf((string)row[0]!), row => (long)row[1]!)], _none, _none),
    ];

    private static SealedTable[] OfKeys =>
    [
        new("lines", ["number_hash"], ["pseudonym", "used_at"], [], ["number_hash"], ["number_hash"]) { IsOfKeys = true },
        new(
            "day_keys", ["kept_for", "day"], _none,
            [new SealedColumn("secret", row => DayKeyStore.PlaceOf((long)row[0]!, (long)row[1]!))], _none, _none) { IsOfKeys = true },
        new(
            "line_keys", ["id"], ["twin"], [new SealedColumn("secret", row => LineKeyStore.PlaceOf((byte[])row[0]!))],
            ["number_hash"], ["number_hash", "twin"])
        {
            IsOfKeys = true,
            // None goes: rows stand under both. The next look finds it where it has a place.
            GiveWay = "UPDATE line_keys SET twin = twin + 1 WHERE id = @id AND twin = @twin",
        },
    ];

    // What waits before the chain: what is linked meanwhile is found there.
    private static SealedTable[] Audit =>
    [
        new("audit_state", ["id"], _none, [new SealedColumn("body", row => AuditStore.StatePlaceOf((string)row[0]!))], _none, _none),
        new(
            "audit_waiting", ["writer", "number"], ["is_open"],
            [
                new SealedColumn("body", row => AuditStore.WaitingPlaceOf($"{row[0]}:{row[1]}")),
                new SealedColumn("subject", row => AuditStore.WaitingSubjectPlaceOf($"{row[0]}:{row[1]}")),
            ],
            _none, _none),
        new(
            "audit_entries", ["position"], _none,
            [
                new SealedColumn("body", row => AuditStore.PlaceOf((long)row[0]!)),
                new SealedColumn("subject", row => AuditStore.SubjectPlaceOf((long)row[0]!)),
            ],
            ["subject_hash"], _none),
    ];

    public static SealedTable PersonRecords(HashSealer hashes) => new(
        "person_records", ["seq"], ["stage"],
        [
            new SealedColumn(
                "body", row => PersonRecordKeys.PlaceOf(hashes.Open((byte[])row[3]!), hashes.Open((byte[])row[4]!))),
        ],
        ["number_hash", "record_hash", "digest"], ["number_hash", "record_hash", "stage"])
    {
        // What the later import brought stays, whichever key it is under. Nobody's later import is removed who was first meanwhile.
        GiveWay = """
            DELETE FROM person_records
            WHERE seq IN (
                SELECT CASE
                    WHEN mine.import_id > other.import_id OR (mine.import_id = other.import_id AND mine.seq > other.seq) THEN other.seq
                    ELSE mine.seq END
                FROM person_records mine JOIN person_records other
                  ON other.number_hash = @new_number_hash AND other.record_hash = @new_record_hash AND other.stage = mine.stage
                    AND other.seq <> mine.seq
                WHERE mine.seq = @seq AND mine.number_hash = @number_hash AND mine.record_hash = @record_hash AND mine.stage = @stage
                  AND mine.body = @body)
              AND import_id <= (
                SELECT max(import_id) FROM person_records
                WHERE seq = @seq OR (number_hash = @new_number_hash AND record_hash = @new_record_hash AND stage = @stage))
            """,
    };

    /// <summary>A table of which nothing is encrypted but the seals of its rows.</summary>
    private static SealedTable Bound(BoundColumns[] all, string[] others) => new(
        all[0].Table, [all[0].Key],
        [
            .. all.SelectMany(bound => bound.Columns.Except(bound.Hashes, StringComparer.Ordinal))
                .Except([all[0].Key], StringComparer.Ordinal),
            .. others,
        ],
        [.. all.Select(SealedColumn.Of)], [.. all.SelectMany(bound => bound.Hashes)], _none)
    {
        Numbers = ["created_at", "former_expires_at", "expires_at", "ended_at", "ages_from"], Texts = ["keys", "projects"],
    };

    private static Guid IdOf(object?[] row) => new((byte[])row[0]!, bigEndian: true);

    private static SecretHash HashOf(byte[] hash) => new(Convert.ToHexStringLower(hash));
}
