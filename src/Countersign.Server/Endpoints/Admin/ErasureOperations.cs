using System.Text.Json.Nodes;
using Countersign.Core.Erasure;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about all that is held of a person.</summary>
internal static class ErasureOperations
{
    private const string Tag = "erasure";
    private const string ExampleErasure = "019ab3f0-7d10-7c4b-8a51-2f9d0c63b18e";

    private static readonly string[] _classes = [.. DataClass.All.Select(of => of.Name)];

    public static Operation Erase { get; } = new()
    {
        Id = "eraseData",
        Tag = Tag,
        Summary = "Erase what is held of a number, a flow or a project's persons",
        Description =
            """
            What runs is cancelled first; then all rows go, of every project, and last what links the line to them. It takes some seconds:
            what calls under way still write is looked for a second time. Repeated it does no harm, and completes one that was broken off.
            Where a number is in use without a pause, so that each of five looks finds something, it is refused (409) and nothing is
            proven: repeat it.
            Of a project its persons are erased; the project stays, with its clients, settings and sums.

            `proof` is signed, and is checked offline with the keys of `/.well-known/jwks.json`. Of whom it is only `disclosures` tell,
            which are handed out here and kept nowhere: keep them together, and show both to whoever has to believe it. What
            `copiesUntil` says holds if no copy of the database of `Keys:Store` is kept longer than seven days.

            The audit keeps that it was done, by whom and as which `erasureId`, and not of whom.
            """,
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                nameof(EraseRequest), "Whose: one of number, flow and project.", IsClosed: true,
                LookUp.PhoneNumber, ErasureMembers.Flow, ErasureMembers.Project, ErasureMembers.KeepStop),
            Members.Object((Members.PhoneNumber, "+12025550142")), IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "It is erased.",
            new ObjectSchema(
                nameof(ErasureResponse), "What was erased, and the proof.", IsClosed: true,
                new Member("erasureId", Schema.Text("Names it in the audit and in the proof."), IsRequired: true),
                new Member("erasedAt", Schema.Time("What began later is not in it."), IsRequired: true),
                new Member("erased", Schema.List("Every class that was looked through; of none of them anything is left.", Schema.Closed(
                    "A class of data.",
                    Class(),
                    new Member("rows", Schema.Number("How many rows went; 0 where there were none."), IsRequired: true),
                    new Member("copiesSince", Schema.Time(
                        "Of copies made since then `copiesUntil` speaks: an earlier one may hold rows from before lines had keys.")),
                    new Member("copiesUntil", Schema.Time(
                        "From then on no copy of the store leads to the person. Absent where copies do for as long as they are kept.")))),
                    IsRequired: true),
                new Member("kept", Schema.List("Classes that were left because it was asked for.", Schema.Word("A class.", _classes)),
                    IsRequired: true),
                new Member(
                    "proof", Schema.Text("A JWS in compact form: `typ` is `cs-erasure+sd-jwt`, `alg` is `ES256`."), IsRequired: true),
                new Member("disclosures", Schema.List(
                    "Base64url of `[salt, \"phoneNumber\", value]`; empty where no number was given.", Schema.Text("A disclosure.")),
                    IsRequired: true)),
            Members.Object(
                ("erasureId", ExampleErasure), ("erasedAt", "2026-11-30T10:00:00+00:00"),
                ("erased", new JsonArray(
                    Members.Object(("class", "outcomes"), ("rows", 3), ("copiesUntil", "2026-12-07T10:00:00+00:00")),
                    Members.Object(
                        ("class", "records"), ("rows", 1), ("copiesSince", "2026-11-02T08:00:00+00:00"),
                        ("copiesUntil", "2026-12-07T10:00:00+00:00")),
                    Members.Object(("class", "devices"), ("rows", 2)))),
                ("kept", new JsonArray()), ("proof", Members.ExampleToken),
                ("disclosures", new JsonArray("WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwicGhvbmVOdW1iZXIiLCIrMTIwMjU1NTAxNDIiXQ")))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Lost { get; } = new()
    {
        Id = "eraseLost",
        Tag = Tag,
        Summary = "Count or remove what stands under keys of lines that are gone",
        Description =
            """
            Such rows are left of lines that were erased when the store is put back from before, and where keys of lines were lost. Nobody
            reads them, and they keep an encryption key from being retired. Without `rows` they are counted; with it they are removed, with
            devices and other ids of identities among them, if there are as many as it says (else 409). That waits some seconds for each
            table: a row whose key comes back meanwhile stays.

            With `outcomes` those of lines that have no pseudonym any more count too, which are read as before: with each go receipt, texts
            and events of its flow, also those that webhooks wait for. They are left by a backup of the store from before an erasure; where
            the database of keys itself was lost or is older, all newer lines have none, and their outcomes should stay.

            **Put the newest copy of the keys of lines in its place first** (`docs/keys.md`): with it, rows whose key it holds are read
            again, and once they are removed it does not bring them back. There is no proof, since nobody can say whose they were.
            """,
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                "EraseLostRequest", "What is expected; empty to look.", IsClosed: true, ErasureMembers.Rows, ErasureMembers.Outcomes),
            Members.Object((ErasureMembers.Rows, 3)), IsRequired: false, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "They were counted, or are gone.",
            new ObjectSchema(
                nameof(LostResponse), "Rows whose line's key is gone.", IsClosed: true,
                new Member("rows", Schema.Number("How many there are; how many have gone, where they were removed.", 0), IsRequired: true),
                new Member("classes", Schema.List("Those of which there are any.", Schema.Closed(
                    "A class of data.", Class(), new Member("rows", Schema.Number("How many."), IsRequired: true))), IsRequired: true),
                new Member("removed", Schema.Flag("Whether they have gone."), IsRequired: true)),
            Members.Object(
                ("rows", 3),
                ("classes", new JsonArray(
                    Members.Object(("class", "identities"), ("rows", 1)), Members.Object(("class", "stops"), ("rows", 2)))),
                ("removed", false))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Export { get; } = new()
    {
        Id = "exportPerson",
        Tag = Tag,
        Summary = "Take out all that is held of a number",
        Description =
            """
            For the person who asks what is held of them: every class there is, where it is from and until when it is kept, with its entries
            in every project. What would open something is not in it: no code, no link, no secret; of an SSN the last four digits. Of an
            identity that has left the number, which is somebody else's by now, there is its id and when it left.

            Whether whoever asks has the number is to be found out before: by a flow, not by a letter.
            """,
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(nameof(ExportRequest), "Whose.", IsClosed: true, AdminMembers.RequiredPhoneNumber),
            Members.Object((Members.PhoneNumber, "+12025550142")), IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "What is held.",
            new ObjectSchema(
                nameof(PersonResponse), "All that is held of a number.", IsClosed: true,
                new Member(Members.PhoneNumber, Schema.Text("In the one form of its line."), IsRequired: true),
                new Member("exportedAt", Schema.Time("When it was held."), IsRequired: true),
                new Member("classes", Schema.List("All there are, also those of which nothing is held.", Schema.Closed(
                    "A class of data.",
                    Class(),
                    new Member("from", Schema.Text("Where it is from."), IsRequired: true),
                    new Member("kept", Schema.Text("Until when it is kept."), IsRequired: true),
                    new Member("entries", Schema.List(
                        "What is held, for a person to read: members may be added.", Schema.Anything("An entry.")), IsRequired: true))),
                    IsRequired: true)),
            Members.Object(
                (Members.PhoneNumber, "+12025550142"), ("exportedAt", "2026-11-30T10:00:00+00:00"),
                ("classes", new JsonArray(Members.Object(
                    ("class", DataClass.Stops.Name), ("from", DataClass.Stops.From), ("kept", DataClass.Stops.Kept),
                    ("entries", new JsonArray(Members.Object(("sender", "12345"), ("since", "2026-11-23T10:00:00Z"))))))))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    private static Member Class() => new("class", Schema.Word("Its name, as in `docs/erasure.md`.", _classes), IsRequired: true);
}
