using Countersign.Core;
using Countersign.Core.Erasure;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>The pseudonym first: rows that come under the key while it is destroyed are found by the key.</summary>
internal sealed class LineSecrets(LinePseudonymStore pseudonyms, ILineKeys keys, KeyDatabase database) : ILineSecrets
{
    public async Task<DestroyedSecrets> DestroyAsync(PhoneNumber line, LineKey? successor, CancellationToken cancellationToken)
    {
        var count = await pseudonyms.DestroyAsync(line, cancellationToken);
        var key = await keys.DestroyAsync(line, successor, cancellationToken);
        return new DestroyedSecrets(count + LineRows.Of(key).Count, key);
    }

    public async Task<bool> DestroyUnreadableAsync(PhoneNumber line, CancellationToken cancellationToken)
    {
        var isUnreadable = (await keys.FindAsync([line], cancellationToken)).Values.Any(key => key is null);
        if (isUnreadable)
        {
            await keys.DestroyAsync(line, cancellationToken);
        }
        return isUnreadable;
    }

    public Task DestroyAsync(ProjectId project, CancellationToken cancellationToken) =>
        keys.DestroyAsync(project, cancellationToken);

    public Task ScrubAsync() => database.ScrubAsync(CancellationToken.None);
}
