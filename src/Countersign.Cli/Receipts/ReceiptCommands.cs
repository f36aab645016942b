using System.CommandLine;
using System.Text.Json.Nodes;
using static Countersign.Cli.Receipts.VerifyCommand;

namespace Countersign.Cli.Receipts;

/// <summary><c>countersign receipt …</c></summary>
internal static class ReceiptCommands
{
    public static Command Receipt(CliEnvironment environment) =>
        new("receipt", "Receipts of flows, as whoever gets one checks them.")
        {
            Of(
                SignedKind.Receipt, environment,
                "The receipt: the answer of GET /flows/…/receipt, the receipt alone, or an SD-JWT.", Tell),
        };

    private static IEnumerable<(string Name, string? Value)> Tell(JsonObject claims) =>
    [
        ("Signed by", Text(claims, "iss")), ("Signed at", Moment(claims, "iat")), ("Flow", Text(claims, "correlationId")),
        ("Project", Text(claims, "project")), ("Product", $"{Text(claims, "product")}, {Text(claims, "type")}"),
        ("Begun", Moment(claims, "begunAt")), ("Ended", Moment(claims, "endedAt")), ("End", Text(claims, "end")),
        ("Possession", Text(claims, "possession")), ("Number changed", Text(claims, "numberChanged")),
        .. (claims["assurance"] as JsonObject ?? []).Select(fact => ($"  {fact.Key}", Plain(fact.Value))),
    ];
}
