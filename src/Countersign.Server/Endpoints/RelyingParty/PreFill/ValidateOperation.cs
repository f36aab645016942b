using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>What <c>POST /v3/validate</c> promises.</summary>
internal static class ValidateOperation
{
    public static Operation Operation { get; } = new()
    {
        Id = "validate",
        Tag = PreFillMembers.Tag,
        Summary = "Ask whether possession is proven",
        Description =
            """
            Says whether the person has shown that they hold the phone, and names in `next` what follows: `v3-challenge` or, in a flow
            without a challenge, `v3-complete`; `v3-validate` while the person is not done; `done` when the check has failed. Ask when the
            browser SDK calls its finish callback. It may be repeated, and says what is true at that moment, until challenge or complete was
            accepted; then it is 8003.

            The id of the example is a placeholder; take one from an answer of `/v3/start`.
            """,
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema("ValidateRequest", "Which flow.", IsClosed: false, PreFillMembers.CorrelationId),
            Members.Object((PreFillMembers.CorrelationId, Members.ExampleId)),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "How possession stands.",
            new ObjectSchema(
                "ValidateResponse", "How possession stands, and what comes next.", IsClosed: true,
                PreFillMembers.Success("True when possession is proven. A boolean in this family."),
                new Member("challengeMissing",
                    Schema.Flag("True when `/v3/challenge` must bring `dob` or `ssn`, because `/v3/start` had neither. "
                    + "Always false in a flow without a challenge."), IsRequired: true),
                Members.PhoneNumber.Answered("The number exactly as it was given."),
                Members.NumberChanged,
                Members.Assurance,
                PreFillMembers.Next(NextStep.Validate, NextStep.Challenge, NextStep.Complete, NextStep.Done),
                Members.Evaluation),
            Members.Object(
                ("success", true), ("challengeMissing", false), (Members.PhoneNumber, "2001001695"),
                ("next", Members.Object(("v3-challenge", "/v3/challenge"))))),
        Refusals = [Fault.Missing(PreFillMembers.CorrelationId), Fault.UnknownCorrelationId, Fault.NotAuthorized, Fault.StepNotAllowed,
            Fault.TooManyRequests],
    };
}
