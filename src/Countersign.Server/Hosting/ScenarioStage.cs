using Countersign.Core.Scenarios;
using Countersign.Providers.Scenarios;

namespace Countersign.Server.Hosting;

/// <summary>Plays each scenario in a world of its own, one at a time.</summary>
internal sealed class ScenarioStage : IScenarioStage, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public async Task<ScenarioPlayed> PlayAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var world = await ScenarioWorld.OpenAsync(scenario, cancellationToken);
            return await world.Services.PlayScenarioAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
