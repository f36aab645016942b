using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Erasure;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Limits;
using Countersign.Core.PreFill;
using Countersign.Core.Pumping;
using Countersign.Core.Texts;
using Countersign.Core.Unify;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Timeline;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// What is held of a line, for the person to read. What opens something is not in it: the code or link of a text that may still be of use
/// would let whoever exports prove to hold the phone.
/// </summary>
internal static class HeldEntries
{
    /// <summary>Every class, in the order of <see cref="DataClass.All"/>.</summary>
    public static IEnumerable<(DataClass Class, IEnumerable<JsonObject> Entries)> Of(HeldOfLine held) =>
        DataClass.All.Select(of => (of, EntriesOf(of, held)));

    private static IEnumerable<JsonObject> EntriesOf(DataClass of, HeldOfLine held)
    {
        Dictionary<DataClass, Func<IEnumerable<JsonObject>>> entries = new()
        {
            [DataClass.Flows] = () => held.Flows.Where(row => row.Outcome is null).Select(row => OfFlow(row.Id, row.Flow)),
            [DataClass.Outcomes] = () => held.Flows.Select(row => row.Outcome).OfType<Outcome>().Select(OfOutcome),
            [DataClass.Pseudonyms] = () => held.HasPseudonym ? [Entry(("stands", "for the number in outcomes"))] : [],
            [DataClass.Texts] = () => held.Texts.Select(OfText),
            [DataClass.Receipts] = () => held.Receipts.Select(id => Entry((Members.CorrelationIdName, $"{id}"))),
            [DataClass.Events] = () => held.Events.Select(OfEvent),
            [DataClass.Answers] = () => held.Answered.Select(id => Entry((Members.CorrelationIdName, $"{id}"))),
            [DataClass.Identities] = () => held.Identities.Select(OfIdentity),
            [DataClass.Devices] = () => held.Devices.Select(OfDevice),
            [DataClass.Records] = () => held.Records.Select(OfRecord),
            [DataClass.Verified] = () => held.Moments.Select(one => Entry(
                ("projectId", $"{one.Project}"), (one.HasLeft ? "identityBeganAt" : "provenAt", WireTime.Format(one.At)))),
            [DataClass.Stops] = () => held.Stops.Select(one => Entry(
                ("sender", one.Sender ?? "every sender"), ("since", WireTime.Format(one.Since)))),
            [DataClass.Limits] = () => held.Spent.Select(OfSpending),
            [DataClass.Abuse] = () => held.Abuse.Select(OfAbuse),
            [DataClass.Audit] = () => held.Audit.Select(OfAudit),
        };
        return entries[of]();
    }

    private static JsonObject OfFlow(CorrelationId id, Flow? flow) => flow is null
        ? Entry((Members.CorrelationIdName, $"{id}"), ("unreadable", "its encryption key is gone"))
        : Entry(
            (Members.CorrelationIdName, $"{id}"),
            ("projectId", $"{flow.ProjectId}"),
            ("product", Products.WordOf(flow.Product)),
            ("begunAt", WireTime.Format(flow.CreatedAt)),
            ("keptUntil", WireTime.Format(flow.ExpiresAt)),
            ("phoneNumberAsGiven", flow.NumberAsGiven),
            ("firstName", flow.Name?.Given),
            ("lastName", flow.Name?.Family),
            ("birthDate", (flow.Tail as PreFillProgress)?.BirthDate?.ToText()),
            ("ssnLastFour", (flow.Tail as PreFillProgress)?.Ssn?.LastFour),
            ("clientRequestId", flow.ClientRequestId),
            ("clientCustomerId", flow.ClientCustomerId),
            ("clientHumanId", (flow.Tail as UnifyProgress)?.ClientHumanId),
            ("wording", flow.SmsMessage),
            ("finalTargetUrl", flow.FinalTargetUrl),
            ("browser", flow.BegunBy is { } browser ? $"{browser.Family} on {browser.Platform}" : null),
            ("browserAddress", flow.BegunBy?.Address),
            ("timeline", Facts(flow.Timeline)));

    private static JsonObject OfOutcome(Outcome outcome) => Entry(
        (Members.CorrelationIdName, $"{outcome.Id}"),
        ("projectId", $"{outcome.ProjectId}"),
        ("product", Products.WordOf(outcome.Product)),
        ("begunAt", WireTime.Format(outcome.BegunAt)),
        ("endedAt", WireTime.Format(outcome.EndedAt)),
        ("end", outcome.End),
        ("reason", outcome.Reason),
        ("country", outcome.Country),
        ("phoneNumberBegins", outcome.Prefix),
        ("clientRequestId", outcome.ClientRequestId),
        ("timeline", Facts(outcome.Facts)),
        ("texts", new JsonArray(
        [
            .. outcome.Texts.Select(text => Entry(
                ("kind", TextKinds.WordOf(text.Kind)), ("createdAt", WireTime.Format(text.CreatedAt)),
                ("state", FlowWords.Of(text.State)))),
        ])));

    private static JsonObject OfText(StoredText text) => Entry(
        (Members.CorrelationIdName, $"{text.Text.Flow}"),
        ("kind", TextKinds.WordOf(text.Text.Kind)),
        ("createdAt", WireTime.Format(text.Text.CreatedAt)),
        ("state", FlowWords.Of(text.Fate.State)),
        ("says", "a code or a link of use to the phone alone; it is kept, and not told here"),
        ("gateways", new JsonArray([.. text.Fate.Attempts.Select(attempt => (JsonNode)$"{attempt.Gateway}")])));

    private static JsonObject OfEvent(PublishedEvent told) => Entry(
        (Members.CorrelationIdName, told.Announcement.Flow is { } flow ? $"{flow}" : null),
        ("type", told.Announcement.Type),
        ("at", WireTime.Format(told.Announcement.At)));

    private static JsonObject OfIdentity(ProjectIdentity identity) => Entry(
    [
        ("proveId", $"{identity.Id}"),
        ("projectId", $"{identity.ProjectId}"),
        ("status", AdminWords.Of(identity.Status)),
        ("createdAt", WireTime.Format(identity.CreatedAt)),
        ("leftNumberAt", identity.LeftNumberAt is { } left ? WireTime.Format(left) : null),
        // Whoever has left the number is somebody else than who has it now: what is known of them is not for this person.
        .. identity.HoldsNumber ? DetailsOf(identity.Details) : [],
    ]);

    private static (string Name, JsonNode? Value)[] DetailsOf(IdentityDetails details) =>
    [
        ("phoneNumberAsGiven", details.NumberAsGiven),
        ("clientCustomerId", details.ClientCustomerId),
        ("clientHumanId", details.ClientHumanId),
        ("deviceId", details.DeviceId),
        ("facts", details.Facts is null ? null : new JsonArray(
            [.. details.Facts.Select(fact => fact.WithoutWholeSsn()).Select(fact => Entry(("type", fact.Type), ("value", fact.Value)))])),
    ];

    private static JsonObject OfDevice(HeldDevice held) => Entry(
        ("deviceId", DeviceIds.Print(held.Device.Id)),
        ("projectId", $"{held.Device.ProjectId}"),
        ("proveId", held.Device.IdentityId is { } identity ? $"{identity}" : null),
        ("createdAt", WireTime.Format(held.Device.CreatedAt)),
        ("lastUsedAt", held.Device.LastUsedAt is { } used ? WireTime.Format(used) : null),
        ("hasKey", held.Device.KeyId is not null),
        ("passkeys", held.Passkeys),
        ("isRevoked", held.Device.IsRevoked));

    private static JsonObject OfRecord(KeptRecord kept)
    {
        var (record, person) = (kept.Record, kept.Record.Person);
        var address = person.Addresses is [var first, ..] ? first : null;
        return Entry(
            ("source", $"{kept.Source}"),
            ("recordId", record.RecordId),
            ("firstName", person.Name?.Given),
            ("middleNames", record.MiddleNames),
            ("lastName", person.Name?.Family),
            ("birthDate", person.BirthDate?.ToText()),
            ("ssnLastFour", person.Ssn?.LastFour),
            ("street", address?.Street),
            ("city", address?.City),
            ("region", address?.Region),
            ("postalCode", address?.PostalCode),
            ("country", record.Country),
            ("emailAddress", person.EmailAddresses is [var email, ..] ? email : null),
            ("validFrom", record.ValidFrom?.ToString("O", null)),
            ("validTo", record.ValidTo?.ToString("O", null)));
    }

    private static JsonObject OfSpending(Spending one) => Entry(
        ("rule", one.Rule),
        ("projectId", one.Project is { } project ? $"{project}" : null),
        ("count", one.Count),
        ("max", one.Max),
        ("windowSeconds", (long)one.Window.TotalSeconds));

    private static JsonObject OfAbuse(AbuseEntry entry) => Entry(
        ("verdict", AdminWords.Of(entry.Verdict)),
        ("rule", entry.Finding?.Rule),
        ("saidBy", entry.By),
        ("since", WireTime.Format(entry.Since)),
        ("until", WireTime.Format(entry.Until)));

    private static JsonObject OfAudit(FoundAudit found) => Entry(
        ("position", found.Position),
        ("at", WireTime.Format(found.Entry.At)),
        ("actor", found.Entry.Act.Actor),
        ("act", found.Entry.Act.Act),
        ("projectId", found.Entry.Act.Project));

    private static JsonArray Facts(IReadOnlyList<FlowEvent> facts) =>
        [.. facts.Select(fact => (JsonNode)$"{WireTime.Format(fact.At)} {FlowSentences.Of(fact)}")];

    /// <summary>Without what there is none of.</summary>
    private static JsonObject Entry(params (string Name, JsonNode? Value)[] members) =>
        Members.Object([.. members.Where(member => member.Value is not null)]);
}
