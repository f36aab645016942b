using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Countersign.Core.Projects;
using Microsoft.AspNetCore.Authentication;

namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// A way to know who calls: by a token that says it alone. Whoever is known is a feature of the call, and named in its principal. The
/// framework's own class for such handlers writes lines of its own to the log; this one does not.
/// </summary>
internal abstract class BearerAuthentication : IAuthenticationHandler
{
    private const string Word = "Bearer ";

    private static readonly AuthenticateResult _notGood = AuthenticateResult.Fail("The token is not good.");

    private AuthenticationScheme? _scheme;
    private HttpContext? _context;

    protected HttpContext Context => _context ?? throw new InvalidOperationException("No call was given to this handler.");

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        (_scheme, _context) = (scheme, context);
        return Task.CompletedTask;
    }

    public async Task<AuthenticateResult> AuthenticateAsync()
    {
        if (TokenIn(Context) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }
        if (await FindCallerAsync(token) is not { } name)
        {
            return _notGood;
        }
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], _scheme!.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), _scheme.Name));
    }

    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        var refusal = Refuse();
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            // The token may be elsewhere than in the header.
            Challenge(Context, hadCredentials: TokenIn(Context) is not null);
        }
        return Say(refusal).WriteAsync(Context);
    }

    public Task ForbidAsync(AuthenticationProperties? properties) => Say(Fault.StepNotAllowed).WriteAsync(Context);

    /// <summary>The token of an Authorization header, or null.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Word, StringComparison.OrdinalIgnoreCase)
            ? header[Word.Length..].Trim()
            : null;

    /// <summary>Says on a 401 what credentials are wanted, and whether there were any that were not good (RFC 6750, section 3).</summary>
    public static void Challenge(HttpContext context, bool hadCredentials) =>
        context.Response.Headers.WWWAuthenticate = hadCredentials ? "Bearer error=\"invalid_token\"" : "Bearer";

    /// <summary>The codes of refusals.</summary>
    protected abstract ErrorCodes Family { get; }

    /// <summary>Says who calls, and puts more of them into the call's features; null when the token is nobody's.</summary>
    protected abstract ValueTask<string?> FindCallerAsync(string token);

    protected virtual string? TokenIn(HttpContext context) => TokenOf(context.Request);

    /// <summary>A refusal in the form of the address.</summary>
    protected virtual Answer Say(Fault fault) => Answer.Of(fault, Family);

    /// <summary>What a call without a good token is told.</summary>
    protected virtual Fault Refuse() => Fault.NotAuthorized;
}

internal static class BearerAuthenticationExtensions
{
    public static IServiceCollection AddBearer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services, string scheme) where T : BearerAuthentication
    {
        services.AddAuthenticationCore(options => options.AddScheme<T>(scheme, displayName: null));
        return services.AddTransient<T>();
    }

    /// <summary>Everything under an address needs a good token, what is not there included: a stranger is not told what there is.</summary>
    public static void UseBearerUnder(this IApplicationBuilder app, PathString address, string scheme) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(address, StringComparison.OrdinalIgnoreCase),
        under => under.Use(async (context, next) =>
        {
            if ((await context.AuthenticateAsync(scheme)).Succeeded)
            {
                await next(context);
                return;
            }
            await context.ChallengeAsync(scheme);
        }));
}
