using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

/// <summary>A well-formed question of the one-call contract: the body of a call, or an item of a batch.</summary>
internal sealed record OneCallRequest(OneCallQuestion Question, string? ClientCustomerId, string? ClientHumanId, string? ClientRequestId)
{
    /// <summary>The member by which a body is known to be of this contract.</summary>
    public const string Type = "verificationType";

    /// <summary>The word of the wire for each type, with the older word for one of them.</summary>
    public static IReadOnlyDictionary<string, VerificationType> Words { get; } = new OrderedDictionary<string, VerificationType>(StringComparer.Ordinal)
    {
        ["verifiedUser"] = VerificationType.VerifiedUser,
        ["accountOpening"] = VerificationType.AccountOpening,
        ["humanAssurance"] = VerificationType.HumanAssurance,
        ["prefill"] = VerificationType.Prefill,
        ["prefillForBiz"] = VerificationType.PrefillForBiz,
        ["identityResolution"] = VerificationType.IdentityResolution,
        ["bot"] = VerificationType.HumanAssurance,
    };

    /// <summary>The one rule for single calls and for items. Problems stay in the members.</summary>
    public static OneCallRequest Read(RequestMembers members)
    {
        var type = ReadType(members);
        var needsName = type is { } known && AssuranceTable.AsksForName(known);
        var number = members.Text("phoneNumber", isRequired: true, Fields.Phone) ?? "";
        var given = members.Text("firstName", needsName, Fields.Name)?.Trim();
        var family = members.Text("lastName", needsName, Fields.Name)?.Trim();
        var email = members.Text("emailAddress", check: Fields.Email);
        // Read so that a bad one is named; no source that this server has asks for them.
        members.Text("ipAddress", check: Fields.IpAddress);
        members.Text("userAgent", check: Fields.UserAgent);
        var clientCustomerId = members.Text("clientCustomerId", check: Fields.ClientId);
        var clientHumanId = members.Text("clientHumanId", check: Fields.ClientId);
        var clientRequestId = members.Text("clientRequestId", check: Fields.ClientId);
        // It selects nothing: the number does.
        members.Text("proveId", check: Fields.Uuid);
        var elements = members.Objects("identityAttributes", Fields.MostAttributes, ReadElement);
        var name = given is null || family is null ? null : new PersonName(given, family);
        return new OneCallRequest(
            new OneCallQuestion(type ?? default, number, name, email, elements), clientCustomerId, clientHumanId, clientRequestId);
    }

    private static VerificationType? ReadType(RequestMembers members)
    {
        if (members.IsGiven(Type) && (members.IsGiven("possessionType") || members.IsGiven("flowType")))
        {
            members.Invalid(Type, "belongs to the one-call contract, possessionType and flowType to the two-call one: send one of them");
            return null;
        }
        var word = members.Text(Type, isRequired: true, text => Words.ContainsKey(text) ? null : MustBe);
        return word is null ? null : Words[word];
    }

    private static string MustBe { get; } = $"must be {string.Join(", ", Words.Keys.SkipLast(2))} or {Words.Keys.SkipLast(1).Last()}";

    private static GivenElement ReadElement(RequestMembers members) => new(
        members.Text("attributeType", isRequired: true, Fields.AttributeType) ?? "",
        members.Text("attributeValue", isRequired: true, Fields.AttributeValue) ?? "");

    public override string ToString() => Question.ToString();
}
