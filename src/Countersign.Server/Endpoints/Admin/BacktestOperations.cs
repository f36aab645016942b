using System.Text.Json.Nodes;
using Countersign.Core.Backtesting;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API promises about trying rules on what was sent.</summary>
internal static class BacktestOperations
{
    private static readonly Member[] _line =
    [
        new("rule", Schema.Text("The rule's name; `all` for all of them together."), IsRequired: true),
        new("texts", Schema.Number("Texts that would not have been sent."), IsRequired: true),
        new("people", Schema.Number("Lines that these were for."), IsRequired: true),
        new("lost", Schema.Number("Of these lines, those whose person proved that they hold the phone: nobody wants to stop them."),
            IsRequired: true),
        new("saved", Schema.Fraction("What these texts have cost; absent without prices.", 0, 1_000_000_000)),
    ];

    public static Operation Run { get; } = new()
    {
        Id = "backtestAbuse",
        Tag = "abuse",
        Summary = "Try rules on what was sent",
        Description =
            "What rules would have stopped of the texts of the last days: each alone, and all together. It goes through the outcomes that "
            + "are kept and changes nothing; the same outcomes and rules give the same answer. Rules that look at addresses or at whole "
            + "numbers cannot be tried, since no outcome has any (`notTold`); texts that were refused then are not there either.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                nameof(BacktestRequest), "Which rules, of how many days.", IsClosed: true, BacktestMembers.Days, BacktestMembers.Rules),
            Members.Object(
                ("days", 30),
                ("rules", new JsonArray("Pumping:PrefixConversion=Enforce", "Pumping:PrefixFloor=10", "TextLimits:PerHour=4"))),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "What would have been stopped.",
            new ObjectSchema(
                nameof(BacktestResponse), "What rules would have stopped.", IsClosed: true,
                new Member("days", Schema.Number("Of how many days."), IsRequired: true),
                new Member("texts", Schema.Number("Texts that were sent in these days."), IsRequired: true),
                new Member("people", Schema.Number("Lines that they went to."), IsRequired: true),
                new Member("cost", Schema.Fraction("What they have cost; absent without prices.", 0, 1_000_000_000)),
                new Member("currency", Schema.Text("Of the amounts (ISO 4217); absent without prices.")),
                new Member("alone", Schema.List("What each rule would have done alone.", Schema.Closed("One rule.", _line)),
                    IsRequired: true),
                new Member("together", Schema.Closed("What all of them would have done.", _line), IsRequired: true),
                new Member("notTold", Schema.List(
                    "Rules that cannot be tried, since outcomes do not tell what they look at.", Schema.Text("The rule's name.")),
                    IsRequired: true)),
            Members.Object(
                ("days", 30), ("texts", 41_250), ("people", 30_112), ("cost", 412.5m), ("currency", "USD"),
                ("alone", new JsonArray(Example(PumpingRule.PrefixConversion, 920), Example(LimitRule.TextsOfProjectInHour, 31))),
                ("together", Example(BacktestResult.AllRules, 940)), ("notTold", new JsonArray()))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    private static JsonObject Example(string rule, int texts) => Members.Object(
        ("rule", rule), ("texts", texts), ("people", texts - 12), ("lost", 3), ("saved", texts / 100m));
}
