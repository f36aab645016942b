using System.Text.Json.Nodes;
using Countersign.Core.Texts;
using Countersign.Providers.Sandbox;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty.Unification;
using Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Sandbox;

/// <summary>What the sandbox's own endpoints promise. None needs credentials, none exists in Live.</summary>
internal static class SandboxOperations
{
    private const string ExampleTime = "2026-01-02T03:04:05+00:00";

    public static Operation Messages { get; } = new()
    {
        Id = "listMessages",
        Tag = "handset",
        Summary = "Read the texts a number would have received",
        Description = "The whole list, oldest first, never trimmed: the texts of every flow of the number, with the code or link of each. "
            + "A number that was sent nothing has an empty list.",
        Parameters = [Parameter.InQuery(Sandbox.Messages.To, Members.TestUser.Number)],
        Success = new Reply(
            StatusCodes.Status200OK, "The texts, newest last.",
            new ObjectSchema(
                "SandboxMessage", "One text.", IsClosed: true,
                new Member("id", Schema.Text("The text's own id.", format: "uuid"), IsRequired: true),
                new Member("to", Schema.Text("The number it went to, in international form."), IsRequired: true),
                new Member(
                    "kind", Schema.Word("What it carries; `notice`: word that a browser is remembered.", "otp", "link", "notice"),
                    IsRequired: true),
                new Member("text", Schema.Text("All of it, as the phone shows it. A link is followed by white space or the end."),
                    IsRequired: true),
                new Member("link", Schema.Text("The link; only in texts that carry one.", format: "uri")),
                new Member("code", Schema.Text("The code; only in texts that carry one.", pattern: "^[0-9]{4,6}$")),
                new Member("sentAt", Schema.Time("When it was sent, by the sandbox's clock."), IsRequired: true),
                new Member("state", Schema.Word("What became of it.", Enum.GetNames<TextState>().Select(name => name.ToLowerInvariant())),
                    IsRequired: true)),
            new JsonArray(Members.Object(
                ("id", "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05b"), ("to", "+12001004011"), ("kind", "otp"),
                ("text",
                    SmsTemplate.DefaultOtp(new Brand(SandboxProject.Name, []), 4, TimeSpan.FromMinutes(2)).Fill("1234", isLink: false)),
                ("code", "1234"),
                ("sentAt", ExampleTime), ("state", "sent"))),
            IsList: true),
        Refusals = [Fault.Missing(Sandbox.Messages.To)],
    };

    public static Operation Clock { get; } = new()
    {
        Id = "moveClock",
        Tag = "clock",
        Summary = "Move the sandbox's time forward",
        Description = "So that nobody waits for a deadline in a test. Everything that falls due on the way has happened before the "
            + "answer, on every node. Access tokens age too. There is no way back.",
        Body = new Body(
            new ObjectSchema(
                "ClockRequest", "How far.", IsClosed: false,
                MoveClock.AdvanceSeconds),
            Members.Object((MoveClock.AdvanceSeconds, 180)), IsRequired: true, Members.Json),
        Success = new Reply(StatusCodes.Status204NoContent, "It is that much later now."),
        Refusals = [Fault.Missing(MoveClock.AdvanceSeconds)],
    };

    public static Operation BeginFlow { get; } = new()
    {
        Id = "beginFlow",
        Tag = "flows",
        Summary = "Begin a verification without credentials",
        Description =
            "The request and the answer with which `/v3/verify` begins a flow, for the handset page and for trying things out. It "
            + "takes no idempotency key.",
        Body = VerifyOperation.FlowBody,
        Success = VerifyOperation.FlowReply,
        Refusals = [Errors.Malformed, Fault.NoTestUser, Fault.OtherProductsTestUser],
    };

    public static Operation ShowFlow { get; } = new()
    {
        Id = "showFlow",
        Tag = "flows",
        Summary = "Read how a flow stands and what has happened to it",
        Description = "What `/v3/verify-status` says, with the deadlines and a line for each thing that happened. Of whatever project the "
            + "flow is. The id of the example is a placeholder.",
        Parameters = [new Parameter(Members.CorrelationIdName, "path", Schema.Text("The flow."), Members.ExampleId, IsRequired: true)],
        Success = new Reply(
            StatusCodes.Status200OK, "How the flow stands.",
            new ObjectSchema(
                "FlowView", "A flow as the sandbox shows it.", IsClosed: true,
                [
                    Members.CorrelationId("The flow."),
                    new Member("success", Schema.Word(
                        "As the flow's own status call says; for a pre-fill flow, whether possession is proven.",
                        "true", "false", UnifyOutcome.Pending, UnifyOutcome.PossessionRequired), IsRequired: true),
                    .. Members.Outcome.Where(member => member.Name != "success")
                        .Select(member => member with { IsRequired = member.Name != "verifyResult" }),
                    Members.Evaluation,
                    new Member("now", Schema.Time("The sandbox's time: count deadlines from it, not from your own clock."),
                        IsRequired: true),
                    new Member("expiresAt", Schema.Time("When the flow is forgotten."), IsRequired: true),
                    new Member("deadline", Schema.Time("When the running challenge fails; absent when none runs.")),
                    new Member("timeline", Schema.List(
                        "What has happened, oldest first.",
                        Schema.Closed(
                            "One thing that happened.",
                            new Member("at", Schema.Time("When."), IsRequired: true),
                            new Member("what", Schema.Text("What. No number, name or code stands in it."), IsRequired: true))),
                        IsRequired: true),
                ]),
            Members.Object(
                (Members.CorrelationIdName, Members.ExampleId), ("success", "pending"), ("possessionResult", "pending"),
                    ("verifyResult", "pending"),
                ("now", ExampleTime),
                ("expiresAt", "2026-01-02T03:19:05+00:00"),
                ("timeline", new JsonArray()))),
        Refusals = [Fault.Invalid(Members.CorrelationIdName, "must be 8-4-4-4-12 lower-case hexadecimal digits"),
            Fault.UnknownCorrelationId],
    };

    public static Operation ShowOperator { get; } = new()
    {
        Id = "showOperator",
        Tag = "handset",
        Summary = "Find the simulated operator",
        Description = "For the handset page's SIM card. The answer is empty in a sandbox without one.",
        Success = new Reply(
            StatusCodes.Status200OK, "The operator.",
            new ObjectSchema(
                "SandboxOperator", "The simulated operator beside this sandbox.", IsClosed: true,
                new Member("origin", Schema.Text("Where its control API is.", format: "uri")),
                new Member("address", Schema.Text("Where this browser calls from."))),
            new JsonObject()),
        Refusals = [Fault.MethodNotAllowed],
    };

    public static Operation Users { get; } = new()
    {
        Id = "listUsers",
        Tag = "handset",
        Summary = "List the test users of verify",
        Description =
            "In the words of a verify request, each with what happens to them. Load numbers (2002000000 to 2002999999) are not in "
            + "the list.",
        Success = new Reply(
            StatusCodes.Status200OK, "The test users.",
            new ObjectSchema(
                "SandboxUser", "One test user.", IsClosed: true,
                Members.PhoneNumber.Answered("As `/v3/verify` wants it.", isRequired: true),
                new Member("firstName", Schema.Text("Given name."), IsRequired: true),
                new Member("lastName", Schema.Text("Family name."), IsRequired: true),
                new Member("scenario", Schema.Text("What happens to this user."), IsRequired: true),
                new Member("isExtension", Schema.Flag("True for this server's own users; the others are published ones."),
                    IsRequired: true)),
            new JsonArray(Members.Object(
                (Members.PhoneNumber, Members.TestUser.Number),
                ("firstName", Members.TestUser.FirstName),
                ("lastName", Members.TestUser.LastName),
                ("scenario", "Reaches its result without the browser; names are not compared."),
                ("isExtension", false))),
            IsList: true),
        Refusals = [Fault.MethodNotAllowed],
    };
}
