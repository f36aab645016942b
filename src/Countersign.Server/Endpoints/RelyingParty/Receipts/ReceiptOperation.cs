using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Receipts;

/// <summary>What <c>GET /flows/{correlationId}/receipt</c> promises.</summary>
internal static class ReceiptOperation
{
    public static Member<CorrelationId> Id { get; } = Members.CorrelationId("The flow, from the answer that began it.");

    public static Operation Operation { get; } = new()
    {
        Id = "showReceipt",
        Tag = "receipts",
        Summary = "Get the signed receipt of a flow",
        Description =
            """
            A receipt says what became of a flow, signed by this server, for whoever has to believe it: it is checked offline with the keys
            of `/.well-known/jwks.json`, and does not tell whose number it was. Asked for again it is the same, byte for byte.

            It commits to the number, to the name that was asked for and to your own ids: of each it has a salted digest. The `disclosures`
            beside it open these, each on its own, as in SD-JWT (RFC 9901): `receipt~disclosure~…~` is one. They are handed out
            **while the flow lives** and never again: keep them together with the receipt, and show only what is to be shown. Who holds the
            receipt alone cannot find out the number, and who has lost the disclosures cannot prove whom it was about.

            There is a receipt once the flow has come to its end, well or badly, for as long as the server keeps its history.
            """,
        Credentials = Document.AccessToken,
        Parameters = [Parameter.InPath(Id, Members.ExampleId)],
        Success = new Reply(
            StatusCodes.Status200OK, "The receipt, and what opens it.",
            new ObjectSchema(
                "ReceiptResponse", "A receipt, and what opens what it commits to.", IsClosed: true,
                Members.CorrelationId("The flow that was asked for."),
                new Member("receipt", Schema.Text("A JWS in compact form: `typ` is `cs-receipt+sd-jwt`, `alg` is `ES256`. It is no token: "
                    + "nothing takes it as one."), IsRequired: true),
                new Member("disclosures", Schema.List(
                    "Base64url of `[salt, name, value]`, each for itself: `phoneNumber` (with `+` and country code), `firstName`, "
                        + "`lastName`, `clientRequestId`, `clientCustomerId`, as far as the flow has them. Empty once its 15 minutes are "
                        + "over.",
                    Schema.Text("A disclosure.")), IsRequired: true)),
            Members.Object(
                (Members.CorrelationIdName, Members.ExampleId), ("receipt", Members.ExampleToken),
                ("disclosures", new JsonArray("WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwicGhvbmVOdW1iZXIiLCIrMTIwMjU1NTAxNDIiXQ")))),
        Refusals =
        [
            Fault.Invalid(Id, "must be 36 lower-case characters"), Fault.NotAuthorized, ShowReceipt.NotEnded, ShowReceipt.NotThere,
            Fault.TooManyRequests,
        ],
        Error = Errors.Problem,
        ErrorType = Problem.ContentType,
        MoreOfError = fault =>
            [("type", Problem.Type), ("title", Problem.TitleOf(fault)), ("status", fault.Status), ("detail", fault.Message)],
    };
}
