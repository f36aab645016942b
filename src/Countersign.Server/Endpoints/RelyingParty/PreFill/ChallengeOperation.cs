using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>What <c>POST /v3/challenge</c> promises.</summary>
internal static class ChallengeOperation
{
    public static Operation Operation { get; } = new()
    {
        Id = "challenge",
        Tag = PreFillMembers.Tag,
        Summary = "Get the person's data",
        Description =
            """
            Compares a birth date or an SSN, in whole or in part, with the record of the number and answers the record when all that was
            given agrees. What is sent here replaces what `/v3/start` sent; one of the two must be known by now, else 8001 names both and
            nothing is counted.

            It is accepted once in a flow, after a `/v3/validate` that answered true. A wrong birth date or SSN is an answer too: `success`
            false, no `individual`, and `/v3/complete` follows with what the person types themselves. While one call is being answered
            another is 8003; when the first has been silent for ten seconds, the call may be made again.

            The id of the example is a placeholder; take one from an answer of `/v3/start`.
            """,
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema(
                "ChallengeRequest", "What only the person knows.", IsClosed: false,
                PreFillMembers.CorrelationId,
                PreFillMembers.BirthDate,
                PreFillMembers.Ssn,
                PreFillMembers.LastFour),
            Members.Object((PreFillMembers.CorrelationId, Members.ExampleId), (PreFillMembers.Ssn, "0596")),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "The record, or that it is not given out.",
            new ObjectSchema(
                "ChallengeResponse", "The person's data.", IsClosed: true,
                PreFillMembers.Success("True when all that was given agrees with the record."),
                PreFillMembers.Recorded,
                Members.NumberChanged,
                PreFillMembers.Next(NextStep.Complete),
                Members.Evaluation),
            Members.Object(
                ("success", true),
                (PreFillMembers.Described, PreFillMembers.ExamplePerson("80161-2001", "847350596")),
                ("next", Members.Object(("v3-complete", "/v3/complete"))))),
        Refusals = [Fault.Missing(PreFillMembers.CorrelationId), Fault.UnknownCorrelationId, Fault.NotAuthorized, Fault.StepNotAllowed,
            Fault.TooManyRequests],
    };
}
