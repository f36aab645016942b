using Countersign.Core;
using Countersign.Core.Identity;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>Reads what a person says of themselves. What is wrong stays in the body, under its whole name.</summary>
internal static class PersonFields
{
    /// <summary>Entries that a list may have; the first counts.</summary>
    public const int MostEntries = 10;

    /// <summary>A birth date, or the part of it that is known.</summary>
    public static PartialDate? ReadBirthDate(RequestMembers members, HttpContext context) =>
        members.Text("dob", check: text => CheckDate(text, context)) is { } text ? PartialDate.Parse(text) : null;

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
    public static Person ReadIndividual(RequestMembers members, HttpContext context)
    {
        var given = members.Text("firstName", check: Fields.Name);
        var family = members.Text("lastName", check: Fields.Name);
        var addresses = members.Objects("addresses", MostEntries, ReadAddress);
        var emailAddresses = members.Texts("emailAddresses", MostEntries, Fields.Email);
        var birthDate = ReadBirthDate(members, context);
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

    private static string? CheckDate(string text, HttpContext context) =>
        PartialDate.TryParse(text, out var date) ? CheckNotLater(date, context) : "must be a date as YYYY-MM-DD, YYYY-MM or MM-DD";

    private static string? CheckNotLater(PartialDate date, HttpContext context)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return date.IsAfter(DateOnly.FromDateTime(now.UtcDateTime)) ? "lies in the future" : null;
    }
}
