using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;

namespace Countersign.Storage;

/// <summary>
/// The part of a person's record that may not stand in clear. The order of its members is part of the digest that tells a change.
/// </summary>
internal sealed record RecordBody(
    PhoneNumber Number, string Given, string Family, string? Middle = null, PartialDate? BirthDate = null, Ssn? Ssn = null,
    string? Street = null, string? City = null, string? Region = null, string? PostalCode = null, string? Country = null,
    string? Email = null, string? RecordId = null, DateOnly? ValidFrom = null, DateOnly? ValidTo = null)
{
    public static RecordBody Of(PersonRecord record)
    {
        var address = record.Person.Addresses is [var first, ..] ? first : null;
        return new RecordBody(
            record.Number, record.Person.Name!.Given, record.Person.Name.Family, record.MiddleNames, record.Person.BirthDate,
            record.Person.Ssn, address?.Street, address?.City, address?.Region, address?.PostalCode, record.Country,
            record.Person.EmailAddresses is [var email, ..] ? email : null, record.RecordId, record.ValidFrom, record.ValidTo);
    }

    public PersonRecord Open() => new(
        Number,
        new Person(
            new PersonName(Given, Family),
            (Street ?? City ?? Region ?? PostalCode) is null ? [] : [new PostalAddress(Street, null, City, Region, PostalCode)],
            Email is null ? [] : [Email], BirthDate, Ssn),
        RecordId, Middle, Country, ValidFrom, ValidTo);

    public override string ToString() => "***";
}
