using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>Reads what a person says of themselves. What is wrong stays in the body, under its whole name.</summary>
internal sealed class PersonFields(TimeProvider time)
{
    /// <summary>A birth date, or the part of it that is known.</summary>
    public PartialDate? ReadBirthDate(RequestMembers members) => members.Read(
        PreFillMembers.BirthDate, also: date =>
            date!.IsAfter(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)) ? "lies in the future" : null);

    /// <summary>An SSN, whole or its last four digits, or those under their older name.</summary>
    public static Ssn? ReadSsn(RequestMembers members)
    {
        var (ssn, lastFour) = (members.Read(PreFillMembers.Ssn), members.Read(PreFillMembers.LastFour));
        if (ssn is not null && lastFour is not null && ssn.LastFour != lastFour.LastFour)
        {
            members.Invalid(PreFillMembers.LastFour, $"differs from {PreFillMembers.Ssn}");
        }
        return ssn ?? lastFour;
    }

    /// <summary>A person as they describe themselves.</summary>
    public Person ReadIndividual(RequestMembers members)
    {
        var (given, family) = (members.Read(PreFillMembers.FirstName), members.Read(PreFillMembers.LastName));
        var addresses = members.Read(PreFillMembers.Addresses, ReadAddress);
        var emailAddresses = members.Read(PreFillMembers.EmailAddresses);
        var birthDate = ReadBirthDate(members);
        var ssn = members.Read(PreFillMembers.Ssn);
        return new Person(
            given is null || family is null ? null : new PersonName(given, family), addresses, emailAddresses, birthDate, ssn);
    }

    private static PostalAddress ReadAddress(RequestMembers members) => new(
        members.Read(PreFillMembers.Street), members.Read(PreFillMembers.Extended), members.Read(PreFillMembers.City),
        members.Read(PreFillMembers.Region), members.Read(PreFillMembers.PostalCode));
}
