using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>A relying party's call shows a living access token of a client. Who it is is the call's <see cref="Caller"/>.</summary>
internal sealed class AccessTokenAuthentication(Tokens tokens, ProjectDirectory directory, ErrorCodeOptions errorCodes, TimeProvider time)
    : BearerAuthentication
{
    public const string Scheme = "access token";

    protected override ErrorCodes Family => errorCodes.ErrorCodes;

    protected override async ValueTask<string?> FindCallerAsync(string token)
    {
        if (await tokens.ReadAccessAsync(token) is not { } access
            || await directory.FindClientAsync(access.ClientId, Context.RequestAborted) is not { } client
            || client.ProjectId != access.ProjectId
            || IsOfAFormer(client, access)
            || !client.Honours(access.Secret, new DateTimeOffset(access.IssuedAt, TimeSpan.Zero), time.GetUtcNow())
            || await directory.FindProjectAsync(client.ProjectId, Context.RequestAborted) is not { } project)
        {
            return null;
        }
        Context.Features.Set(new Caller(client.Id, project));
        return client.Id.ToString();
    }

    // A client that was deleted because its secret was stolen, and made anew under its id: the tokens of the former stay dead. Tokens count
    // whole seconds.
    private static bool IsOfAFormer(ApiClient client, AccessToken access) =>
        client.CreatedAt is { } created && access.IssuedAt < created.UtcDateTime.AddSeconds(-1);
}
