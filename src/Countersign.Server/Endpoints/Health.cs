using System.Data.Common;
using Countersign.Core.Flows;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints;

/// <summary>GET /health: the process answers. GET /health/ready: its store does too. 200 is healthy, 503 is not.</summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static RequestDelegate Alive { get; } = context => SayAsync(context, StatusCodes.Status200OK, "healthy");

    public static RequestDelegate Ready { get; } = async context =>
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        ends.CancelAfter(Patience);
        try
        {
            await context.RequestServices.GetRequiredService<IStoreProbe>().PingAsync(ends.Token);
            await SayAsync(context, StatusCodes.Status200OK, "ready");
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException or TimeoutException or InvalidOperationException)
        {
            await SayAsync(context, StatusCodes.Status503ServiceUnavailable, "store not available");
        }
    };

    private static Task SayAsync(HttpContext context, int status, string word)
    {
        context.Response.Headers.CacheControl = "no-store";
        return (Answer.Ok(new HealthBody(word), HttpJson.Answers.HealthBody) with { Status = status }).WriteAsync(context);
    }
}

internal sealed record HealthBody(string Status);
