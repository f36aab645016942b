using Countersign.Core.Erasure;

namespace Countersign.Storage;

/// <summary>A table, and what it holds of persons.</summary>
/// <param name="Class">Null where it holds nothing of any one.</param>
/// <param name="How">Where it holds something: how the rows of a line are found. Where it holds nothing: what it holds.</param>
internal sealed record InventoryTable(string Name, DataClass? Class, string How)
{
    public override string ToString() => nameof(InventoryTable);
}

/// <summary>
/// Every table there is, the pseudonyms' database's too. A test holds the list to the migrations, and each table of a class to what an
/// export shows and an erasure leaves: a new table is thought of here, in <see cref="PersonStore"/> and in docs/erasure.md, or the build
/// fails.
/// </summary>
internal static class Inventory
{
    /// <summary>Those that are in the pseudonyms' database.</summary>
    public static IReadOnlyList<string> OfKeys { get; } = ["lines", "line_keys", "day_keys"];

    public static IReadOnlyList<InventoryTable> Tables { get; } =
    [
        new("flows", DataClass.Flows, "number_hash"),
        new("outcomes", DataClass.Outcomes, "line: its pseudonym"),
        new("lines", DataClass.Pseudonyms, "number_hash"),
        new("line_keys", DataClass.Pseudonyms, "number_hash"),
        new("texts", DataClass.Texts, "to_hash, flow_id"),
        new("receipts", DataClass.Receipts, "flow_id"),
        new("event_outbox", DataClass.Events, "flow_id"),
        new("events", DataClass.Events, "flow_id; those of no flow name a device or a sum"),
        new("webhook_deliveries", DataClass.Events, "position of the event"),
        new("idempotency", DataClass.Answers, "the flow's id in the sealed answer, by its moment"),
        new("identities", DataClass.Identities, "number_hash; by those that have left one, the id of the line's key in what is sealed"),
        new("identity_aliases", DataClass.Identities, "identity_id"),
        new("devices", DataClass.Devices, "identity_id"),
        new("passkeys", DataClass.Devices, "device_id"),
        new("person_records", DataClass.Records, "number_hash"),
        new("verified_numbers", DataClass.Verified, "number_hash"),
        new("suppressions", DataClass.Stops, "number_hash"),
        new("counters", DataClass.Limits, "counter_key, of the line's three budgets"),
        new("text_traffic", DataClass.Limits, "traffic_key, of the thousand numbers around it, and item; all else is of many"),
        new("abuse_entries", DataClass.Abuse, "target_key, of the number"),
        new("audit_entries", DataClass.Audit, "subject_hash"),
        new("audit_waiting", DataClass.Audit, "subject"),

        new("admin_keys", null, "keys of administrators"),
        new("audit_checkpoints", null, "signatures"),
        new("audit_state", null, "the audit's key, and settings"),
        new("clients", null, "clients of relying parties"),
        new("day_keys", null, "secrets of days, by chance"),
        new("domain_links", null, "projects that see each other"),
        new("erased_events", null, "ids and places of events that told of a flow, and nothing of what they told"),
        new("event_head", null, "the last place that was given"),
        new("keys", null, "keys that sign tokens"),
        new("outcome_counts", null, "sums, and how many lines they are of: no line is found in them"),
        new("projects", null, "settings"),
        new("receipt_keys", null, "public halves of keys that signed"),
        new("record_imports", null, "how imports went, in numbers"),
        new("record_sources", null, "names of sources"),
        new("record_visibility", null, "which projects see a source"),
        new("revoked_tokens", null, "ids of access tokens of relying parties"),
        new("settings", null, "marks of the server's own"),
        new("spending", null, "money, by project and month"),
        new("taken_assertions", null, "hashes of what clients of relying parties signed"),
        new("taken_challenges", null, "hashes of random challenges"),
        new("taken_requests", null, "hashes of what text providers signed, ids of chance with it"),
        new("taken_signatures", null, "hashes of what text providers signed with a time, for an hour"),
        new("webhooks", null, "addresses of relying parties"),
        new("write_probe", null, "nothing"),
    ];
}
