using System.Globalization;
using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.Enrolments;
using Countersign.Core.IdentityMatching;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

/// <summary>What a question of the one-call contract came to, in the words of the wire. Prints its success and level.</summary>
/// <param name="Success">"true" or "false": in this family a text.</param>
/// <param name="AssuranceLevel">"AL-1" to "AL3".</param>
/// <param name="ProveId">Null without success.</param>
/// <param name="IsEnrolled">Null without success.</param>
/// <param name="AdditionalIdentities">Null where the question is not for them; empty where there are none to tell of.</param>
/// <param name="Businesses">As <paramref name="AdditionalIdentities"/>.</param>
internal sealed record OneCallOutcome(
    string Success, string AssuranceLevel, string? ProveId, string ProvePhoneAlias, bool? IsEnrolled, VerifiedIdentity Identity,
    IReadOnlyList<VerifiedIdentity>? AdditionalIdentities, IReadOnlyList<VerifiedBusiness>? Businesses,
    IReadOnlyDictionary<string, Evaluation> Evaluation)
{
    public const string True = "true";
    public const string False = "false";

    public static OneCallOutcome Of(OneCallAnswer.Answered answered)
    {
        var (_, type, answer, risk, identity, phoneAlias, told, at) = answered;
        var today = DateOnly.FromDateTime(at.UtcDateTime);
        var asked = AssuranceTable.DisclosedBy(type);
        var found = answer as AssuranceAnswer.Found;
        var person = VerifiedIdentity.Of(found?.Person.Person, answer.Verdict, told, today);
        var others = told.HasFlag(Disclosures.Others)
            ? found!.Others.Select(other => VerifiedIdentity.Of(
                other.Person, other.Verdict, AssuranceTable.IsEnough(other.Verdict, type) ? told : Disclosures.None, today))
            : [];
        var businesses = told.HasFlag(Disclosures.Businesses)
            ? found!.Businesses.Select(business => VerifiedBusiness.Of(business, told))
            : [];
        return new OneCallOutcome(
            identity is null ? False : True,
            person.AssuranceLevel,
            identity?.Id.ToString("D", CultureInfo.InvariantCulture),
            phoneAlias,
            identity is null ? null : identity.Status == IdentityStatus.Active,
            person,
            asked.HasFlag(Disclosures.Others) ? [.. others] : null,
            asked.HasFlag(Disclosures.Businesses) ? [.. businesses] : null,
            Evaluate(type, answer, risk, isSuccess: identity is not null));
    }

    /// <summary>How many members of records it tells.</summary>
    public int CountTold() =>
        Identity.CountTold() + (AdditionalIdentities ?? []).Sum(other => other.CountTold())
            + (Businesses ?? []).Sum(business => business.CountTold());

    /// <summary>The word of the wire for a level.</summary>
    public static string WordOf(AssuranceLevel level) => string.Create(CultureInfo.InvariantCulture, $"AL{(int)level}");

    private static Dictionary<string, Evaluation> Evaluate(VerificationType type, AssuranceAnswer answer, PhoneRisk risk, bool isSuccess)
    {
        var evaluation = new Dictionary<string, Evaluation>(StringComparer.Ordinal);
        if (!isSuccess)
        {
            evaluation["identification"] = RelyingParty.Evaluation.Fail(answer switch
            {
                AssuranceAnswer.SourceDown => Reason.SourceDown,
                AssuranceAnswer.NotTold => Reason.Name,
                { Verdict: Verdict.Untrusted } => Reason.Untrusted,
                { Verdict: Verdict.NoRecord } => Reason.NotFound,
                _ => Reason.Name,
            });
        }
        else
        {
            // As published: who asks for a human is told of the risk, who asks for a person of the identification.
            evaluation["authentication"] = RelyingParty.Evaluation.Pass;
            evaluation[type == VerificationType.HumanAssurance ? "risk" : "identification"] = RelyingParty.Evaluation.Pass;
        }
        if (Evaluations.Of((Evaluations.Risk, Evaluations.ReasonsOf(risk))) is { } signals)
        {
            evaluation[Evaluations.Risk] = signals[Evaluations.Risk];
        }
        return evaluation;
    }

    public override string ToString() => $"{Success}, {AssuranceLevel}";
}

/// <summary>A person as an answer tells of them. Prints their level.</summary>
/// <param name="NationalId">
/// The SSN, of the highest class: in no other answer of this family than those that ask for data, and whole for few projects alone.
/// </param>
/// <param name="Emails">Null where no record is told; empty where it has none.</param>
/// <param name="Addresses">As <paramref name="Emails"/>.</param>
/// <param name="Reasons">Always there; one reason today.</param>
internal sealed record VerifiedIdentity(
    string? FirstName, string? LastName, string? DateOfBirth, string? NationalId, int? MinAge, int? MaxAge, IReadOnlyList<string>? Emails,
    IReadOnlyList<VerifiedAddress>? Addresses, string AssuranceLevel, IReadOnlyList<string> Reasons)
{
    public static VerifiedIdentity Of(Person? person, Verdict verdict, Disclosures told, DateOnly today)
    {
        var (level, reason) = AssuranceTable.GradeOf(verdict);
        var name = told.HasFlag(Disclosures.Name) ? person?.Name : null;
        var age = told.HasFlag(Disclosures.Age) && person?.BirthDate?.Whole is { } birthDate ? Age.On(today, birthDate) : (int?)null;
        var record = told.HasFlag(Disclosures.Record) ? person : null;
        return new VerifiedIdentity(
            name?.Given, name?.Family, record?.BirthDate?.Whole?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            told.HasFlag(Disclosures.WholeSsn) ? record?.Ssn?.Digits : record?.Ssn?.LastFour,
            age, age, record?.EmailAddresses, record is null ? null : [.. record.Addresses.Select(VerifiedAddress.Of)],
            OneCallOutcome.WordOf(level), [reason]);
    }

    /// <inheritdoc cref="OneCallOutcome.CountTold"/>
    public int CountTold() => Told.Count(
        FirstName, LastName, DateOfBirth, NationalId, MinAge, MaxAge, Told.IfAny(Emails), Told.IfAny(Addresses));

    public override string ToString() => AssuranceLevel;
}

internal sealed record VerifiedAddress(string? Address, string? ExtendedAddress, string? City, string? Region, string? ZipCode)
{
    public static VerifiedAddress Of(PostalAddress address) =>
        new(address.Street, address.Extended, address.City, address.Region, address.PostalCode);

    public override string ToString() => "***";
}

internal sealed record VerifiedBusiness(
    string BusinessName, string? TradeName, string? TaxId, VerifiedAddress? BusinessAddress, VerifiedFiling? RegistrationFiling,
    IReadOnlyList<RelatedPerson> RelatedPersons)
{
    public static VerifiedBusiness Of(Business business, Disclosures told) => new(
        business.Name, business.TradeName,
        // A sole trader's is their SSN.
        business.TaxId is { } taxId && !told.HasFlag(Disclosures.WholeSsn) ? Ssn.LastFourOf(taxId) : business.TaxId,
        business.Address is { } address ? VerifiedAddress.Of(address) : null,
        business.Filing is { } filing ? VerifiedFiling.Of(filing) : null,
        [.. business.RelatedPersons.Select(person => new RelatedPerson(person.Given, person.Family))]);

    /// <inheritdoc cref="OneCallOutcome.CountTold"/>
    public int CountTold() =>
        Told.Count(BusinessName, TradeName, TaxId, BusinessAddress, RegistrationFiling, Told.IfAny(RelatedPersons));

    public override string ToString() => "***";
}

internal sealed record VerifiedFiling(string? Date, string? Region, string? RegistrationNumber, string? RegistrationType)
{
    public static VerifiedFiling Of(RegistrationFiling filing) =>
        new(filing.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), filing.Region, filing.Number, filing.Type);

    public override string ToString() => "***";
}

internal sealed record RelatedPerson(string FirstName, string LastName)
{
    public override string ToString() => "***";
}
