using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>What <c>POST /v3/complete</c> promises.</summary>
internal static class CompleteOperation
{
    public static Operation Operation { get; } = new()
    {
        Id = "complete",
        Tag = PreFillMembers.Tag,
        Summary = "Check the person's data",
        Description =
            """
            Compares what the person says of themselves, corrected or typed by them, with the record of the number. `success` is true when
            the name or the SSN agrees and none of name, birth date and SSN differs; a name that is given and cannot be compared with the
            recorded one (another script) is not made good by an SSN. An address or e-mail address is compared and reported and decides
            nothing. Watch lists are searched when name, birth date, and SSN or an address are given; their hits are reported and decide
            nothing either.

            It is accepted once, as the last call of a flow: after the challenge, or in a flow without one after a `/v3/validate` that
            answered true. While one call is being answered another is 8003; when the first has been silent for ten seconds, the call may be
            made again.

            The id of the example is a placeholder; take one from an answer of `/v3/start`.
            """,
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema(
                "CompleteRequest", "Which flow, and who the person says they are.", IsClosed: false,
                PreFillMembers.CorrelationId,
                PreFillMembers.Described),
            Members.Object(
                (PreFillMembers.CorrelationId, Members.ExampleId),
                (PreFillMembers.Described, PreFillMembers.ExamplePerson("80161", "0596"))),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "Whether the person is who they say.",
            new ObjectSchema(
                "CompleteResponse", "What comparing has shown.", IsClosed: true,
                PreFillMembers.Success("True when the description is confirmed."),
                Members.NumberChanged,
                PreFillMembers.Next(NextStep.Done),
                Idv,
                Kyc,
                Members.Evaluation),
            Members.Object(
                ("success", true),
                ("next", Members.Object(("done", "done"))),
                ("idv", Members.Object(
                    ("multiCIPConfidence", "high"),
                    ("dataSource1", Members.Object(
                        ("cipConfidence", "high"),
                        ("address", Members.Object(("street", true), ("city", true), ("region", true), ("postalCode", true))),
                        ("identifiers", Members.Object(("dob", true), ("last4", true))),
                        ("name", Members.Object(("firstName", 100), ("lastName", 100), ("nameScore", 100))),
                        ("email", Members.Object(("emailAddress", true))))))),
                ("kyc", Members.Object(("totalHits", 0), ("amlTypeLists", new JsonArray()))))),
        Refusals = [Fault.Missing(PreFillMembers.CorrelationId), Fault.UnknownCorrelationId, Fault.NotAuthorized, Fault.StepNotAllowed,
            Fault.TooManyRequests],
    };

    private static Member Idv => new(
        "idv",
        Schema.Closed(
            "How the description compares with the record; left out when there was nothing to compare with.",
            new Member("multiCIPConfidence", Confidence("Over all sources."), IsRequired: true),
            new Member(
                "dataSource1",
                Schema.Closed(
                    "The one source that is asked. What it does not hold, or was not given, is left out.",
                    new Member("cipConfidence", Confidence("Of this source."), IsRequired: true),
                    new Member("address", Schema.Closed(
                        "The first address given, against the recorded one that agrees best.",
                        Agrees("street"), Agrees("city"), Agrees("region"), Agrees("postalCode"))),
                    new Member("identifiers", Schema.Closed(
                        "Birth date and SSN.",
                        Agrees("dob"), Agrees("ssn"), Agrees("last4"))),
                    new Member("name", Schema.Closed(
                        "100: agrees, case and accents aside; 0: differs.",
                        Score("firstName"), Score("lastName"), Score("nameScore"))),
                    new Member("email", Schema.Closed("The first e-mail address given.", Agrees("emailAddress")))),
                IsRequired: true)));

    private static Member Kyc => new(
        "kyc",
        Schema.Closed(
            "What watch lists hold; left out when none was searched.",
            new Member("totalHits", Schema.Number("Entries that resemble the person, over all lists.", min: 0), IsRequired: true),
            new Member("amlTypeLists", Schema.List(
                "The kinds of list with hits.",
                Schema.Closed(
                    "One kind of list.",
                    new Member("amlType", Schema.Text("The kind."), IsRequired: true),
                    new Member("listHits", Schema.Number("Entries in lists of this kind.", min: 1), IsRequired: true),
                    new Member("fields", Schema.List(
                        "What resembled.",
                        Schema.Closed(
                            "One element.",
                            new Member("name", Schema.Text("What of a person it is."), IsRequired: true),
                            new Member("source", Schema.Text("Whose list."), IsRequired: true),
                            new Member("value", Schema.Text("As it stands there."), IsRequired: true))), IsRequired: true))),
                IsRequired: true)));

    private static JsonObject Confidence(string description) =>
        Schema.Word($"{description} `low` goes with `success` false.", "high", "low");

    private static Member Agrees(string name) => new(name, Schema.Flag("True when it agrees."));

    private static Member Score(string name) => new(name, Schema.Number("0 to 100.", min: 0, max: 100), IsRequired: true);
}
