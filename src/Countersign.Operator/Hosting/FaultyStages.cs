using Countersign.Operator.State;

namespace Countersign.Operator.Hosting;

/// <summary>Makes a stage slow or broken where a fault says so.</summary>
internal sealed class FaultyStages(TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Waits as long as the stage's latency says; then the stage's 5xx, or null when it works.</summary>
    public async Task<Answer?> PassAsync(Stage stage, FaultSet faults, CancellationToken cancellationToken)
    {
        if (faults.Latency.TryGetValue(stage, out var latency))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
            try
            {
                await Task.Delay(latency, time, either.Token);
            }
            catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // Nobody shall wait for a slow answer to end the operator.
                return Failure(stage, 503, "The operator is ending.");
            }
        }
        return faults.Status.TryGetValue(stage, out var status) ? Failure(stage, status, "A fault was set for this stage.") : null;
    }

    private static Answer Failure(Stage stage, int status, string message) => stage == Stage.Verify
        ? Answer.CamaraError(status, status == 503 ? "UNAVAILABLE" : "INTERNAL", message)
        : Answer.OAuthError(status, status == 503 ? "temporarily_unavailable" : "server_error", message);
}
