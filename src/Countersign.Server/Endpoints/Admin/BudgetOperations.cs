using System.Text.Json.Nodes;
using Countersign.Core.Pumping;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about the limits of one number.</summary>
internal static class BudgetOperations
{
    private const string Tag = "budgets";

    public static Operation Show { get; } = new()
    {
        Id = "showBudget",
        Tag = Tag,
        Summary = "Show what is spent of a number's limits",
        Description =
            "Wrong codes, names tried and texts, in the windows that count now: by all projects together, and by each project that has "
            + "spent something. Limits by address, client and block of numbers are not of one number, and not here. Beside "
            + "them stands whether texts to it are held for looking like pumping, or denied by an administrator.",
        Credentials = Document.AdminKey,
        Body = Number,
        Success = new Reply(
            StatusCodes.Status200OK, "What is spent.", Budgets("What is spent of each limit."),
            Members.Object(("budgets", new JsonArray(Example())))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    public static Operation Lift { get; } = new()
    {
        Id = "liftBudget",
        Tag = Tag,
        Summary = "Begin a number's limits anew",
        Description =
            "What was counted of the number counts no more, of all projects: for a person who was refused and whom support has recognized. "
            + "The answer says what was spent until then. What is held or denied about pumping stays.",
        Credentials = Document.AdminKey,
        Body = Number,
        Success = new Reply(
            StatusCodes.Status200OK, "Nothing is spent.", Budgets("What was spent; nothing of it counts any more."),
            Members.Object(("budgets", new JsonArray(Example())))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    private static Body Number => new(
        new ObjectSchema(nameof(BudgetRequest), "Whose.", IsClosed: true, AdminMembers.RequiredPhoneNumber),
        Members.Object((Members.PhoneNumber, "+12025550142")), IsRequired: true, Members.Json);

    private static ObjectSchema Budgets(string description) => new(
        nameof(BudgetResponse), "The limits of a number.", IsClosed: true,
        new Member("budgets", Schema.List(description, Schema.Closed(
            "One limit.",
            new Member("rule", Schema.Text("Its name, as refusals and timelines have it."), IsRequired: true),
            new Member("project", Schema.Text("Whose it is; absent for all projects together.")),
            new Member(
                "count",
                Schema.Number("What is counted in the window. Of `guesses.*` in shares of the line's day, which is 1,000,000,000,000."),
                IsRequired: true),
            new Member("max", Schema.Number("The limit, in the same unit."), IsRequired: true),
            new Member("windowSeconds", Schema.Number("How long what is counted counts."), IsRequired: true),
            new Member("until", Schema.Time("When one more is possible again; absent when it is now.")))), IsRequired: true),
        new Member("held", Schema.Closed(
            "What refuses texts to the number beside its limits, and is not lifted with them; absent where nothing does. "
                + "`POST /admin/abuse/list` tells more.",
            new Member("rule", Schema.Word(
                "A rule about pumping, or `pumping.denied`: an administrator has denied the number, its prefix or its country.",
                PumpingRule.All), IsRequired: true),
            new Member("until", Schema.Time("Until when."), IsRequired: true))));

    private static JsonObject Example() => Members.Object(
        ("rule", "texts.project.hour"), ("project", "shop"), ("count", 6), ("max", 6), ("windowSeconds", 3600),
        ("until", "2026-11-29T10:42:00+00:00"));
}
