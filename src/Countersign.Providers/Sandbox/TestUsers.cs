using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Sandbox;

namespace Countersign.Providers.Sandbox;

/// <summary>The people of the sandbox, by number. All its adapters answer from this table.</summary>
internal sealed class TestUsers : ITestUsers
{
    private const string Resource = "sandbox/test-users.json";

    // A block for load tests: any name, Mobile Auth not available, the code and the link work.
    private const string FirstLoadNumber = "+12002000000";
    private const string LastLoadNumber = "+12002999999";

    private readonly Dictionary<PhoneNumber, TestUser> _users;

    private TestUsers(IReadOnlyList<TestUser> users)
    {
        All = users;
        _users = users.ToDictionary(user => PhoneNumber.Parse(user.Number));
    }

    public static TestUsers Load()
    {
        using var data = typeof(TestUsers).Assembly.GetManifestResourceStream(Resource)!;
        return new TestUsers(JsonSerializer.Deserialize(data, TestUsersJson.Default.TestUserList)!.Users);
    }

    public ProjectId ProjectId => SandboxProject.Id;

    public IReadOnlyList<TestUser> All { get; }

    public IReadOnlyList<TestUserSummary> OfVerifiedUsers =>
        [.. All.Where(user => user.Product == TestUser.VerifiedUsers)
            .Select(user =>
                new TestUserSummary(user.Number, new PersonName(user.Given, user.Family), user.Scenario ?? "", user.IsExtension))];

    /// <summary>Returns null when nobody has this number.</summary>
    public TestUser? Find(PhoneNumber number) => _users.GetValueOrDefault(number) ?? (IsLoadNumber(number) ? TestUser.Load : null);

    private static bool IsLoadNumber(PhoneNumber number) =>
        number.E164.Length == FirstLoadNumber.Length
        && string.CompareOrdinal(number.E164, FirstLoadNumber) >= 0
        && string.CompareOrdinal(number.E164, LastLoadNumber) <= 0;
}

internal sealed record TestUserList(IReadOnlyList<TestUser> Users);

/// <param name="Product">The product whose calls this user answers.</param>
/// <param name="Number">As printed in the list of test users.</param>
/// <param name="Role">What happens to this user.</param>
/// <param name="ProvesItself">The flow reaches its result without a browser.</param>
/// <param name="IsExtension">Countersign's own; the others are published ones.</param>
/// <param name="Expected">The final result of verify for each flow type; where a type is missing, success.</param>
/// <param name="Assurance">The reason that a one-call verify answers.</param>
/// <param name="Person">What the record holds beside the name.</param>
/// <param name="Others">Further persons behind the number.</param>
internal sealed record TestUser(
    string Product,
    string Number,
    string Given,
    string Family,
    string Role,
    bool ProvesItself = false,
    [property: JsonPropertyName("extension")] bool IsExtension = false,
    string? Scenario = null,
    IReadOnlyDictionary<string, ExpectedResult>? Expected = null,
    string? Assurance = null,
    RecordedPerson? Person = null,
    IReadOnlyList<OtherPerson>? Others = null,
    IReadOnlyList<RecordedBusiness>? Businesses = null)
{
    public const string EveryProduct = "*";
    public const string VerifiedUsers = "verified_users";
    public const string PreFill = "pre_fill";
    public const string PreFillMobileAuth = "pre_fill_mobile_auth";
    public const string ProveIdentity = "prove_identity";
    public const string Unify = "unify";
    public const string UnifyMobileAuth = "unify_mobile_auth";
    public const string IdentityManager = "identity_manager";
    public const string OneCall = "verify_v2:";

    /// <summary>Who declines every link in unify gets every code wrong on a phone, even the one that is shown.</summary>
    [JsonIgnore]
    public bool NeverEntersTheRightCode => Product == Unify && Role == Roles.LinkDeclined;

    /// <summary>All load numbers are one made-up person's.</summary>
    public static TestUser Load { get; } = new(
        EveryProduct, "", "Lee", "Loadman", "load",
        Person: new RecordedPerson(
            "lee.loadman@example.com", new DateOnly(1980, 1, 1), "900550000",
            [new PostalAddress("1 Example Street", null, "Springfield", "IL", "62701")]));

    /// <summary>The record, name included.</summary>
    [JsonIgnore]
    public Person Record => new(
        new PersonName(Given, Family),
        Person?.Addresses ?? [],
        Person?.Email is { } email ? [email] : [],
        Person?.BirthDate is { } birthDate ? PartialDate.Of(birthDate) : null,
        Person?.Ssn is { } ssn ? Core.IdentityMatching.Ssn.Parse(ssn) : null);

    public override string ToString() => Role;
}

internal sealed record RecordedPerson(
    string? Email = null, DateOnly? BirthDate = null, string? Ssn = null, IReadOnlyList<PostalAddress>? Addresses = null)
{
    public override string ToString() => "***";
}

internal sealed record OtherPerson(string Given, string Family, string Assurance)
{
    public override string ToString() => "***";
}

internal sealed record RecordedBusiness(
    string Name, string? TradeName, string? TaxId, PostalAddress? Address, DateOnly? FiledOn, string? Region, string? RegistrationNumber,
    string? RegistrationType, IReadOnlyList<PersonName>? RelatedPersons)
{
    public override string ToString() => "***";
}

internal sealed record ExpectedResult(string Success, string PossessionResult, string VerifyResult);

/// <summary>Roles that an adapter treats in a way of their own.</summary>
internal static class Roles
{
    public const string MobileAuthPasses = "mobile_auth_passes";
    public const string MobileAuthOtherNumber = "mobile_auth_other_number";
    public const string TextUndelivered = "text_undelivered";
    public const string TextRefused = "text_refused";
    public const string LinkDeclined = "link_declined";
    public const string IdentityDiffers = "identity_differs";
    public const string IdentityNotAvailable = "identity_not_available";
    public const string IdentitySourceDown = "identity_source_down";
    public const string NameVariants = "name_variants";
    public const string SimSwapped = "sim_swapped";
    public const string ChallengeCompared = "challenge_compared";
    public const string ChallengeDiffers = "challenge_differs";
    public const string CompleteDiffers = "complete_differs";
    public const string WatchListHit = "watch_list_hit";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TestUserList))]
internal sealed partial class TestUsersJson : JsonSerializerContext;
