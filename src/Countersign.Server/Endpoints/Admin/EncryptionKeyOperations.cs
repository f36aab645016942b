using System.Text.Json.Nodes;
using Countersign.Core.Keys;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Members of requests about encryption keys.</summary>
internal static class EncryptionKeyMembers
{
    public static Member<int> SealsInSeconds { get; } = Member.Standard(
        "sealsInSeconds", Shape.Number(15, 30 * 24 * 3600, "seconds"), 15,
        "Seconds from now until the new key seals; 15 when absent, in which every process that reads this key file reads it again. Where "
        + "several servers have a file each, the time in which all of them get it.");

    public static Member<string> Id { get; } = Member.Required(
        "id", new TextShape<string>(text => (text, null)) { Min = 8, Max = 8, Pattern = "^[0-9a-f]{8}$" }, "The key's id.");
}

/// <summary>What the admin API's endpoints promise about encryption keys.</summary>
internal static class EncryptionKeyOperations
{
    private const string Tag = "encryption keys";
    private const string Example = "3f9a1c07";

    public static Operation List { get; } = new()
    {
        Id = "listEncryptionKeys",
        Tag = Tag,
        Summary = "List the keys that the store is encrypted with",
        Description = "Without the keys themselves. Counts what each has sealed, which goes through all tables.",
        Credentials = Document.AdminKey,
        Success = new Reply(
            StatusCodes.Status200OK, "The keys, in the order in which they begin.",
            new ObjectSchema(
                nameof(EncryptionKeyListResponse), "Encryption keys.", IsClosed: true,
                new Member("keys", Schema.List("The keys.", Schema.Closed(
                    "One key.",
                    [
                        IdAnswered(),
                        new Member("sealsFrom", Schema.Time("When it begins or began to seal; absent for the first key.")),
                        new Member("seals", Schema.Flag("Whether it seals now; every key opens."), IsRequired: true),
                        new Member("values", Schema.Number("How many values in the store are under it.", 0), IsRequired: true),
                        new Member(
                            "retirableFrom",
                            Schema.Time("From when it can be retired, if no value is under it; absent while no key comes after it.")),
                    ])), IsRequired: true),
                new Member(
                    "valuesUnderNoKey", Schema.Number("How many values in the store are under a key that this server does not have.", 0),
                    IsRequired: true)),
            Members.Object(
                ("keys", new JsonArray(Members.Object(("id", Example), ("seals", true), ("values", 1024)))), ("valuesUnderNoKey", 0))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    public static Operation Rotate { get; } = new()
    {
        Id = "rotateEncryptionKey",
        Tag = Tag,
        Summary = "Make a new key to encrypt the store with",
        Description =
            "It is written to this server's key file (`Countersign:Keys:File`) and nowhere else; no answer holds it. From its moment on it "
            + $"seals, and what is stored is sealed anew in the background. Refused (409) while a key has not begun, and while there are "
            + $"{KeySet.MaxKeys} keys; the message says from when on the next can be made.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema("RotateEncryptionKeyRequest", "A new key.", IsClosed: true, EncryptionKeyMembers.SealsInSeconds),
            Members.Object((EncryptionKeyMembers.SealsInSeconds, 900)), IsRequired: false, Members.Json),
        Success = new Reply(
            StatusCodes.Status201Created, "The key was made.",
            new ObjectSchema(
                nameof(EncryptionKeyMadeResponse), "A new key.", IsClosed: true, IdAnswered(),
                new Member("sealsFrom", Schema.Time("When it begins to seal."), IsRequired: true)),
            Members.Object(("id", Example), ("sealsFrom", "2026-01-02T03:04:05+00:00"))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Retire { get; } = new()
    {
        Id = "retireEncryptionKey",
        Tag = Tag,
        Summary = "Take a key away that opens nothing any more",
        Description =
            "From the key file of this server; with several, copy the file. Refused (409) for the key that seals, within an hour after the "
            + "next began, and while anything in the store is under it. A key that has not begun may go until 15 seconds before.",
        Credentials = Document.AdminKey,
        Parameters = [Parameter.InPath(EncryptionKeyMembers.Id, Example)],
        Success = new Reply(StatusCodes.Status204NoContent, "It is gone."),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    private static Member IdAnswered() => EncryptionKeyMembers.Id.Answered("Its id.", isRequired: true);
}
