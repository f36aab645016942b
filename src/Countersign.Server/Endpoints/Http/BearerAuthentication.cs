using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Http;

/// <summary>Everything under /v3 needs a living access token, paths that do not exist included: what is there is told to no stranger.</summary>
internal static class BearerAuthentication
{
    private const string Scheme = "Bearer ";

    public static void UseBearerAuthentication(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments("/v3", StringComparison.OrdinalIgnoreCase),
        v3 => v3.Use(AuthenticateAsync));

    /// <summary>The token of an Authorization header, or null.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;

    /// <summary>Says on a 401 what credentials are wanted, and whether there were any that were not good (RFC 6750, section 3).</summary>
    public static void Challenge(HttpContext context) => Challenge(context, TokenOf(context.Request) is not null);

    /// <summary>As the other, for a call whose credentials are elsewhere than in its Authorization header.</summary>
    public static void Challenge(HttpContext context, bool hadCredentials) =>
        context.Response.Headers.WWWAuthenticate = hadCredentials ? "Bearer error=\"invalid_token\"" : "Bearer";

    // A client that was deleted because its secret was stolen, and made anew under its id: the tokens of the former stay dead. Tokens count whole seconds.
    private static bool IsOfAFormer(ApiClient client, AccessToken access) =>
        client.CreatedAt is { } created && access.IssuedAt < created.UtcDateTime.AddSeconds(-1);

    private static async Task AuthenticateAsync(HttpContext context, RequestDelegate next)
    {
        var services = context.RequestServices;
        var directory = services.GetRequiredService<ProjectDirectory>();
        if (TokenOf(context.Request) is { } token
            && await services.GetRequiredService<Tokens>().ReadAccessAsync(token) is { } access
            && await directory.FindClientAsync(access.ClientId, context.RequestAborted) is { } client
            && client.ProjectId == access.ProjectId
            && !IsOfAFormer(client, access)
            && client.Honours(access.Secret, new DateTimeOffset(access.IssuedAt, TimeSpan.Zero), services.GetRequiredService<TimeProvider>().GetUtcNow())
            && await directory.FindProjectAsync(client.ProjectId, context.RequestAborted) is { } project)
        {
            context.Features.Set(new Caller(client.Id, project));
            await next(context);
            return;
        }

        Challenge(context);
        await Answer.Of(Fault.NotAuthorized, services.GetRequiredService<ErrorCodeOptions>().ErrorCodes).WriteAsync(context);
    }
}
