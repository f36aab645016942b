namespace Countersign.Server.Hosting;

/// <summary>Has the number of failed calls written down once a second.</summary>
internal sealed class FailureSummary(FailureLog failures, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                failures.WriteSummary();
            }
        }
        finally
        {
            failures.WriteSummary();
        }
    }
}
