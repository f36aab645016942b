using Countersign.Core;

namespace Countersign.Providers.Sms.Outbox;

/// <summary>Nobody shall run an outbox in production without having been told at every start.</summary>
internal sealed class OutboxWarning(GatewayName gateway, ILogger<OutboxWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.OutboxInUse(logger, gateway);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
