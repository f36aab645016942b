using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Server.Contract;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>Members of this family's requests and answers.</summary>
internal static class PreFillMembers
{
    public const string Tag = "pre-fill";

    private const string SsnPattern = @"^(\d{9}|\d{4})$";

    // Entries that a list may have; the first counts.
    private const int MaxEntries = 10;

    public static Member<CorrelationId> CorrelationId { get; } = Members.CorrelationId("From the answer of `/v3/start`.");

    public static Member<PartialDate?> BirthDate { get; } = Member.Optional(
        "dob",
        new TextShape<PartialDate>(text =>
            PartialDate.TryParse(text, out var date) ? (date, null) : (null, PartialDate.ProblemOf(text)))
        {
            Pattern = @"^(\d{4}-\d{2}(-\d{2})?|\d{2}-\d{2})$",
        },
        "Birth date, or the part of it that you ask people for: `YYYY-MM-DD`, `YYYY-MM` or `MM-DD`. A day that exists, not in the future, "
        + "from 1900 on.");

    public static Member<Ssn?> Ssn { get; } = Member.Optional(
        "ssn",
        new TextShape<Ssn>(text => Core.IdentityMatching.Ssn.TryParse(text, out var ssn) ? (ssn, null) : (null, "must be 9 or 4 digits"))
        {
            Pattern = SsnPattern,
        },
        "US social security number without dashes, whole or its last four digits.");

    public static Member<Ssn?> LastFour { get; } = Member.Optional(
        "last4SSN",
        new TextShape<Ssn>(text =>
            Core.IdentityMatching.Ssn.TryParse(text, out var ssn) && !ssn.IsWhole ? (ssn, null) : (null, "must be 4 digits"))
        {
            Pattern = @"^\d{4}$",
        },
        "Older name of the last four digits of `ssn`. Send either; when both are sent they must agree.");

    public static Member<string?> FirstName { get; } = Members.FirstName.AsOptional();

    public static Member<string?> LastName { get; } = Members.LastName.AsOptional();

    public static Member<string?> Street { get; } = Member.Optional("address", Fields.AddressPart, "Street and number.");

    public static Member<string?> Extended { get; } = Member.Optional("extendedAddress", Fields.AddressPart, "Flat or suite.");

    public static Member<string?> City { get; } = Member.Optional("city", Fields.AddressPart, "City.");

    public static Member<string?> Region { get; } = Member.Optional("region", Fields.AddressPart, "State, as two letters.");

    public static Member<string?> PostalCode { get; } = Member.Optional("postalCode", Fields.PostalCode, "Five digits or ZIP+4.");

    public static ObjectListMember Addresses { get; } = new("addresses", "The first counts.",
        Schema.Open("A postal address in the USA.", Street, Extended, City, Region, PostalCode), MaxEntries);

    public static ListMember<string> EmailAddresses { get; } = new(
        "emailAddresses", "The first counts.", Fields.Email, Members.EmailAddress.Description, MaxEntries);

    /// <summary>A person as they describe themselves.</summary>
    public static ObjectMember Described { get; } = new(
        "individual",
        Schema.Open(
            "The person as they describe themselves. `firstName` with `lastName`, or `ssn`, is needed; all else is compared where it is "
                + "given.",
            FirstName, LastName, Addresses, EmailAddresses, BirthDate, Ssn),
        IsRequired: true);

    /// <summary>A person as the record has them.</summary>
    public static Member Recorded => new(
        Described,
        Schema.Closed(
            "The person as the record has them; there only with success. What the record does not hold is left out; lists are there, "
                + "empty too.",
            FirstName.Answered("Given name."),
            LastName.Answered("Family name."),
            new Member(Addresses, Schema.List(
                "The present one first.",
                Schema.Closed(
                    "A postal address.",
                    Street.Answered(Street.Description),
                    Extended.Answered(Extended.Description),
                    City.Answered(City.Description),
                    Region.Answered("State."),
                    PostalCode.Answered(PostalCode.Description))), IsRequired: true),
            new Member(EmailAddresses, Schema.List("The present one first.", Schema.Text("An e-mail address.")), IsRequired: true),
            new Member(BirthDate, Schema.Text("Birth date, `YYYY-MM-DD`.", pattern: @"^\d{4}-\d{2}-\d{2}$")),
            new Member(Ssn, Schema.Text("Social security number, as far as it is on record.", pattern: SsnPattern))));

    /// <summary>The person of the documents' examples.</summary>
    public static JsonObject ExamplePerson(string postalCode, string ssn) => Members.Object(
        (FirstName, "Milo"), (LastName, "Pinson"),
        (Addresses, new JsonArray(Members.Object(
            (Street, "6377 Birchwood Hill"), (City, "Littleton"), (Region, "CO"), (PostalCode, postalCode)))),
        (EmailAddresses, new JsonArray("mpinsonm@dyndns.org")), (BirthDate, "1981-01-17"), (Ssn, ssn));

    public static Member Success(string description) => new("success", Schema.Flag(description), IsRequired: true);

    /// <param name="steps">Those that can follow.</param>
    public static Member Next(params IEnumerable<IReadOnlyDictionary<string, string>> steps) => new(
        "next",
        Schema.Closed(
            "The call that comes next: its name and its path.",
            [.. steps.SelectMany(step => step)
                .Select(step => new Member(step.Key, Schema.Word("Path of the call; `done` when none follows.", step.Value)))]),
        IsRequired: true);
}
