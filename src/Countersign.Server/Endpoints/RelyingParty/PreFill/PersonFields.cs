using Countersign.Core;
using Countersign.Core.Identity;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>Reads what a person says of themselves. What is wrong stays in the body, under its whole name.</summary>
internal sealed class PersonFields(TimeProvider time)
{
    /// <summary>Entries that a list may have; the first counts.</summary>
    public const int MostEntries = 10;

    /// <summary>A birth date, or the part of it that is known.</summary>
    public PartialDate? ReadBirthDate(RequestMembers members) =>
        members.Text("dob", check: text => CheckDate(text)) is { } text ? PartialDate.Parse(text) : null;

    /// <summary>An SSN, whole or its last four digits, or those under their older name.</summary>
    public static Ssn? ReadSsn(RequestMembers members)
    {
        var ssn = ReadSsn(members, "ssn");
        var lastFour = members.Text("last4SSN", check: text => Ssn.TryParse(text, out var read) && !read.IsWhole ? null : "must be 4 digits");
        if (ssn is null || lastFour is null)
        {
            return ssn ?? (lastFour is null ? null : Ssn.Parse(lastFour));
        }
        if (ssn.LastFour != lastFour)
        {
            members.Invalid("last4SSN", "differs from ssn");
        }
        return ssn;
    }

    /// <summary>A person as they describe themselves.</summary>
    public Person ReadIndividual(RequestMembers members)
    {
        var given = members.Text("firstName", check: Fields.Name);
        var family = members.Text("lastName", check: Fields.Name);
        var addresses = members.Objects("addresses", MostEntries, ReadAddress);
        var emailAddresses = members.Texts("emailAddresses", MostEntries, Fields.Email);
        var birthDate = ReadBirthDate(members);
        var ssn = ReadSsn(members, "ssn");
        return new Person(
            given is null || family is null ? null : new PersonName(given.Trim(), family.Trim()),
            addresses,
            emailAddresses,
            birthDate,
            ssn);
    }

    private static PostalAddress ReadAddress(RequestMembers members)
    {
        var street = members.Text("address", check: Fields.AddressPart);
        var extended = members.Text("extendedAddress", check: Fields.AddressPart);
        var city = members.Text("city", check: Fields.AddressPart);
        var region = members.Text("region", check: Fields.AddressPart);
        var postalCode = members.Text("postalCode", check: Fields.PostalCode);
        return new PostalAddress(street, extended, city, region, postalCode);
    }

    private static Ssn? ReadSsn(RequestMembers members, string name) =>
        members.Text(name, check: text => Ssn.TryParse(text, out _) ? null : "must be 9 or 4 digits") is { } text ? Ssn.Parse(text) : null;

    private string? CheckDate(string text) =>
        PartialDate.TryParse(text, out var date) ? CheckNotLater(date) : "must be a date as YYYY-MM-DD, YYYY-MM or MM-DD";

    private string? CheckNotLater(PartialDate date) =>
        date.IsAfter(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)) ? "lies in the future" : null;
}
