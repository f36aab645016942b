using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// What two generations of published server SDKs read as required in answers, held against the raw JSON of this server: a strict language
/// throws when such a member is missing or of another type, a lenient one hands out an empty value.
/// </summary>
public abstract class SdkMembersTests(SdkAnswers answers)
{
    private const string None = "";

    private const string Text = "string";
    private const string Whole = "integer";
    private const string YesOrNo = "boolean";
    private const string Members = "object";
    private const string ListOfTexts = "array of strings";
    private const string ListOfMembers = "array of objects";

    private const string Kept = "active carrier clientCustomerId countryCode createdAt creationString deviceId identityId lineType proveId";
    private const string Bound = "clientHumanId clientRequestId deviceId evaluation phoneNumber proveId";

    /// <param name="Answer">The SDKs' own name of the answer, or of an entry of a list in one.</param>
    /// <param name="Of2025">What the generation of autumn 2025 requires; null where it has no such answer.</param>
    /// <param name="Of2026">What that of 2026 requires; null where it has no such answer.</param>
    /// <param name="Optional">What either reads where it is there, and the other does not require.</param>
    /// <param name="Lists">Those of the optional that are lists and that this server sends always, empty too.</param>
    private sealed record Row(string Answer, string? Of2025, string? Of2026, string Optional = None, string Lists = None)
    {
        public IEnumerable<string> Required => NamesIn($"{Of2025} {Of2026} {Lists}");

        public IEnumerable<string> All => Required.Union(NamesIn(Optional));

        private static IEnumerable<string> NamesIn(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct();
    }

    private static readonly Row[] _rows =
    [
        new("FetchResult", null, "attributeId attributeValue issuerId"),
        new("GetBatchIdentityItem", None, None, "identityId proveId"),
        new("Identity", null, "assuranceLevel reasons", "addresses dateOfBirth emails firstName lastName maxAge minAge nationalId"),
        new("IdentityItem", "clientName identityId pcid", "clientName identityId pcid"),
        // Of the answer to a challenge.
        new("Individual", None, None, "addresses dob emailAddresses firstName lastName ssn", "addresses emailAddresses"),
        new("LinkedFrom", None, None, "acceptedAt acceptedString name pcid scopes", "scopes"),
        new("LinkedTo", None, None, "acceptedAt acceptedString name pcid scopes", "scopes"),
        new("LookupIdentityItem", "phoneNumber", "phoneNumber", Kept),
        new("PostBatchResultItem", None, None, "error identityId proveId"),
        new("Result", null, None, "attributeId issuerId"),
        new("V3ActivateIdentityResponse", "success", "success"),
        new("V3BatchEnrollIdentitiesResponse", None, None, "results", "results"),
        new("V3BatchGetIdentitiesResponse", "results", "results", "lastKey"),
        new("V3ChallengeResponse", "next success", "next success", "evaluation individual"),
        new("V3CompleteResponse", "next success", "next success", "evaluation idv kyc"),
        new("V3CrossDomainIdentityResponse", "count identites", "count identities"),
        new("V3DeactivateIdentityResponse", "success", "success"),
        new("V3DeviceRevokeResponse", null, "success"),
        new("V3DiscoverResponse", null, None, "results", "results"),
        new("V3DisenrollIdentityResponse", "success", "success"),
        new("V3DomainConfirmLinkResponse", "success", "success"),
        new("V3DomainIDResponse", "name pcid", "issuerId name pcid"),
        new("V3DomainLinkResponse", "success", "success"),
        new("V3DomainLinkedResponse", None, None, "linkedFrom linkedTo requestsFrom requestsTo",
            "linkedFrom linkedTo requestsFrom requestsTo"),
        new("V3DomainUnlinkResponse", "success", "success"),
        new("V3EnrollIdentityResponse", "identityId success", "proveId success"),
        new("V3FetchResponse", null, "results"),
        new("V3GetIdentitiesByPhoneNumberResponse", None, None, "items", "items"),
        new("V3GetIdentityResponse", "phoneNumber", "phoneNumber", Kept),
        new("V3StartResponse", "authToken correlationId next", "authToken correlationId next"),
        new("V3TokenResponse", "access_token expires_in token_type", "access_token expires_in token_type",
            "refresh_expires_in refresh_token"),
        new("V3UnifyBindResponse", "phoneNumber success", "success", Bound),
        new("V3UnifyResponse", "correlationId success", "correlationId success", "authToken"),
        new("V3UnifyStatusResponse", "phoneNumber success", "success", Bound),
        new("V3ValidateResponse", "challengeMissing next success", "challengeMissing next success", "evaluation phoneNumber"),
        new("V3VerifyBatchResponse", null, "correlationId", "clientRequestId results", "results"),
        // One path, two contracts: that of 2025 sends possessionType and gets the answer of two calls, that of 2026 verificationType and
        // that of one.
        new("V3VerifyResponse in two calls", "correlationId possessionResult success verifyResult", null, "authToken evaluation"),
        new("V3VerifyResponse in one call", null, "correlationId phoneNumber success",
            "additionalIdentities authToken businesses clientCustomerId clientHumanId clientRequestId evaluation identity isEnrolled "
                + "proveId provePhoneAlias"),
        new("V3VerifyStatusResponse", "possessionResult success verifyResult", null, "evaluation identityId"),
        new("VerifyBatchResultItem", null, "assuranceLevel clientCustomerId phoneNumber success",
            "additionalIdentities clientHumanId error evaluation identity proveId provePhoneAlias"),
    ];

    /// <summary>A name has one type wherever it stands, but for success.</summary>
    private static readonly Dictionary<string, string> _types = new (string Type, string Names)[]
    {
        (Text, """
            access_token acceptedString assuranceLevel attributeId attributeValue authToken carrier clientCustomerId clientHumanId
            clientName clientRequestId correlationId countryCode creationString dateOfBirth deviceId dob error firstName identityId
            issuerId lastKey lastName lineType name nationalId pcid phoneNumber possessionResult proveId provePhoneAlias
            refresh_token ssn token_type verifyResult
            """),
        (Whole, "acceptedAt count createdAt expires_in maxAge minAge refresh_expires_in"),
        (YesOrNo, "active challengeMissing isEnrolled"),
        (Members, "evaluation identity idv individual kyc next"),
        (ListOfTexts, "emailAddresses emails reasons scopes"),
        (ListOfMembers,
            "additionalIdentities addresses businesses identites identities items linkedFrom linkedTo requestsFrom requestsTo results"),
    }.SelectMany(type => type.Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), (type, name) => (type.Type, name))
        .ToDictionary(pair => pair.name, pair => pair.Type, StringComparer.Ordinal);

    /// <summary>Answers whose success may be pending, and so is a word.</summary>
    private static readonly string[] _ofWords =
    [
        "V3UnifyBindResponse", "V3UnifyResponse", "V3UnifyStatusResponse", "V3VerifyResponse in two calls", "V3VerifyResponse in one call",
        "V3VerifyStatusResponse", "VerifyBatchResultItem",
    ];

    /// <summary>Optional members that this server does not know, or sends in what is not played here.</summary>
    private static readonly string[] _unseen =
    [
        "LookupIdentityItem carrier", "LookupIdentityItem countryCode", "LookupIdentityItem lineType",
        "V3GetIdentityResponse carrier", "V3GetIdentityResponse countryCode", "V3GetIdentityResponse lineType",
        "V3TokenResponse refresh_expires_in", "V3TokenResponse refresh_token",
        "V3UnifyBindResponse deviceId", "V3UnifyBindResponse evaluation", "V3VerifyResponse in one call authToken",
    ];

    /// <summary>Lists that are never empty: a batch of nothing is refused, a link has a scope, a level its reason.</summary>
    private static readonly string[] _neverEmpty =
        ["Identity reasons", "LinkedFrom scopes", "LinkedTo scopes", "V3BatchEnrollIdentitiesResponse results",
            "V3VerifyBatchResponse results"];

    /// <summary>Answers that name an enrolled person: each by both names of the id, the same value.</summary>
    private static readonly string[] _enrolled =
        ["V3EnrollIdentityResponse", "PostBatchResultItem", "GetBatchIdentityItem", "V3GetIdentityResponse", "LookupIdentityItem"];

    public static TheoryData<string> Rows { get; } = [.. _rows.Select(row => row.Answer)];

    public static TheoryData<string, string> Lists { get; } =
        [.. _rows.SelectMany(row => row.All, (row, name) => (row.Answer, name))
            .Where(member => TypeOf(member.Answer, member.name) is ListOfTexts or ListOfMembers)];

    public static TheoryData<string> Enrolled { get; } = [.. _enrolled];

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_either_generation_reads_as_required_is_there(string answer)
    {
        var row = _rows.Single(row => row.Answer == answer);

        var raw = answers.Of(answer);

        Assert.NotEmpty(raw);
        Assert.All(raw, json => Assert.All(row.Required, name => Assert.True(
            Is(json[name], TypeOf(answer, name)), $"{name} of {answer} must be there, {TypeOf(answer, name)}: {json.ToJsonString()}")));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_either_generation_reads_has_its_type_where_it_is_there(string answer)
    {
        var row = _rows.Single(row => row.Answer == answer);

        var raw = answers.Of(answer);

        Assert.All(raw, json => Assert.All(row.All.Where(name => json.AsObject().ContainsKey(name)), name => Assert.True(
            Is(json[name], TypeOf(answer, name)), $"{name} of {answer} must be {TypeOf(answer, name)}: {json.ToJsonString()}")));
        Assert.Equal(
            _unseen.Concat(answers.Unseen).Where(member => member.StartsWith(answer + " ", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            row.All.Where(name => raw.All(json => json[name] is null)).Select(name => $"{answer} {name}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Enrolled))]
    public void An_enrolled_person_is_named_by_both_names_of_the_id(string answer)
    {
        // An item of a batch that was refused has neither.
        var raw = answers.Of(answer).Where(json => json["error"] is null).ToList();

        Assert.NotEmpty(raw);
        Assert.All(raw, json => Assert.Equal((string)json["proveId"]!, (string?)json["identityId"]));
    }

    [Fact]
    public void Linked_identities_are_the_same_list_in_both_spellings()
    {
        var raw = answers.Of("V3CrossDomainIdentityResponse");

        Assert.Equal([0, 1], raw.Select(json => (int)json["count"]!).Order());
        Assert.All(raw, json => Assert.Equal(json["identities"]!.ToJsonString(), json["identites"]!.ToJsonString()));
        Assert.All(raw, json => Assert.Equal((int)json["count"]!, json["identities"]!.AsArray().Count));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_list_was_looked_at_empty_and_not(string answer, string list)
    {
        var lengths = answers.Of(answer).Select(json => json[list]).OfType<JsonArray>().Select(array => array.Count).ToList();

        Assert.Equal(
            (!_neverEmpty.Concat(answers.NeverEmpty).Contains($"{answer} {list}"), !answers.NeverFilled.Contains($"{answer} {list}")),
            (lengths.Contains(0), lengths.Exists(length => length > 0)));
    }

    private static string TypeOf(string answer, string name) =>
        name != "success" ? _types[name] : _ofWords.Contains(answer) ? Text : YesOrNo;

    private static bool Is(JsonNode? node, string type) => (type, node?.GetValueKind()) switch
    {
        (Text, JsonValueKind.String) or (Members, JsonValueKind.Object) or (YesOrNo, JsonValueKind.True or JsonValueKind.False) => true,
        (Whole, JsonValueKind.Number) =>
            long.TryParse(node!.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        (ListOfTexts, JsonValueKind.Array) => node!.AsArray().All(entry => Is(entry, Text)),
        (ListOfMembers, JsonValueKind.Array) => node!.AsArray().All(entry => Is(entry, Members)),
        _ => false,
    };
}

public sealed class SdkMembersInSandbox(SandboxSdkAnswers answers) : SdkMembersTests(answers), IClassFixture<SandboxSdkAnswers>;

public sealed class SdkMembersInLive(LiveSdkAnswers answers) : SdkMembersTests(answers), IClassFixture<LiveSdkAnswers>;
