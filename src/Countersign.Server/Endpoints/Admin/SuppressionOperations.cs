using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about persons who wrote STOP.</summary>
internal static class SuppressionOperations
{
    private const string Tag = "suppressions";

    public static Operation List { get; } = new()
    {
        Id = "listSuppressions",
        Tag = Tag,
        Summary = "List who wants no texts",
        Description =
            "The persons who wrote STOP to a sender of texts and have not written START since, the newest first; or what one number has "
            + "said. Numbers are answered masked.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                nameof(ListSuppressionsRequest), "What is asked for.", IsClosed: true,
                LookUp.PhoneNumber,
                AdminMembers.Limit),
            Members.Object((Members.PhoneNumber, "+12025550142")), IsRequired: false, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "Who wants no texts.",
            new ObjectSchema(
                nameof(SuppressionListResponse), "Persons who want no texts.", IsClosed: true,
                new Member("suppressions", Views("The newest first."), IsRequired: true),
                new Member("isComplete", Schema.Flag("False when there are more."), IsRequired: true)),
            Members.Object(("suppressions", new JsonArray(Example())), ("isComplete", true))),
        Refusals = [Fault.Malformed(""), Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    public static Operation Lift { get; } = new()
    {
        Id = "liftSuppressions",
        Tag = Tag,
        Summary = "Let texts go to a number again",
        Description =
            "As if the person had written START to the sender: what was said to it, and what was said to every sender, holds no more. "
            + "Without `sender` nothing holds. Only for a person who asks for it: who wrote STOP must be left alone by law in many "
                + "countries.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                nameof(LiftSuppressionsRequest), "Whose, and for which sender.", IsClosed: true,
                AdminMembers.RequiredPhoneNumber,
                AdminMembers.Sender),
            Members.Object((Members.PhoneNumber, "+12025550142")), IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "Texts may go again.",
            new ObjectSchema(
                nameof(LiftSuppressionsResponse), "What holds no more, and what does.", IsClosed: true,
                new Member("lifted", Views("What holds no more."), IsRequired: true),
                new Member("remaining", Views("What holds on, for other senders."), IsRequired: true)),
            Members.Object(("lifted", new JsonArray(Example())), ("remaining", new JsonArray()))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    private static JsonObject Views(string description) => Schema.List(description, Schema.Closed(
        "One person and one sender.",
        Members.PhoneNumber.Answered("Masked; absent where only a hash of it was kept."),
        AdminMembers.Sender.Answered("The sender that was written to; absent for every sender."),
        new Member("since", Schema.Time("When they wrote."), IsRequired: true)));

    private static JsonObject Example() =>
        Members.Object((Members.PhoneNumber, "+1********42"), (AdminMembers.Sender, "12345"), ("since", "2026-11-23T10:00:00+00:00"));
}
