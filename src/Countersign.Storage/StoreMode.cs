using Countersign.Core;

namespace Countersign.Storage;

/// <summary>
/// Which mode a store belongs to, for good. A sandbox shows every text it finds, and its test users succeed: on a store of Live, or the
/// other way round, either would be a disaster that begins with a misspelled setting.
/// </summary>
internal sealed class StoreMode(IDatabase database)
{
    /// <summary>Claims the store for a mode if nobody has, and returns the mode that it has.</summary>
    public async Task<Mode> ClaimAsync(Mode mode, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO settings (name, value) VALUES ('mode', @mode)
                    ON CONFLICT (name) DO UPDATE SET value = settings.value
                    RETURNING value
                    """,
                    ("@mode", (long)mode))
                {
                    ReturnsRow = true,
                },
            ],
            cancellationToken);
        return (Mode)(long)outcomes[0].Row![0]!;
    }
}
