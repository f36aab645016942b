using Countersign.Core.Sandbox;

namespace Countersign.Storage;

internal sealed class SandboxClockStore(IDatabase database, IClockSignal signal) : ISandboxClockStore
{
    public async Task<TimeSpan> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement("SELECT value FROM settings WHERE name = 'sandbox-clock-offset'"), row => row.GetInt64(0), cancellationToken);
        return TimeSpan.FromMilliseconds(rows.Count > 0 ? rows[0] : 0);
    }

    public async Task<TimeSpan> AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);

        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO settings (name, value) VALUES ('sandbox-clock-offset', @by)
                    ON CONFLICT (name) DO UPDATE SET value = settings.value + excluded.value
                    RETURNING value
                    """,
                    ("@by", (long)by.TotalMilliseconds))
                {
                    ReturnsRow = true,
                },
            ],
            cancellationToken);

        // The clock has moved: the others are told whether our caller still waits or not.
        await signal.SignalClockAsync(CancellationToken.None);
        return TimeSpan.FromMilliseconds((long)outcomes[0].Row![0]!);
    }
}
