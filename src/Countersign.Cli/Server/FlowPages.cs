using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Server;

/// <summary>A list of flows, read page by page as it is needed.</summary>
internal static class FlowPages
{
    /// <summary>The most flows of one page.</summary>
    public const int Most = 200;

    /// <param name="query">The filters.</param>
    /// <param name="limit">Of each page.</param>
    public static async IAsyncEnumerable<JsonObject> ReadAsync(
        AdminClient client, string query, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var after = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            var page = await client.GetAsync($"/admin/flows?limit={limit}&{query}{after}".TrimEnd('&'), cancellationToken);
            foreach (var flow in page["flows"]!.AsArray().OfType<JsonObject>())
            {
                yield return flow;
            }
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
    }
}
