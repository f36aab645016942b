using System.Data.Common;
using Countersign.Core.Flows;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints;

/// <summary>GET /health: the process answers. GET /health/ready: its store does too. 200 is healthy, 503 is not.</summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly Fault NoStore = new(StatusCodes.Status503ServiceUnavailable, Fault.Internal.Code, "store not available");

    public static RequestDelegate Alive { get; } = context => Say("healthy").WriteAsync(context);

    public static RequestDelegate Ready { get; } = async context =>
    {
        var answer = await IsStoreThereAsync(context)
            ? Say("ready")
            : Answer.Of(NoStore, context.RequestServices.GetRequiredService<CountersignOptions>().DefaultErrorCodes);
        await answer.WriteAsync(context);
    };

    private static async Task<bool> IsStoreThereAsync(HttpContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        ends.CancelAfter(Patience);
        try
        {
            await context.RequestServices.GetRequiredService<IStoreProbe>().PingAsync(ends.Token);
            return true;
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException or TimeoutException or InvalidOperationException)
        {
            return false;
        }
    }

    private static Answer Say(string word) => Answer.Ok(new HealthBody(word), HttpJson.Answers.HealthBody);
}

internal sealed record HealthBody(string Status);
