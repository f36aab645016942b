using Countersign.Operator.State;

namespace Countersign.Operator.Hosting;

/// <summary>Makes a stage slow or broken where a fault says so.</summary>
internal sealed class FaultyStages(TimeProvider time)
{
    /// <summary>Waits as long as the stage's latency says; then the stage's 5xx, or null when it works.</summary>
    public async Task<Answer?> PassAsync(Stage stage, FaultSet faults, CancellationToken cancellationToken)
    {
        if (faults.Latency.TryGetValue(stage, out var latency))
        {
            await Task.Delay(latency, time, cancellationToken);
        }
        if (!faults.Status.TryGetValue(stage, out var status))
        {
            return null;
        }
        const string Message = "A fault was set for this stage.";
        return stage == Stage.Verify
            ? Answer.CamaraError(status, status == 503 ? "UNAVAILABLE" : "INTERNAL", Message)
            : Answer.OAuthError(status, status == 503 ? "temporarily_unavailable" : "server_error", Message);
    }
}
