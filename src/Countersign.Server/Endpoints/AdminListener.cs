using Countersign.Core;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints;

/// <summary>
/// The admin API has addresses of its own, and they have nothing else: what belongs to the others is not found there, and the admin API
/// is not found on the others, as if it did not exist.
/// </summary>
internal sealed class AdminListener(AdminOptions options, ILogger<AdminOptions> logger)
{
    private static readonly PathString[] _own = [AdminEndpoint.Prefix, Documents.Admin.Path];

    private int _isTold;

    /// <summary>To be called before anything that answers.</summary>
    public static void Use(WebApplication app)
    {
        var listener = ActivatorUtilities.CreateInstance<AdminListener>(app.Services);
        app.Use((context, next) => listener.Answers(context) ? next(context) : NotFound(context));
    }

    private bool Answers(HttpContext context)
    {
        var path = context.Request.Path;
        // What is mapped counts as well as what is written: whoever reaches an endpoint of the admin API has called it.
        var isOwn = Array.Exists(_own, own => path.StartsWithSegments(own, StringComparison.OrdinalIgnoreCase))
            || context.GetEndpoint()?.Metadata.GetMetadata<Operation>() is { Credentials: Document.AdminKey };
        if (AdminConnection.IsOf(context))
        {
            return isOwn || path.StartsWithSegments(Reference.Path, StringComparison.OrdinalIgnoreCase);
        }
        Guards.Drop("O04", ref isOwn, () => false);
        if (isOwn && Interlocked.Exchange(ref _isTold, 1) == 0)
        {
            Admin.Log.AdminMoved(logger, options.Urls);
        }
        return !isOwn;
    }

    private static Task NotFound(HttpContext context)
    {
        context.SetEndpoint(null);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
