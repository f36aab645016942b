using Countersign.Core.Flows;
using Countersign.Core.Possession;

namespace Countersign.Server.Providers.Sandbox;

/// <summary>Presses "this was not me" for <see cref="SandboxHandset"/>.</summary>
internal sealed class SandboxHandsetService(SandboxHandset handset, FlowRunner runner, ILogger<SandboxHandsetService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var id in handset.Declining(stoppingToken))
        {
            try
            {
                await runner.ChangeAsync(id, (flow, now) => flow.After(new PossessionEvent.Declined(), now), stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.HandsetFailed(logger, exception);
            }
        }
    }
}
