using System.Collections.Concurrent;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Where what happened waits to be told: written in the transaction that makes it true, and nowhere else.</summary>
internal sealed class EventOutbox(Sealer sealer)
{
    // One for each guard and number of events: a dozen.
    private static readonly ConcurrentDictionary<(string Guard, int Count), string> _sql = new();

    /// <summary>One insert for all; none where nothing is to be told.</summary>
    /// <param name="guard">True, by columns of tables, where the transaction has made them true. Its names are its values'.</param>
    public IEnumerable<Statement> Insert(
        IReadOnlyList<Announcement> news, string guard, params (string Name, SqlValue Value)[] values)
    {
        if (news.Count == 0)
        {
            yield break;
        }
        yield return new Statement("", [.. news.SelectMany(ValuesOf), .. values]) { Sql = _sql.GetOrAdd((guard, news.Count), SqlOf) };
    }

    public static string PlaceOf(Guid id) => $"events.body:{id}";

    private IEnumerable<(string Name, SqlValue Value)> ValuesOf(Announcement announcement, int index) =>
    [
        ($"@event_id_{index}", announcement.Id.ToByteArray(bigEndian: true)),
        ($"@event_project_{index}", announcement.Project),
        ($"@event_flow_{index}", announcement.Flow?.ToBytes()),
        ($"@event_type_{index}", announcement.Type),
        ($"@event_at_{index}", announcement.At.ToUnixTimeMilliseconds()),
        ($"@event_body_{index}", sealer.Seal(
            JsonSerializer.SerializeToUtf8Bytes(announcement, StoredJson.Default.Announcement), PlaceOf(announcement.Id))),
    ];

    private static string SqlOf((string Guard, int Count) key)
    {
        var rows = Enumerable.Range(0, key.Count).Select(i =>
            $"SELECT @event_id_{i} AS id, @event_project_{i} AS project_id, @event_flow_{i} AS flow_id, @event_type_{i} AS event_type, "
                + $"@event_at_{i} AS happened_at, @event_body_{i} AS body");
        return $"""
            INSERT INTO event_outbox (id, project_id, flow_id, event_type, happened_at, body)
            SELECT id, project_id, flow_id, event_type, happened_at, body FROM ({string.Join(" UNION ALL ", rows)}) news
            WHERE {key.Guard}
            """;
    }
}
