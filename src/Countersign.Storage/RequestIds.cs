using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Core.History;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// What relying parties call the flows that events are of. It stands with the flow and then with its outcome, under keys that an erasure
/// destroys; events have codes alone. So it is told for as long as the flow is remembered.
/// </summary>
internal sealed class RequestIds(IOutcomeStore outcomes, HashSealer hashes)
{
    /// <summary>The id of each flow that has one.</summary>
    /// <exception cref="UnavailableException">Keys that flows or outcomes are under are out of reach: an event is told whole, or
    /// later.</exception>
    public async Task<IReadOnlyDictionary<CorrelationId, string>> OfAsync(
        IEnumerable<PublishedEvent> events, CancellationToken cancellationToken)
    {
        var named = events.Where(one => one.Announcement.Subject is { HasClientRequestId: true })
            .Select(one => one.Announcement.Flow).OfType<CorrelationId>().ToHashSet();
        var ids = new Dictionary<CorrelationId, string>();
        foreach (var found in named.Count == 0 ? [] : await outcomes.ListAsync(named, cancellationToken))
        {
            if ((found.Flow?.ClientRequestId ?? found.Outcome?.ClientRequestId) is { } id)
            {
                ids[found.Id] = id;
            }
            else if (found is { Flow: null, Outcome: null })
            {
                // Others seal with a key that is not here, or what it stands under was destroyed.
                hashes.RefuseWithoutKeys();
            }
        }
        return ids;
    }
}
