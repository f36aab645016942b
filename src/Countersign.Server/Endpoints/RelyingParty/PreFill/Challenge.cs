using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.PreFill.Calls;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>POST /v3/challenge: gives out the record of the number to whom knows its birth date or SSN. Accepted once.</summary>
internal sealed class Challenge(
    V3Endpoint v3, FlowRunner runner, PreFillCalls calls, PersonFields person, DisclosureAudit disclosures) : IEndpoint
{
    private static readonly Fault _nothingToCompare = Fault.Malformed(
        $"{Fault.Missing(PreFillMembers.BirthDate).Message}; {Fault.Missing(PreFillMembers.Ssn).Message}");

    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private ChallengeRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var id = body.Read(PreFillMembers.CorrelationId);
        return new ChallengeRequest(id, person.ReadBirthDate(body), PersonFields.ReadSsn(body));
    }

    private async Task<Answer> HandleAsync(Call<ChallengeRequest> call)
    {
        var id = call.Request.Id;
        if (!await runner.IsKnownAsync(id, call.Caller, call.Aborted))
        {
            return call.Refuse(Fault.UnknownCorrelationId);
        }
        return await calls.ChallengeAsync(id, call.Request.BirthDate, call.Request.Ssn, call.Aborted) switch
        {
            CallOutcome<PersonAnswer>.Answered answered => Answer.Ok(
                await TellAsync(answered, call), PreFillJson.Answers.ChallengeResponse),
            CallOutcome<PersonAnswer>.Refused refused => Answer.Ok(
                new ChallengeResponse(
                    false, null, refused.IsNumberChanged ? true : null, NextStep.Complete,
                    PreFillEvaluation.Of(refused.Refusal, refused.Risk)),
                PreFillJson.Answers.ChallengeResponse),
            CallOutcome<PersonAnswer>.Incomplete => call.Refuse(_nothingToCompare),
            CallOutcome<PersonAnswer>.OutOfOrder => call.Refuse(Fault.StepNotAllowed),
            _ => call.Refuse(Fault.UnknownCorrelationId),
        };
    }

    private async Task<ChallengeResponse> TellAsync(CallOutcome<PersonAnswer>.Answered answered, Call<ChallengeRequest> call)
    {
        var individual = answered.Answer is PersonAnswer.Found found ? Individual.Of(found.Person) : null;
        if (individual is not null)
        {
            var id = call.Request.Id;
            var about = await runner.FindAsync(id, CancellationToken.None) is { } flow ? disclosures.About(flow.Number) : null;
            await disclosures.LeaveAsync(
                call.Context, call.Caller, new Disclosure("challenge", individual.CountTold(), about, $"flow:{id}"));
        }
        return new ChallengeResponse(
            individual is not null, individual, answered.IsNumberChanged ? true : null, NextStep.Complete,
            PreFillEvaluation.Of(answered.Answer, answered.Risk));
    }
}

/// <summary>A well-formed challenge call.</summary>
internal sealed record ChallengeRequest(CorrelationId Id, PartialDate? BirthDate, Ssn? Ssn)
{
    public override string ToString() => Id.ToString();
}

internal sealed record ChallengeResponse(
    bool Success, Individual? Individual, bool? NumberChanged, IReadOnlyDictionary<string, string> Next,
    IReadOnlyDictionary<string, Evaluation>? Evaluation)
{
    public override string ToString() => Success.ToString();
}

/// <summary>A person in the wire's words. Of one on record both lists are there, empty too.</summary>
internal sealed record Individual(
    string? FirstName, string? LastName, IReadOnlyList<IndividualAddress> Addresses, IReadOnlyList<string> EmailAddresses, string? Dob,
    string? Ssn)
{
    public static Individual Of(Person person) => new(
        person.Name?.Given,
        person.Name?.Family,
        [.. person.Addresses.Select(a => new IndividualAddress(a.Street, a.Extended, a.City, a.Region, a.PostalCode))],
        person.EmailAddresses,
        person.BirthDate?.ToText(),
        person.Ssn?.Digits);

    /// <summary>How many members it tells.</summary>
    public int CountTold() => Told.Count(FirstName, LastName, Told.IfAny(Addresses), Told.IfAny(EmailAddresses), Dob, Ssn);

    public override string ToString() => "***";
}

internal sealed record IndividualAddress(string? Address, string? ExtendedAddress, string? City, string? Region, string? PostalCode)
{
    public override string ToString() => "***";
}
