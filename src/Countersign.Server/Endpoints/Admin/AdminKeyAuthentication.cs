using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>A call of the admin API shows an admin key. Without any key there is nothing under /admin.</summary>
internal sealed class AdminKeyAuthentication(AdminKeys keys, RequestRate rate, ILogger<AdminKeys> logger) : BearerAuthentication
{
    public const string Scheme = "admin key";

    protected override ErrorCodes Family => ErrorCodes.Standard;

    protected override ValueTask<string?> FindCallerAsync(string token)
    {
        if (keys.NameOf(token) is not { } name)
        {
            return ValueTask.FromResult<string?>(null);
        }
        var context = Context;
        context.Features.Set(new AdminCaller(name));
        // Before the caller hears of it: what was done is never without its line.
        context.Response.OnStarting(() =>
        {
            Log.AdminCalled(logger, name, context.Request.Method, AdminEndpoint.RouteOf(context), context.Response.StatusCode);
            return Task.CompletedTask;
        });
        return ValueTask.FromResult<string?>(name);
    }

    protected override Fault Refuse()
    {
        Log.AdminRefused(logger);
        // Whoever guesses is slowed down as API clients are; whoever has a key is not.
        return rate.TryTake(Context) ? Fault.NotAuthorized : Fault.TooManyRequests;
    }
}

/// <summary>Who calls /admin.</summary>
/// <param name="Name">The name of the admin key.</param>
internal sealed record AdminCaller(string Name);
