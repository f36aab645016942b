using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Countersign.Cli.Server;
using Countersign.Core.Audit;

namespace Countersign.Cli.Audit;

/// <summary>The chain as a server shows it, page by page.</summary>
internal sealed class AuditServer(AdminClient client)
{
    private const int PageSize = 1000;

    /// <summary>What the chain is held to, as it is answered; to be asked for before the entries.</summary>
    public async Task<(JsonObject Head, IReadOnlyList<JsonObject> Checkpoints)> ReadHeldAsync(CancellationToken cancellationToken)
    {
        JsonObject? head = null;
        var checkpoints = new List<JsonObject>();
        for (long after = 0; ;)
        {
            var page = await client.GetAsync(PathOf("checkpoints", after), cancellationToken);
            if (head is null)
            {
                head = page;
                checkpoints.AddRange(page["pruned"]!.AsArray().OfType<JsonObject>());
            }
            var some = page["checkpoints"]!.AsArray().OfType<JsonObject>().ToList();
            checkpoints.AddRange(some);
            var last = some.Count == 0 ? 0 : AuditHeld.CheckpointOf(some[^1]).Position;
            if ((bool)page["isComplete"]! || last <= after)
            {
                return (head, checkpoints);
            }
            after = last;
        }
    }

    public async IAsyncEnumerable<JsonObject> ReadEntriesAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await client.GetAsync(PathOf("entries", after), cancellationToken);
            foreach (var entry in page["entries"]!.AsArray().OfType<JsonObject>())
            {
                after = (long)entry["position"]!;
                yield return entry;
            }
            if ((bool)page["isComplete"]!)
            {
                yield break;
            }
        }
    }

    public static AuditHeld HeldOf(JsonObject head, IReadOnlyList<JsonObject> checkpoints) => new(
        (DateTimeOffset)head["at"]!, [.. head["keys"]!.AsArray().Select(key => AuditHeld.KeyOf(key!))],
        [.. head["unlinked"]!.AsArray().Select(one => AuditHeld.UnlinkedOf(one!))], [.. checkpoints.Select(AuditHeld.CheckpointOf)]);

    private static string PathOf(string what, long after) =>
        string.Create(CultureInfo.InvariantCulture, $"/admin/audit/{what}?after={after}&limit={PageSize}");
}
