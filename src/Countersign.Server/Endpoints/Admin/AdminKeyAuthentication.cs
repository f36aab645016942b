using Countersign.Core.Administration;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>A call of the admin API shows an admin key. Without any key there is nothing under /admin.</summary>
internal sealed class AdminKeyAuthentication(AdminKeys keys, RequestRate rate, ILogger<AdminKeys> logger) : BearerAuthentication
{
    public const string Scheme = "admin key";

    protected override ErrorCodes Family => ErrorCodes.Standard;

    protected override async ValueTask<string?> FindCallerAsync(string token)
    {
        if (await keys.FindAsync(token) is not { } caller)
        {
            return null;
        }
        var (context, name) = (Context, caller.Name);
        context.Features.Set(caller);
        // Before the caller hears of it: what was done is never without its line.
        context.Response.OnStarting(() =>
        {
            Log.AdminCalled(logger, name, context.Request.Method, AdminEndpoint.RouteOf(context), context.Response.StatusCode);
            return Task.CompletedTask;
        });
        return name;
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
/// <param name="Rights">What it may do.</param>
/// <param name="ExpiresAt">When it ends by itself; null for never.</param>
internal sealed record AdminCaller(string Name, AdminRights Rights, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>It may know of the other: of itself always, whatever became of the projects that it keeps to.</summary>
    public bool Sees(AdminCaller other) => Name == other.Name || Rights.Include(other.Rights);

    public override string ToString() => Name;
}
