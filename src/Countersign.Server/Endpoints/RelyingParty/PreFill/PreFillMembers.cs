using Countersign.Server.Contract;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>Members that the documents of this family share.</summary>
internal static class PreFillMembers
{
    public const string Tag = "pre-fill";

    // Unicode's control characters (category Cc).
    private const string NoControls = @"^[^\u0000-\u001f\u007f-\u009f]*$";

    public static Member CorrelationId => Members.CorrelationId("From the answer of `/v3/start`.");

    public static Member BirthDate => new("dob", Schema.Text(
        "Birth date, or the part of it that you ask people for: `YYYY-MM-DD`, `YYYY-MM` or `MM-DD`. A day that exists, not in the future, from 1900 on.",
        pattern: "^(\\d{4}-\\d{2}(-\\d{2})?|\\d{2}-\\d{2})$"));

    public static Member Ssn => new("ssn", Schema.Text(
        "US social security number without dashes, whole or its last four digits.", pattern: "^(\\d{9}|\\d{4})$"));

    public static Member LastFour => new("last4SSN", Schema.Text(
        "Older name of the last four digits of `ssn`. Send either; when both are sent they must agree.", pattern: "^\\d{4}$"));

    /// <summary>A person as they describe themselves.</summary>
    public static Member Described => new(
        "individual",
        Schema.Open(
            "The person as they describe themselves. `firstName` with `lastName`, or `ssn`, is needed; all else is compared where it is given.",
            Members.Name("firstName", "Given name, as the person writes it.") with { IsRequired = false },
            Members.Name("lastName", "Family name, as the person writes it.") with { IsRequired = false },
            new Member("addresses", Schema.List(
                "The first counts.",
                Schema.Open(
                    "A postal address in the USA.",
                    Part("address", "Street and number."),
                    Part("extendedAddress", "Flat or suite."),
                    Part("city", "City."),
                    Part("region", "State, as two letters."),
                    new Member("postalCode", Schema.Text("Five digits or ZIP+4.", pattern: "^\\d{5}(-\\d{4})?$"))),
                most: PersonFields.MostEntries)),
            new Member("emailAddresses", Schema.List("The first counts.", Members.EmailAddress.Schema, most: PersonFields.MostEntries)),
            BirthDate,
            Ssn),
        IsRequired: true);

    /// <summary>A person as the record has them.</summary>
    public static Member Recorded => new(
        "individual",
        Schema.Closed(
            "The person as the record has them; there only with success. What the record does not hold is left out; lists are there, empty too.",
            new Member("firstName", Schema.Text("Given name.")),
            new Member("lastName", Schema.Text("Family name.")),
            new Member("addresses", Schema.List(
                "The present one first.",
                Schema.Closed(
                    "A postal address.",
                    new Member("address", Schema.Text("Street and number.")),
                    new Member("extendedAddress", Schema.Text("Flat or suite.")),
                    new Member("city", Schema.Text("City.")),
                    new Member("region", Schema.Text("State.")),
                    new Member("postalCode", Schema.Text("Five digits or ZIP+4.")))), IsRequired: true),
            new Member("emailAddresses", Schema.List("The present one first.", Schema.Text("An e-mail address.")), IsRequired: true),
            new Member("dob", Schema.Text("Birth date, `YYYY-MM-DD`.", pattern: "^\\d{4}-\\d{2}-\\d{2}$")),
            new Member("ssn", Schema.Text("Social security number, as far as it is on record.", pattern: "^(\\d{9}|\\d{4})$"))));

    public static Member Success(string description) => new("success", Schema.Flag(description), IsRequired: true);

    /// <param name="steps">Those that can follow.</param>
    public static Member Next(params IEnumerable<IReadOnlyDictionary<string, string>> steps) => new(
        "next",
        Schema.Closed(
            "The call that comes next: its name and its path.",
            [.. steps.SelectMany(step => step).Select(step => new Member(step.Key, Schema.Word("Path of the call; `done` when none follows.", step.Value)))]),
        IsRequired: true);

    private static Member Part(string name, string description) =>
        new(name, Schema.Text(description, most: Fields.MostAddressCharacters, pattern: NoControls));
}
