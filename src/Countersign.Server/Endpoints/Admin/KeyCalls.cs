using System.Diagnostics;
using System.Globalization;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/keys: who may call the admin API, without secrets.</summary>
internal sealed class ListKeys(AdminKeys keys, AdminKeyChanges stored) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        var configured = keys.Configured.Where(call.Caller.Sees).Select(AdminKeyResponse.Of).ToList();
        var hidden = keys.Configured.Select(key => key.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var made = (await stored.ListAsync(call.Caller.Rights, call.Caller.Name, call.Aborted))
            .Where(key => !hidden.Contains(key.Name)).Select(AdminKeyResponse.Of);
        return Answer.Ok(new AdminKeyListResponse([.. configured, .. made]), AdminJson.Answers.AdminKeyListResponse);
    });
}

/// <summary>POST /admin/keys: a new key. Its secret is in this answer and nowhere else.</summary>
internal sealed class CreateKey(AdminKeys keys, AdminKeyChanges stored, ILogger<AdminKeys> logger) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync, judge: JudgeAsync);

    private static NewAdminKey Read(RequestBody body)
    {
        var (name, scopes) = (body.Read(KeyMembers.Name), body.Read(KeyMembers.Scopes));
        // A list that is there has an entry: an empty one must not become every project.
        var isLimited = body.IsGiven(KeyMembers.Projects);
        var projects = body.Read(KeyMembers.Projects, isRequired: isLimited);
        var before = body.Problems;
        return new NewAdminKey(
            name,
            new AdminRights([.. AdminScopes.All.Where(scopes.Contains)], isLimited ? [.. projects.Distinct()] : null),
            body.Read(KeyMembers.ExpiresAt), IsEndKnown: body.Problems == before);
    }

    private async Task<IReadOnlyList<Fault>> JudgeAsync(AdminCall<NewAdminKey> call)
    {
        var (asked, caller) = (call.Request, call.Caller);
        var ofEnd = asked.IsEndKnown ? stored.ProblemsOfEnd(caller.ExpiresAt, asked.ExpiresAt) : [];
        return [.. (await stored.ProblemsOfRightsAsync(caller.Rights, asked.Rights, call.Aborted)).Concat(ofEnd).Select(KeyFaults.Of)];
    }

    private async Task<Answer> HandleAsync(AdminCall<NewAdminKey> call)
    {
        var asked = call.Request;
        if (keys.Configured.Any(key => key.Name.Equals(asked.Name, StringComparison.OrdinalIgnoreCase)))
        {
            return Answer.Of(KeyFaults.AlreadyThere(asked.Name));
        }
        var outcome = await stored.CreateAsync(
            call.Caller.Rights, call.Caller.ExpiresAt, call.Caller.Name, asked.Name, asked.Rights, asked.ExpiresAt, call.Aborted);
        if (outcome is not AdminKeyOutcome.Given { Key: var key, Secret: var secret })
        {
            return Answer.Of(KeyFaults.Of(outcome));
        }
        Log.AdminKeyCreated(logger, key.Name, key.Rights, KeyWords.ProjectsOf(key.Rights), KeyWords.EndOf(key), call.Caller.Name);
        return Answer.Ok(AdminKeySecretResponse.Of(key, secret), AdminJson.Answers.AdminKeySecretResponse) with
        {
            Status = StatusCodes.Status201Created,
        };
    }
}

/// <summary>DELETE /admin/keys/{name}: the key opens nothing any more.</summary>
internal sealed class EndKey(AdminKeys keys, AdminKeyChanges stored, ILogger<AdminKeys> logger) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        var name = call.Path("name");
        if (keys.Configured.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } configured)
        {
            return Answer.Of(
                call.Caller.Sees(configured) ? KeyFaults.Configured(configured.Name) : KeyFaults.Unknown(name));
        }
        var outcome = await stored.EndAsync(call.Caller.Rights, call.Caller.Name, name, call.Aborted);
        if (outcome is not AdminKeyOutcome.Ended { Key: var key, IsFirst: var isFirst })
        {
            return Answer.Of(KeyFaults.Unknown(name));
        }
        if (isFirst)
        {
            Log.AdminKeyEnded(logger, key.Name, call.Caller.Name);
        }
        return Answer.NoContent;
    });
}

/// <param name="ExpiresAt">Null for never.</param>
/// <param name="IsEndKnown">False where the end was written and could not be read.</param>
internal sealed record NewAdminKey(string Name, AdminRights Rights, DateTimeOffset? ExpiresAt, bool IsEndKnown)
{
    public override string ToString() => Name;
}

/// <summary>Refusals about keys.</summary>
internal static class KeyFaults
{
    public static Fault Of(AdminKeyOutcome outcome) => outcome switch
    {
        AdminKeyOutcome.Refused { Problems: var problems } => Fault.OfAll([.. problems.Select(Of)]),
        AdminKeyOutcome.AlreadyThere { Name: var name } => AlreadyThere(name),
        _ => throw new UnreachableException(),
    };

    public static Fault Of(AdminKeyProblem problem) => problem switch
    {
        AdminKeyProblem.ScopesLacking { Scopes: [var scope] } =>
            AdminFaults.Lacking($"lacks the scope '{AdminScopes.WordOf(scope)}', so it cannot give it away"),
        AdminKeyProblem.ScopesLacking { Scopes: var scopes } => AdminFaults.Lacking(
            $"lacks the scopes {string.Join(", ", scopes.Select(scope => $"'{AdminScopes.WordOf(scope)}'"))}, so it cannot give them away"),
        AdminKeyProblem.NotLimited => AdminFaults.Lacking("is limited to projects, so a key that it makes must be, too: name them"),
        AdminKeyProblem.NoSuchProject { Project: var project } => ProjectFaults.Unknown(project.ToString()),
        AdminKeyProblem.ExpiredAlready => Fault.Invalid(KeyMembers.ExpiresAt, "must be in the future"),
        AdminKeyProblem.OutlivesItsMaker { End: var end } => Fault.Invalid(
            KeyMembers.ExpiresAt, string.Create(CultureInfo.InvariantCulture, $"must be no later than the end of this key, {end:O}")),
        _ => throw new UnreachableException(),
    };

    public static Fault AlreadyThere(string name) => Fault.Conflict with
    {
        Message = $"there is an admin key '{name}' already, or was: names are not used again",
    };

    public static Fault Configured(string name) => Fault.Conflict with
    {
        Message = $"the admin key '{name}' stands in the server's configuration: take it out there and restart the server",
    };

    public static Fault Unknown(string name) => Fault.NotFound with
    {
        Message = AdminKey.ProblemOfName(name) is null ? $"there is no admin key '{name}'" : "there is no such admin key",
    };
}
