using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Members of the admin API's requests. Those of a project's settings are in <see cref="ProjectSetting"/>.</summary>
internal static class AdminMembers
{
    // Narrower than what an id may be: the sandbox's own client is named by its settings.
    private static readonly TextShape<ClientId> _clientId = new(text =>
        ProjectRules.ProblemOfClientId(text) is { } problem ? (default, problem) : (Core.ClientId.Parse(text), null))
    {
        Min = 1,
        Max = ProjectRules.MaxClientIdCharacters,
        Pattern = "^[A-Za-z0-9._-]+$",
    };

    /// <summary>Of a project.</summary>
    public static Member<ProjectId> Id { get; } = Member.Required(
        "id", Shape.Id<ProjectId>() with { Min = 1, Max = ProjectId.MaxCharacters, Pattern = "^[a-z0-9][a-z0-9-]*$" },
        "The project's id. It stays.");

    public static Member<string?> Name { get; } = Member.Optional(
        "name",
        new TextShape<string>(text => ProjectRules.ProblemOfName(text) is { } problem ? (null, problem) : (text.Trim(), null))
        {
            Min = 1,
            Max = ProjectRules.MaxNameCharacters,
            Pattern = Fields.ClientId.Pattern,
        },
        "Persons read it on the link page. When absent, the project's id.");

    public static Member<ClientId> ClientId { get; } = Member.Required("id", _clientId, "The client's id, as `POST /token` takes it.");

    public static Member<ClientId?> ClientIdToMake { get; } = Member.OptionalValue("id", _clientId,
        "An id of your own, unique on this server; made from the project's id when absent.");

    /// <summary>Public keys of a client.</summary>
    public static ObjectMember Keys { get; } = new("jwks", Schema.Open(
        "The client's public keys as a JSON Web Key Set (RFC 7517): EC on P-256 or P-384, or RSA of 2048 to 4096 bits. `alg`, where it is "
        + "given, is ES256, ES384, PS256 or RS256.",
        new Member(
            "keys",
            Schema.List("The keys; none takes all away.", Schema.Anything("A JSON Web Key, the public half."), max: ClientKeys.MaxKeys),
            IsRequired: true)));

    public static Member<int> ExpireOldAfterSeconds { get; } = Member.Standard(
        "expireOldAfterSeconds", Shape.Number(0, 30 * 24 * 3600, "seconds"), 24 * 3600,
        "Seconds from now; 86400 when absent, 0 for not at all.");

    public static Member<string> RequiredPhoneNumber { get; } = Member.Required(
        LookUp.PhoneNumber, LookUp.PhoneNumber.Shape!, LookUp.PhoneNumber.Description)!;

    public static Member<int> Limit { get; } = Member.Standard("limit", Shape.Number(1, 1000), 100, "How many at most. Default: 100.");

    /// <summary>Of a person.</summary>
    public static Member<Guid?> ProveId { get; } = Member.OptionalValue(
        "proveId", Fields.Uuid, "The person: the `proveId` that the project was answered.");

    public static Member<ProjectId?> OnlyProject { get; } = Member.OptionalValue(
        "projectId", Id.Shape!, "In this project alone. Default: all that the key keeps to.");

    public static Member<Guid?> DeviceId { get; } = Member.OptionalValue("deviceId", Fields.Uuid, "This device alone. Default: all.");

    public static Member<string?> Sender { get; } = Member.Optional(
        "sender", Shape.Text(text => SenderId.IsValid(text) ? null : SenderId.Rule.TrimEnd('.')),
        "The sender, as texts show it. Default: all.");

    /// <summary>Null when they are absent, or wrong: what is wrong stays in the body.</summary>
    public static ClientKeys? ReadKeys(RequestMembers body, bool isRequired)
    {
        if ((!isRequired && !body.IsGiven(Keys)) || body.ReadJson(Keys) is not { } json)
        {
            return null;
        }
        var (keys, problem) = ClientKeys.Parse(json);
        if (problem is not null)
        {
            body.Invalid(Keys, problem);
        }
        return keys;
    }
}
