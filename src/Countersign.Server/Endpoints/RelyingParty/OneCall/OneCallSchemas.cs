using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Server.Contract;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

/// <summary>
/// What the one-call contract is made of. The request's members stand in the order in which <see cref="OneCallRequest"/> reads them and
/// names the bad ones.
/// </summary>
internal static class OneCallSchemas
{
    private const string Echo = "As received.";
    private const string Date = @"^\d{4}-\d{2}-\d{2}$";

    // The last is an older word, which nobody is told to write.
    private static readonly (string Word, VerificationType Value)[] _types =
        [.. Fields.VerificationTypes, ("bot", VerificationType.HumanAssurance)];

    /// <summary>The member by which a body is known to be of this contract.</summary>
    public static Member<VerificationType?> Type { get; } = Member.OptionalValue(
        "verificationType", Shape.Word(_types, Shape.OneOf(_types.SkipLast(1).Select(type => type.Word))),
        "What is asked. `bot` is the older word for `humanAssurance`.").AsRequired();

    /// <summary>The word of the wire for a type.</summary>
    public static string WordOf(VerificationType type) => Fields.VerificationTypes.First(pair => pair.Value == type).Word;

    public static Member<string?> FirstName { get; } =
        Members.Name(Members.FirstName, "Given name. Required for `verifiedUser` and `accountOpening`.").AsOptional();

    public static Member<string?> LastName { get; } =
        Members.Name(Members.LastName, "Family name. Required for `verifiedUser` and `accountOpening`.").AsOptional();

    public static Member<Guid?> ProveIdGiven { get; } = Member.OptionalValue(Members.ProveId, Fields.Uuid with { Format = null },
        "The person's id from an earlier answer. It selects nothing: `phoneNumber` does.");

    public static ObjectListMember Elements { get; } = Members.IdentityAttributes("Further elements that are known of the person.");

    public static ObjectSchema Request { get; } = new(
        "OneCallRequest", "Who is to be looked up, and what is asked.", IsClosed: false,
        Type,
        Members.PhoneNumber,
        FirstName,
        LastName,
        Members.EmailAddress,
        Members.IpAddress,
        Members.UserAgent,
        Members.ClientCustomerId,
        Members.ClientHumanId,
        Members.ClientRequestId,
        ProveIdGiven,
        Elements);

    public static ObjectListMember Items { get; } = new(
        "items", "Each a request as `/v3/verify` takes it, and each on its own: what is wrong with one is told in its result.",
            Request.Reference,
        VerifyBatch.MaxItems, Min: 1, IsRequired: true);

    public static ObjectSchema Response { get; } = new(
        "OneCallResponse", "The answer to a one-call request.", IsClosed: true,
        Success,
        Members.CorrelationId("Names this answer in the server's log. No flow has this id."),
        PhoneNumber,
        Members.ClientCustomerId.Answered(Echo),
        Members.ClientHumanId.Answered(Echo),
        Members.ClientRequestId.Answered(Echo),
        ProveId,
        new Member("provePhoneAlias", PhoneAlias, IsRequired: true),
        new Member("isEnrolled", Schema.Flag("Whether you have enrolled this person and they are active. Only with success.")),
        new Member("identity", Identity("The person."), IsRequired: true),
        AdditionalIdentities,
        new Member("businesses",
            Schema.List("Businesses behind the number; with `prefillForBiz`, empty too, and with no other type.", Business)),
        new Member("evaluation", Evaluation.Schema, IsRequired: true));

    public static ObjectSchema BatchRequest { get; } = new(
        "VerifyBatchRequest", "Many one-call requests.", IsClosed: false,
        Members.ClientRequestId,
        Items);

    public static ObjectSchema BatchResponse { get; } = new(
        "VerifyBatchResponse", "One result for each item.", IsClosed: true,
        Members.CorrelationId("Names this answer in the server's log. No flow has this id."),
        Members.ClientRequestId.Answered(Echo),
        new Member(
            "results",
            Schema.List(
                "In the order of the items.",
                Schema.Closed(
                    "The result of one item. One that was refused has the first four members, `clientHumanId` and `error`.",
                    Success,
                    PhoneNumber,
                    Members.ClientCustomerId.Answered("As received; empty when none was given.", isRequired: true),
                    new Member("assuranceLevel", Level, IsRequired: true),
                    Members.ClientHumanId.Answered(Echo),
                    ProveId,
                    new Member("provePhoneAlias", PhoneAlias),
                    new Member("identity", Identity("The person.")),
                    AdditionalIdentities,
                    new Member("evaluation", Evaluation.Schema),
                    new Member("error", Schema.Text("The message with which a call of its own would have been refused, or that its number "
                        + "is in the batch already.")))),
            IsRequired: true));

    private static Member Evaluation => Members.EvaluationOf(
        "Why. With success the kinds of check that passed: `authentication` and `identification`, for `humanAssurance` `authentication` "
        + "and `risk`. "
        + "Without it `identification` and its reason: 9003 no record, 9014 another name, 9900 the source could not be asked, 9901 number "
            + "or record "
        + "not to be trusted. `risk` fails with 9135 when the SIM was changed within 24 hours; it decides nothing.");

    private static Member Success => new(
        "success", Schema.Word("Whether the level is enough for what was asked. A text, not a boolean.", "true", "false"),
        IsRequired: true);

    private static Member PhoneNumber => Members.PhoneNumber.Answered("Exactly as received.", isRequired: true);

    private static Member ProveId => new(
        Members.ProveId, Schema.Text("The person's id in your project: the same at every call. Only with success.", format: "uuid"));

    private static JsonObject PhoneAlias => Schema.Text(
        "Stands for the number in your project, however it was spelled, and tells nobody which it is.", pattern: "^[0-9a-f]{64}$");

    private static Member AdditionalIdentities => new(
        "additionalIdentities",
        Schema.List("Further persons behind the number; with `identityResolution`, empty too, and with no other type.",
            Identity("A further person.")));

    private static JsonObject Level =>
        Schema.Word(
            "How surely this person belongs to the number.", [.. Enum.GetValues<AssuranceLevel>().Order().Select(OneCallOutcome.WordOf)]);

    private static JsonObject Address(string description) => Schema.Closed(
        description,
        new Member("address", Schema.Text("Street and number.")),
        new Member("extendedAddress", Schema.Text("Flat or suite.")),
        new Member("city", Schema.Text("City.")),
        new Member("region", Schema.Text("State or province.")),
        new Member("zipCode", Schema.Text("Postal code.")));

    private static JsonObject Business => Schema.Closed(
        "A business.",
        new Member("businessName", Schema.Text("Its name."), IsRequired: true),
        new Member("tradeName", Schema.Text("The name it goes by, where that is another.")),
        new Member("taxId", Schema.Text(
            "Tax number: its last four digits, unless the project may see SSNs whole, since a sole trader's is their SSN.")),
        new Member("businessAddress", Address("Where it is.")),
        new Member("registrationFiling", Schema.Closed(
            "As a register has it.",
            new Member("date", Schema.Text("Day of the filing.", pattern: Date)),
            new Member("region", Schema.Text("Whose register.")),
            new Member("registrationNumber", Schema.Text("Number in the register.")),
            new Member("registrationType", Schema.Text("Legal form.")))),
        new Member("relatedPersons", Schema.List("Persons who belong to it.", Schema.Closed(
            "One person.",
            Members.FirstName.Answered("Given name.", isRequired: true),
            Members.LastName.Answered("Family name.", isRequired: true))), IsRequired: true));

    private static JsonObject Identity(string description) => Schema.Closed(
        description,
        Members.FirstName.Answered("Given name on record."),
        Members.LastName.Answered("Family name on record."),
        new Member("dateOfBirth", Schema.Text("Birth date; only for the types that ask for data.", pattern: Date)),
        new Member("nationalId", Schema.Text(
            "SSN: its last four digits, or all nine where your project discloses them; only for the types that ask for data.",
            pattern: @"^(\d{4}|\d{9})$")),
        new Member("minAge", Schema.Number("Age in whole years by the server's clock, at least; only for `humanAssurance`.", min: 0)),
        new Member("maxAge", Schema.Number("The same, at most. The two are equal where the birth date is on record.", min: 0)),
        new Member("emails",
            Schema.List("E-mail addresses, the present one first; with a record, empty too.", Schema.Text("One address."))),
        new Member("addresses", Schema.List("Postal addresses, the present one first; with a record, empty too.", Address("One address."))),
        new Member("assuranceLevel", Level, IsRequired: true),
        new Member("reasons", Schema.List("Why this level.", Schema.Word("The reason.",
            [.. Enum.GetValues<Verdict>().Select(verdict => AssuranceTable.GradeOf(verdict).Reason)])), IsRequired: true));
}
