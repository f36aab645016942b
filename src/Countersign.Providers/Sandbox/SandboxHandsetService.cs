using Countersign.Core.Flows;
using Countersign.Core.Possession;

namespace Countersign.Providers.Sandbox;

/// <summary>Presses "this was not me" for <see cref="SandboxHandset"/>.</summary>
internal sealed class SandboxHandsetService(SandboxHandset handset, FlowRunner runner, ILogger<SandboxHandsetService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (id, number) in handset.Declining(stoppingToken))
        {
            try
            {
                // The link is dead once the flow has gone to another number.
                await runner.ChangeAsync(
                    id, (flow, now) => flow.Number == number ? flow.After(new PossessionEvent.Declined(), now) : flow, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.HandsetFailed(logger, exception);
            }
        }
    }
}
