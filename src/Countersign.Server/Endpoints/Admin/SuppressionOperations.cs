using System.Text.Json.Nodes;
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
        Description = "The persons who wrote STOP to a sender of texts and have not written START since, the newest first; or what one number has "
            + "said. Numbers are answered masked.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                nameof(ListSuppressionsRequest), "What is asked for.", IsClosed: false,
                Number(isRequired: false),
                new Member("limit", Schema.Number("How many at most. Default: 100.", least: 1, most: ListSuppressions.Most))),
            Contract.Members.Object(("phoneNumber", "+12025550142")), IsRequired: false, Contract.Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "Who wants no texts.",
            new ObjectSchema(
                nameof(SuppressionListResponse), "Persons who want no texts.", IsClosed: true,
                new Member("suppressions", Views("The newest first."), IsRequired: true),
                new Member("isComplete", Schema.Flag("False when there are more."), IsRequired: true)),
            Contract.Members.Object(("suppressions", new JsonArray(Example())), ("isComplete", true))),
        Refusals = [Fault.Malformed(""), Fault.NotAuthorized, Fault.TooManyRequests],
    };

    public static Operation Lift { get; } = new()
    {
        Id = "liftSuppressions",
        Tag = Tag,
        Summary = "Let texts go to a number again",
        Description = "As if the person had written START to the sender: what was said to it, and what was said to every sender, holds no more. "
            + "Without `sender` nothing holds. Only for a person who asks for it: who wrote STOP must be left alone by law in many countries.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                nameof(LiftSuppressionsRequest), "Whose, and for which sender.", IsClosed: false,
                Number(isRequired: true),
                new Member("sender", Schema.Text("The sender, as texts show it. Default: all."))),
            Contract.Members.Object(("phoneNumber", "+12025550142")), IsRequired: true, Contract.Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "Texts may go again.",
            new ObjectSchema(
                nameof(LiftSuppressionsResponse), "What holds no more, and what does.", IsClosed: true,
                new Member("lifted", Views("What holds no more."), IsRequired: true),
                new Member("remaining", Views("What holds on, for other senders."), IsRequired: true)),
            Contract.Members.Object(("lifted", new JsonArray(Example())), ("remaining", new JsonArray()))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.TooManyRequests],
    };

    private static Member Number(bool isRequired) => new("phoneNumber", Schema.Text("A number with its country code."), isRequired);

    private static JsonObject Views(string description) => Schema.List(description, Schema.Closed(
        "One person and one sender.",
        new Member("phoneNumber", Schema.Text("Masked; absent where only a hash of it was kept.")),
        new Member("sender", Schema.Text("The sender that was written to; absent for every sender.")),
        new Member("since", Schema.Time("When they wrote."), IsRequired: true)));

    private static JsonObject Example() =>
        Contract.Members.Object(("phoneNumber", "+1********42"), ("sender", "12345"), ("since", "2026-11-23T10:00:00+00:00"));
}
