using Countersign.Core.Clock;
using Countersign.Core.Flows;
using Countersign.Providers.Sandbox;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Sandbox;

/// <summary>POST /sandbox/clock: moves the sandbox's time forward. Everything that falls due on the way has fired before the answer.</summary>
internal static class MoveClock
{
    public const int MostSeconds = 86_400;

    public static RequestDelegate Endpoint { get; } = async context =>
    {
        var services = context.RequestServices;
        var family = services.GetRequiredService<SandboxOptions>().ErrorCodes;
        var (body, fault) = await RequestBody.ReadAsync(context.Request);
        if (body is null)
        {
            await Answer.Of(fault!, family).WriteAsync(context);
            return;
        }

        using (body)
        {
            var seconds = body.Number("advanceSeconds", 0, MostSeconds);
            if (body.Fault is { } bad)
            {
                await Answer.Of(bad, family).WriteAsync(context);
                return;
            }

            var clock = services.GetRequiredService<ISandboxClock>();
            await clock.AdvanceAsync(services.GetRequiredService<ISandboxClockStore>(), TimeSpan.FromSeconds(seconds!.Value), context.RequestAborted);
            foreach (var work in services.GetServices<IDueWork>())
            {
                await work.CatchUpAsync(CancellationToken.None);
            }
            services.GetRequiredService<IWakeUp>().SignalAllHere();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    };
}
