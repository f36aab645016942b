using System.Text.Json.Nodes;
using Countersign.Core.Money;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about what texts cost.</summary>
internal static class CapOperations
{
    public static Operation Show { get; } = new()
    {
        Id = "showCaps",
        Tag = "caps",
        Summary = "Read what texts have cost and may cost",
        Description =
            "Today and this month, in UTC, by the server's prices: of the whole server first, unless the key keeps to projects, then "
            + "of the projects that the key may see. What is counted is what is sent while there is a cap, of "
            + "the project or of the server: without one nothing is, and nothing is shown. A cap that is taken out and set anew in the "
            + "same window goes on from what was counted before.",
        Credentials = Document.AdminKey,
        Success = new Reply(
            StatusCodes.Status200OK, "What is spent.",
            new ObjectSchema(
                nameof(CapListResponse), "What texts have cost.", IsClosed: true,
                new Member("currency", Schema.Text("That of the prices (ISO 4217); absent without a price list.")),
                new Member("spending", Schema.List("A day and a month for each of those that are counted.", Schema.Closed(
                    "One window.",
                    new Member("project", Schema.Text("Absent for the whole server.")),
                    new Member("window", Schema.Word("Of the calendar, in UTC.",
                        Enum.GetValues<CapWindow>().Select(AdminWords.Of)), IsRequired: true),
                    new Member("spent", Schema.Fraction("What texts have cost in it.", 0, long.MaxValue), IsRequired: true),
                    new Member("cap", Schema.Fraction("What they may cost; absent where there is no cap.", 0, Amounts.Max)),
                    new Member(
                        "isSpent", Schema.Flag("Texts that would pass the cap are not sent: it is reached, or one has found no room."),
                        IsRequired: true),
                    new Member("until", Schema.Time("The end of the window."), IsRequired: true))), IsRequired: true),
                new Member(
                    "unpriced",
                    Schema.List(
                        "Gateways of which there is no price: a text that has a cap goes to none of them, and ends "
                            + "where one of them would be next.",
                        Schema.Text("A gateway.")),
                    IsRequired: true)),
            Members.Object(
                ("currency", "EUR"),
                ("spending", new JsonArray(
                    Members.Object(
                        ("project", "shop"), ("window", "day"), ("spent", 12.375m), ("cap", 50.5m), ("isSpent", false),
                        ("until", "2026-11-30T00:00:00+00:00")),
                    Members.Object(
                        ("project", "shop"), ("window", "month"), ("spent", 240.5m), ("isSpent", false),
                        ("until", "2026-12-01T00:00:00+00:00")))),
                ("unpriced", new JsonArray()))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };
}
