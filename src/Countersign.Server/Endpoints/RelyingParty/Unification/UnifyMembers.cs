using Countersign.Core;
using Countersign.Server.Contract;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>Members and answers that the operations of the unify family share.</summary>
internal static class UnifyMembers
{
    public const string Tag = "unify";

    /// <summary>A test user who needs no browser.</summary>
    public const string TestUser = "2001004018";

    public const string ExampleDevice = "019ab3f1-90b2-7c88-a1f4-2d6e0b8c7a19";

    public static ObjectSchema Status { get; } = new(
        "UnifyStatusResponse", "How a unify flow stands.", IsClosed: true,
        new Member("success", Schema.Word(
            "`pending`: the browser is not done. `possession_required`: your own check is awaited, then `/v3/unify-bind`. `true`: number, "
                + "identity and device belong together. `false`: possession was not shown. A text, not a boolean.",
            "true", "false", UnifyOutcome.Pending, UnifyOutcome.PossessionRequired), IsRequired: true),
        Members.PhoneNumber.Answered(
            "The flow's number, as you wrote it; after the person gave another one, as they typed that; where only `proveId` was given, "
                + "with `+` and country code.", isRequired: true),
        Members.NumberChanged,
        Members.Assurance,
        new Member(Members.ProveId,
            Schema.Text("Who it is: one id for each number of your project, always the same. Only with `true`.", format: "uuid")),
        new Member(Members.DeviceId, Schema.Text(
            "The browser whose key belongs to this identity. Only with `true`, and only where a key took part: desktop flows have none.",
            format: "uuid")),
        Members.ClientHumanId.Answered("As you sent it to `/v3/unify`."),
        Members.ClientRequestId.Answered("As you sent it with this call; else as you sent it to `/v3/unify`."),
        new Member("evaluation", Schema.Map(
            "Why, where there is something to say; left out otherwise. Keys are `authentication` (" + Members.PossessionReasons
                + "), `identification` (9003: with `proveId`, the number is not this identity's any more) and `risk` (9135: SIM changed "
                    + "within 24 hours, "
                + "9163: the number has gone to somebody else; reported, and decide only where the project says so).",
            Members.OneEvaluation)));

    /// <summary>Of the flow, in the calls that follow the first.</summary>
    public static Member<CorrelationId> CorrelationId { get; } = Members.CorrelationId("From the answer of `/v3/unify`.");

    public static Member<string?> ClientHumanId { get; } = Members.ClientHumanId.Saying(
        "Your own id of the human, stored with the flow and answered by its status. Any text, but nothing personal.");
}
