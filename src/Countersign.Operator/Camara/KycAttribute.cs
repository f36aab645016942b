namespace Countersign.Operator.Camara;

/// <summary>One attribute of KYC Match.</summary>
/// <param name="Name">As in the request; the answer's member is this and <c>Match</c>.</param>
/// <param name="IsScored">Whether an answer of <c>false</c> carries a score.</param>
/// <param name="IsNew">Known from version 0.4 on.</param>
/// <param name="Form">What a value looks like, for the message.</param>
/// <param name="Accepts">Whether a value looks like that.</param>
internal sealed record KycAttribute(string Name, bool IsScored, bool IsNew, string Form, Func<string, bool> Accepts)
{
    // CAMARA KYC Match 0.4.0, KYC_MatchRequest; what has no score there has none here.
    public static IReadOnlyList<KycAttribute> All { get; } =
    [
        Exact("idDocument"),
        Exact("idDocumentType", isNew: true,
            "one of passport, national_id_card, residence_permit, diplomatic_id, driver_licence, social_security_id, other",
            value => value is "passport" or "national_id_card" or "residence_permit" or "diplomatic_id" or "driver_licence"
                or "social_security_id" or "other"),
        Date("idDocumentExpiryDate", isNew: true),
        Scored("name"),
        Scored("givenName"),
        Scored("familyName"),
        Scored("nameKanaHankaku"),
        Scored("nameKanaZenkaku"),
        Scored("middleNames"),
        Scored("familyNameAtBirth"),
        Scored("address"),
        Scored("streetName"),
        Scored("streetNumber"),
        Exact("postalCode"),
        Scored("region"),
        Scored("locality"),
        Country("country"),
        Scored("houseNumberExtension"),
        Date("birthdate"),
        Scored("email"),
        Exact("gender", isNew: false, "one of MALE, FEMALE, OTHER", value => value is "MALE" or "FEMALE" or "OTHER"),
        Scored("cityOfBirth", isNew: true),
        Country("countryOfBirth", isNew: true),
        Country("nationality", isNew: true),
    ];

    /// <summary>Null when there is no such attribute.</summary>
    public static KycAttribute? Find(string name, bool ignoreCase = false) =>
        All.FirstOrDefault(a => a.Name.Equals(name, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));

    private static KycAttribute Scored(string name, bool isNew = false) =>
        new(name, IsScored: true, isNew, "a text of 1 to 256 characters", IsText);

    private static KycAttribute Exact(string name) => new(name, IsScored: false, IsNew: false, "a text of 1 to 256 characters", IsText);

    private static KycAttribute Exact(string name, bool isNew, string form, Func<string, bool> accepts) =>
        new(name, IsScored: false, isNew, form, accepts);

    private static KycAttribute Date(string name, bool isNew = false) =>
        Exact(name, isNew, "a date such as 2020-02-29", value => CamaraDate.TryParse(value, out _));

    private static KycAttribute Country(string name, bool isNew = false) =>
        Exact(name, isNew, "a country of two letters such as US (ISO 3166-1 alpha-2)", value =>
            value.Length == 2 && value.All(char.IsAsciiLetter));

    private static bool IsText(string value) => value.Length is >= 1 and <= 256;
}
