using System.Collections.Frozen;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Keys;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// A call of the admin API in the words of the audit. Members of bodies are written as they are only where they are listed here; of every
/// other it is said that it was given, so that a new one cannot bring in what is a person's, or a secret.
/// </summary>
internal sealed class ActWords(SecretHasher hasher, INumberPlan plan)
{
    /// <summary>How a thing stands that is not there.</summary>
    public static IReadOnlyDictionary<string, string> Nothing { get; } = FrozenDictionary<string, string>.Empty;

    private const int MaxCharacters = 300;
    private const string Given = "(given)";

    // Whom a call is about: the first that is given counts.
    private static readonly string[] _persons =
    [
        LookUp.ClientCustomerId, LookUp.ClientRequestId, AdminMembers.ProveId, "address",
    ];

    private static readonly FrozenSet<string> _clear = ProjectSetting.All.Select(setting => setting.Member.Name)
        .Concat(
        [
            "id", "name", "scopes", "projects", "expiresAt", "expireOldAfterSeconds", "sealsInSeconds", "limit", "sender", "projectId",
            "deviceId", "source", "format", "columns", "delimiter", "country", "dryRun", "allOrNothing", "firstLine", "prefix", "hours",
            "from", "to", "act", "actor", "target", "before", "days", "rules", "keepStop", "correlationId", "types", "enabled", "since",
            "until", "dead", "event", "rows", "outcomes",
        ]).ToFrozenSet(StringComparer.Ordinal);

    /// <param name="members">Without problems; null for nothing but the path.</param>
    public AuditAct Of(HttpContext context, AdminCaller caller, Operation operation, ActTarget? target, RequestMembers? members)
    {
        var name = target?.NameIn(context, members);
        return new AuditAct(AuditKind.Admin, $"admin-key:{caller.Name}", operation.Id)
        {
            From = CallerAddress.Of(context),
            Project = ProjectIn(context, members),
            Target = name is null ? null : target!.WordOf(name),
            Subject = members is null || target is { ForgetsWhom: true } ? null : SubjectOf(members),
            Asked = members is null ? [] : [.. AskedIn(members, operation)],
        };
    }

    /// <summary>What is otherwise afterwards, by name.</summary>
    public static IReadOnlyList<AuditChange> Between(
        IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
    [
        .. from name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
           let change = new AuditChange(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name))
           where change.Before != change.After
           select change,
    ];

    public static string Cut(string text) => text.Length <= MaxCharacters ? text : text[..MaxCharacters] + "…";

    private AuditSubject? SubjectOf(RequestMembers members)
    {
        if (members.IsGiven(LookUp.PhoneNumber))
        {
            return LookUp.ReadNumber(members, plan) is { } line ? AuditSubject.OfNumber(hasher, line) : null;
        }
        var kind = _persons.FirstOrDefault(members.IsGiven);
        return kind is not null && members.TextIfAny(kind) is { } text ? AuditSubject.Of(hasher, kind, text) : null;
    }

    // A query may have names of anybody's making.
    private static IEnumerable<AuditValue> AskedIn(RequestMembers members, Operation operation)
    {
        var known = (operation.Body?.Schema.ClosedTo ?? []).Concat(operation.Parameters.Select(parameter => parameter.Name))
            .ToHashSet(StringComparer.Ordinal);
        return members.AllGiven().Where(member => known.Contains(member.Name))
            .Select(member => new AuditValue(member.Name, _clear.Contains(member.Name) ? Cut(member.Text) : Given));
    }

    private static string? ProjectIn(HttpContext context, RequestMembers? members)
    {
        var isOfProject = AdminEndpoint.RouteOf(context).StartsWith(AdminEndpoint.Prefix + "/projects/{id}", StringComparison.Ordinal);
        var text = isOfProject ? context.Request.RouteValues["id"] as string : members?.TextIfAny("projectId");
        return ProjectId.TryParse(text, out var id) && (id.ToString().Any(char.IsAsciiLetter) || id.ToString().Length < 7)
            ? id.ToString() : null;
    }
}
