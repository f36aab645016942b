using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

/// <summary>What <c>POST /v3/verify/batch</c> promises.</summary>
internal static class VerifyBatchOperation
{
    // 32 bytes each, of no number.
    private const string ExampleAlias = "5f0c9a3e7d21b8466a90e1c4f3b7d2580e6a19c4b3f7d8215c0e9a6b4d3f2817";
    private const string OtherExampleAlias = "c4b3f7d8215c0e9a6b4d3f28175f0c9a3e7d21b8466a90e1c4f3b7d2580e6a19";

    public static Operation Operation { get; } = new()
    {
        Id = "verifyBatch",
        Tag = "one-call verify",
        Summary = "Ask about many numbers at once",
        Description =
            $"""
            Answers up to {VerifyBatch.MaxItems} one-call requests of `/v3/verify`, each as a call of its own would be, in their order. A
            body has at most {VerifyBatch.MaxBytes} bytes. The body as a whole must be well formed; what is wrong inside an item is told in
            its result: `success` is `false`, `assuranceLevel` is `AL-1` and `error` is the message that its own call would have been
            refused with. The other items are answered all the same. A number may stand in a batch once: a second item of its line, however
            it is written, is such an error. If your project may ask none of the items, the call is refused with 403.

            `businesses` and `isEnrolled` are told by the single call alone. An `Idempotency-Key` has no meaning here: asking again gives
            the same answers, and the same ids of the persons.
            """,
        Credentials = Document.AccessToken,
        Body = new Body(
            OneCallSchemas.BatchRequest,
            Members.Object(
                (Members.ClientRequestId, "nightly-7"),
                (OneCallSchemas.Items, new JsonArray(
                    Item("verifiedUser", "2001004053", "Elena", "Coldman", "customer-1"),
                    Item("verifiedUser", "2001004054", "Alf", "Novotni", "customer-2")))),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "A result for each item; negative ones and errors are results too.", OneCallSchemas.BatchResponse,
            Members.Object(
                (Members.CorrelationIdName, Members.ExampleId),
                (Members.ClientRequestId, "nightly-7"),
                ("results", new JsonArray(
                    Members.Object(
                        ("success", "true"), (Members.PhoneNumber, "2001004053"), (Members.ClientCustomerId, "customer-1"),
                            ("assuranceLevel", "AL2"),
                        (Members.ProveId, Members.ExampleIdentity), ("provePhoneAlias", ExampleAlias),
                        ("identity", Members.Object(
                            (Members.FirstName, "Elena"), (Members.LastName, "Coldman"), ("assuranceLevel", "AL2"),
                                ("reasons", new JsonArray("AL2a")))),
                        ("evaluation", Members.Object(
                            ("authentication", Members.Object(("result", "pass"))),
                            ("identification", Members.Object(("result", "pass")))))),
                    Members.Object(
                        ("success", "false"), (Members.PhoneNumber, "2001004054"), (Members.ClientCustomerId, "customer-2"),
                            ("assuranceLevel", "AL0"),
                        ("provePhoneAlias", OtherExampleAlias),
                        ("identity", Members.Object(("assuranceLevel", "AL0"), ("reasons", new JsonArray("AL0b")))),
                        ("evaluation", Members.Object(("identification", Members.Object(
                            ("result", "fail"), ("failureReasons", Members.Object(("9014", "name mismatch")))))))))))),
        Refusals = [Fault.Missing(OneCallSchemas.Items), Fault.NotAuthorized, Fault.StepNotAllowed, Fault.TooManyRequests],
    };

    private static JsonObject Item(string type, string number, string given, string family, string customer) => Members.Object(
        (OneCallSchemas.Type, type), (Members.PhoneNumber, number), (Members.FirstName, given), (Members.LastName, family),
        (Members.ClientCustomerId, customer));
}
