using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Probes;

/// <summary>
/// GET /health: the process answers. GET /health/ready: its store does too, and takes writes. 200 is healthy, 503 is not.
/// </summary>
internal sealed class Health(Readiness readiness, ErrorCodeOptions errorCodes)
{
    private static readonly Fault _noStore = Fault.Unavailable with { Message = "store not available" };

    public static RequestDelegate Alive { get; } = context => Say("healthy").WriteAsync(context);

    public RequestDelegate Ready => async context =>
    {
        var answer = await readiness.IsReadyAsync(context.RequestAborted)
            ? Say("ready")
            : Answer.Of(_noStore, errorCodes.ErrorCodes);
        await answer.WriteAsync(context);
    };

    private static Answer Say(string word) => Answer.Ok(new HealthBody(word), HealthJson.Answers.HealthBody);
}

internal sealed record HealthBody(string Status);
