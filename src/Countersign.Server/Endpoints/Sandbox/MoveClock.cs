using Countersign.Core.Flows;
using Countersign.Core.Sandbox;
using Countersign.Providers.Sandbox;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Sandbox;

/// <summary>
/// POST /sandbox/clock: moves the sandbox's time forward. Everything that falls due on the way has fired before the answer.
/// </summary>
internal sealed class MoveClock(
    ISandboxClock clock, ISandboxClockStore store, IEnumerable<IDueWork> due, IWakeUp wakeUp, SandboxOptions sandbox) : IEndpoint
{
    public static Member<int> AdvanceSeconds { get; } = Member.Required(
        "advanceSeconds", Shape.Number(0, 86_400, "seconds"), "Seconds to add to the sandbox's time.");

    public RequestDelegate Endpoint => async context =>
    {
        var family = sandbox.ErrorCodes;
        if (!(await RequestBody.ReadAsync(context.Request)).Is(out var body, out var fault))
        {
            await Answer.Of(fault, family).WriteAsync(context);
            return;
        }

        using (body)
        {
            var seconds = body.Read(AdvanceSeconds);
            if (body.Fault is { } bad)
            {
                await Answer.Of(bad, family).WriteAsync(context);
                return;
            }

            await clock.AdvanceAsync(store, TimeSpan.FromSeconds(seconds), context.RequestAborted);
            foreach (var work in due)
            {
                await work.CatchUpAsync(CancellationToken.None);
            }
            wakeUp.SignalAllHere();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    };
}
