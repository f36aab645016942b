using System.Text.Json.Nodes;
using Countersign.Core.Audit;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about the audit.</summary>
internal static class AuditOperations
{
    private const string Tag = "audit";
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private const string ExampleText =
        """{"v":1,"kind":"checkpoint","position":120,"hash":"9f86d081…","at":"2026-01-02T03:04:05.678Z","key":"5d41402a…"}""";

    public static Operation List { get; } = new()
    {
        Id = "listAudit",
        Tag = Tag,
        Summary = "List who has done what",
        Description =
            "Acts of administrators, data of persons that was given out, and starts of servers with what their configuration had changed; "
            + "the newest first. An act is here some seconds after it was done. No entry holds a number, a name or a secret.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                nameof(ListAuditRequest), "What is looked for; all of it must agree.", IsClosed: true,
                AuditMembers.From,
                AuditMembers.To,
                AuditMembers.Actor,
                AuditMembers.Act,
                AdminMembers.OnlyProject.Saying("In this project."),
                AuditMembers.Target,
                LookUp.ClientCustomerId.Saying("About the person who was looked for by this id, as the relying party sent it."),
                AdminMembers.ProveId.Saying("About the person with this `proveId`."),
                LookUp.PhoneNumber.Saying("About this number."),
                AuditMembers.Before,
                AdminMembers.Limit),
            Members.Object(("actor", "admin-key:ops")), IsRequired: false, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "What was done.",
            new ObjectSchema(
                nameof(AuditListResponse), "Entries of the audit.", IsClosed: true,
                new Member("entries", Schema.List("The newest first.", EntrySchema()), IsRequired: true),
                IsComplete()),
            Members.Object(("entries", new JsonArray(ExampleEntry())), ("isComplete", true))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    public static Operation Entries { get; } = new()
    {
        Id = "listAuditEntries",
        Tag = Tag,
        Summary = "Read the chain",
        Description =
            "The entries in their order, as they are hashed. `hash` is the SHA-256 of `countersign audit entry 1` and a line feed, the "
            + "position (8 bytes, big endian), the 32 bytes of `previous`, and `entry` in UTF-8. Of the first entry `previous` is 32 zeros."
            + " `countersign audit verify` does this and more.",
        Credentials = Document.AdminKey,
        Parameters = [Parameter.InQuery(AuditMembers.After, 0), Parameter.InQuery(AdminMembers.Limit, 100)],
        Success = new Reply(
            StatusCodes.Status200OK, "Entries.",
            new ObjectSchema(
                nameof(AuditEntriesResponse), "A part of the chain.", IsClosed: true,
                new Member("entries", Schema.List("In the order of their positions.", Schema.Closed(
                    "An entry.",
                    new Member("position", Schema.Number("Its place, from 1 on.", min: 1), IsRequired: true),
                    new Member("previous", Schema.Text("The hash of the entry before, in hex."), IsRequired: true),
                    new Member("hash", Schema.Text("Its own, in hex."), IsRequired: true),
                    new Member("entry", Schema.Text("A JSON text; hashed as it stands. Empty where it does not open."), IsRequired: true),
                    new Member("flaw", Schema.Text("What is wrong with the row; absent for nothing.")))), IsRequired: true),
                IsComplete()),
            Members.Object(
                ("entries", new JsonArray(Members.Object(
                    ("position", 1), ("previous", new string('0', 64)), ("hash", Hash), ("entry", """{"v":1,"act":"start"}""")))),
                ("isComplete", true))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    public static Operation Checkpoints { get; } = new()
    {
        Id = "listAuditCheckpoints",
        Tag = Tag,
        Summary = "Read the signed checkpoints",
        Description =
            "What the chain is held to: ask for it before the entries. A signature is ECDSA on P-256 with SHA-256 (r and s, 32 bytes each) "
            + "over `countersign audit checkpoint 1`, a line feed, and the text in UTF-8. Keep one elsewhere now and then: only so an end "
            + "that was cut off with its checkpoints is noticed for sure.",
        Credentials = Document.AdminKey,
        Parameters = [Parameter.InQuery(AuditMembers.After, 0), Parameter.InQuery(AdminMembers.Limit, 100)],
        Success = new Reply(
            StatusCodes.Status200OK, "Checkpoints.",
            new ObjectSchema(
                nameof(AuditCheckpointsResponse), "What the chain is held to.", IsClosed: true,
                new Member("at", Schema.Time("When this was read."), IsRequired: true),
                new Member("keys", Schema.List("The keys that sign.", Schema.Closed(
                    "A key.",
                    new Member("id", Schema.Text("The first 32 hex digits of the SHA-256 of the key."), IsRequired: true),
                    new Member("publicKey", Schema.Text("SubjectPublicKeyInfo (RFC 5280), base64."), IsRequired: true))), IsRequired: true),
                new Member("unlinked", Schema.List("What waits to be linked.", Schema.Closed(
                    "An entry.",
                    new Member("run", Schema.Text("The run of a server that has written it."), IsRequired: true),
                    new Member("number", Schema.Number("Its number in that run."), IsRequired: true))), IsRequired: true),
                new Member("pruned", Schema.List("Up to where the server took old entries away.", SignedSchema()), IsRequired: true),
                new Member("checkpoints", Schema.List("In the order of their positions.", SignedSchema()), IsRequired: true),
                IsComplete()),
            Members.Object(
                ("at", "2026-01-02T03:04:05+00:00"), ("keys", new JsonArray()), ("unlinked", new JsonArray()), ("pruned", new JsonArray()),
                ("checkpoints", new JsonArray(Members.Object(("text", ExampleText), ("signature", "MEUCIQ==")))), ("isComplete", true))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    private static Member IsComplete() => new("isComplete", Schema.Flag("False when there are more."), IsRequired: true);

    private static JsonObject SignedSchema() => Schema.Closed(
        "A signed text.",
        new Member("text", Schema.Text("JSON: `kind`, `position`, `hash`, `at` and `key`."), IsRequired: true),
        new Member("signature", Schema.Text("Base64."), IsRequired: true));

    private static JsonObject EntrySchema() => Schema.Closed(
        "Something that was done.",
        new Member("position", Schema.Number("Its place in the chain.", min: 1), IsRequired: true),
        new Member("at", Schema.Time("When it began."), IsRequired: true),
        new Member("kind", Schema.Word("What kind of thing.", Enum.GetValues<AuditKind>().Select(AdminWords.Of)), IsRequired: true),
        new Member("actor", Schema.Text("Who, by kind and name."), IsRequired: true),
        new Member("act", Schema.Text("What: an `operationId` of this document, or a word of the audit's own."), IsRequired: true),
        new Member("from", Schema.Text("The address that the call came from; absent where nobody called.")),
        new Member("project", Schema.Text("In which project; absent for none, or for all.")),
        new Member("target", Schema.Text("To what, by kind and id; absent where nothing is named.")),
        new Member("subject", Schema.Text("Tells two persons apart, and nothing more; absent for nobody, and once it is erased.")),
        new Member("asked", Schema.List("What was asked for; what is a person's or secret is `(given)`.", Schema.Closed(
            "A member of the request.",
            new Member("name", Schema.Text("Its name."), IsRequired: true),
            new Member("value", Schema.Text("Its value."), IsRequired: true))), IsRequired: true),
        new Member("changes", Schema.List("What is otherwise than before; of secrets a hash.", Schema.Closed(
            "A change.",
            new Member("name", Schema.Text("Of what."), IsRequired: true),
            new Member("before", Schema.Text("Absent where there was nothing.")),
            new Member("after", Schema.Text("Absent where there is nothing any more.")))), IsRequired: true),
        new Member("outcome", Schema.Word(
            "What came of it. `unknown`: it began, and the server did not come to say how it ended.",
            Enum.GetValues<AuditOutcome>().Where(outcome => outcome != AuditOutcome.Open).Select(AdminWords.Of)), IsRequired: true),
        new Member("status", Schema.Number("The status that was answered; absent where nobody called.")),
        new Member("run", Schema.Text("The run of a server that has written it."), IsRequired: true),
        new Member("number", Schema.Number("Its number in that run."), IsRequired: true));

    private static JsonObject ExampleEntry() => Members.Object(
        ("position", 121), ("at", "2026-01-02T03:04:05.678+00:00"), ("kind", "admin"), ("actor", "admin-key:ops"),
        ("act", "changeProject"), ("from", "192.0.2.7"), ("project", "shop"), ("target", "project:shop"),
        ("asked", new JsonArray(Members.Object(("name", "numberChange"), ("value", "on")))),
        ("changes", new JsonArray(Members.Object(("name", "numberChange"), ("before", "off"), ("after", "on")))), ("outcome", "done"),
        ("status", 200), ("run", "0123456789abcdef"), ("number", 17));
}
