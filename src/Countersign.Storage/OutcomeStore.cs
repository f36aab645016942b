using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Core.Texts;

namespace Countersign.Storage;

/// <param name="flowLifetime">How long flows usually live; see <see cref="FlowStore.RemoveExpiredAsync"/>.</param>
internal sealed partial class OutcomeStore(
    IDatabase database, Sealer sealer, SecretHasher hasher, HashSealer hashes, ILineKeys lines, TimeSpan flowLifetime) : IOutcomeStore
{
    private const string Insert =
        """
        INSERT INTO outcomes (
            id, project_id, product, begun_at, ended_at, flow_end, reason, country, line, client_request_hash, client_customer_hash, body)
        SELECT @id, @project_id, @product, @begun_at, @ended_at, @flow_end, @reason, @country, @line, @client_request_hash,
            @client_customer_hash, @body
        """;

    private static readonly byte[] _beforeAll = new byte[16];

    private static readonly TimeSpan _readyAgain = TimeSpan.FromHours(12);

    // A week in which somebody may hold the tables.
    private static readonly TimeSpan _aheadOfTime = TimeSpan.FromDays(7);

    private readonly EventOutbox _outbox = new(sealer);

    // When days were last made. One upkeep asks.
    private DateTimeOffset? _ready;

    public async Task<EndedFlows> ListEndedAsync(
        DateTimeOffset before, CorrelationId? after, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement(
                """
                SELECT id, version, state FROM flows
                WHERE id > @after AND id < @created_before AND expires_at < @before ORDER BY id LIMIT @limit
                """,
                ("@after", after?.ToBytes() ?? _beforeAll),
                ("@created_before", TimeOrderedId.LowestAt(before - flowLifetime)),
                ("@before", before.ToUnixTimeMilliseconds()),
                ("@limit", limit)),
            row => (Id: CorrelationId.FromBytes(row.GetFieldValue<byte[]>(0)), Flow: IfReadable(() => FlowRow.Read(row, sealer))),
            cancellationToken);
        if (rows.Count == 0)
        {
            return new EndedFlows([], null);
        }
        var texts = await ListTextsAsync(rows[0].Id, rows[^1].Id, cancellationToken);
        return new EndedFlows(
            [.. rows.Select(row => row.Flow).OfType<Flow>().Select(flow => new EndedFlow(flow, [.. texts[flow.Id]]))],
            rows.Count == limit ? rows[^1].Id : null);
    }

    public async Task PrepareAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_ready is { } ready && now >= ready && now < ready + _readyAgain)
        {
            return;
        }
        if (await database.MakeOutcomeDaysAsync(now - _readyAgain, now + _aheadOfTime, cancellationToken))
        {
            _ready = now;
        }
    }

    /// <remarks>
    /// The first statement of each flow takes its row, on PostgreSQL until the end of the transaction: who changes it, or removes it with
    /// its project, comes before or after, never in between. Rows are taken in the order of their ids, so nodes do not block each other.
    /// </remarks>
    public async Task<int> ReplaceAsync(IReadOnlyList<ReplacedFlow> flows, CancellationToken cancellationToken)
    {
        if (flows.Count == 0)
        {
            return 0;
        }
        Outcome[] kept = [.. flows.Where(flow => flow.IsKept).Select(flow => flow.Outcome)];
        var keys = await KeysAsync(kept, cancellationToken);
        var statements = flows.OrderBy(flow => flow.Outcome.Id).SelectMany(flow => StatementsOf(flow, keys))
            .Prepend((Sql: StatisticsStore.Turn, Removes: false))
            .Concat(MarkOf(kept, keys).Select(mark => (Sql: mark, Removes: false))).ToArray();
        var results = await database.WriteAsync(Array.ConvertAll(statements, one => one.Sql), cancellationToken);
        return results.Where((_, index) => statements[index].Removes).Sum(removed => removed.Changed);
    }

    public async Task AddAsync(IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken)
    {
        if (outcomes.Count == 0)
        {
            return;
        }
        var keys = await KeysAsync(outcomes, cancellationToken);
        await database.WriteAsync(
            [
                StatisticsStore.Turn,
                .. outcomes.SelectMany(outcome => StatisticsStore.StatementsOf(outcome, version: -1).Append(
                    new Statement($"{Insert}\nWHERE true\nON CONFLICT (id) DO NOTHING", ColumnsOf(outcome, keys)))),
                .. MarkOf(outcomes, keys),
            ],
            cancellationToken);
    }

    /// <remarks>One whose project's key is gone is as if it were not there.</remarks>
    public async Task<Outcome?> FindAsync(CorrelationId id, CancellationToken cancellationToken)
    {
        var body = await database.FindAsync(
            new Statement("SELECT body FROM outcomes WHERE id = @id", ("@id", id.ToBytes())), row => row.GetFieldValue<byte[]>(0),
            cancellationToken);
        if (body is null)
        {
            return null;
        }
        var keys = await lines.OfAsync([body], LineRows.None, cancellationToken);
        return keys.CanOpen(body) ? Open(id, body, keys) : null;
    }

    public async Task<ScannedOutcomes> ScanAsync(
        DateTimeOffset from, CorrelationId? after, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement(
                "SELECT id, body, line FROM outcomes WHERE id > @after AND id >= @from ORDER BY id LIMIT @limit",
                ("@after", after?.ToBytes() ?? _beforeAll), ("@from", TimeOrderedId.LowestAt(from)), ("@limit", limit)),
            row => (
                Id: CorrelationId.FromBytes(row.GetFieldValue<byte[]>(0)), Body: row.GetFieldValue<byte[]>(1),
                Line: row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2)),
            cancellationToken);
        var keys = await lines.OfAsync(rows.Select(row => row.Body), LineRows.None, cancellationToken);
        return new ScannedOutcomes(
            [.. rows.Select(row => IfReadable(() => Open(row.Id, row.Body, keys, row.Line))).OfType<Outcome>()],
            rows.Count == limit ? rows[^1].Id : null);
    }

    public async Task<int> RemoveAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken)
    {
        var ofDays = 0L;
        while (await database.DropOutcomeDayAsync(endedBefore - PossessionOptions.MaxFlowLifetime, cancellationToken) is { } dropped)
        {
            ofDays += dropped;
        }
        // The range of ids finds the old ones, the column decides: see FlowStore.RemoveExpiredAsync.
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    "",
                    ("@begun_before", TimeOrderedId.LowestAt(endedBefore)),
                    ("@ended_before", endedBefore.ToUnixTimeMilliseconds()),
                    ("@limit", limit))
                {
                    Sql = $"""
                        DELETE FROM outcomes WHERE id IN (
                            SELECT id FROM {database.OutcomesOfNoDay}
                            WHERE id < @begun_before AND ended_at < @ended_before ORDER BY id LIMIT @limit)
                        """,
                },
            ],
            cancellationToken);
        return (int)Math.Min(ofDays + outcomes[0].Changed, int.MaxValue);
    }

    public static string PlaceOf(CorrelationId id) => $"outcomes.body:{id}";

    /// <summary>And whether the statement removes the flow.</summary>
    private IEnumerable<(Statement Sql, bool Removes)> StatementsOf(
        ReplacedFlow replaced, IReadOnlyDictionary<KeyOwner, LineKey?> keys)
    {
        var (outcome, id) = (replaced.Outcome, replaced.Outcome.Id.ToBytes());
        yield return (
            new Statement(
                "UPDATE flows SET next_deadline = NULL WHERE id = @id AND version = @version",
                ("@id", id), ("@version", replaced.Version)),
            false);
        foreach (var kept in replaced.IsKept ? Keep(outcome, replaced.Version, keys) : [])
        {
            yield return (kept, false);
        }
        foreach (var told in _outbox.Insert(
            replaced.News, "EXISTS (SELECT 1 FROM flows WHERE id = @id AND version = @version)",
            ("@id", id), ("@version", replaced.Version)))
        {
            yield return (told, false);
        }
        yield return (
            new Statement("DELETE FROM flows WHERE id = @id AND version = @version", ("@id", id), ("@version", replaced.Version)), true);
    }

    private IEnumerable<Statement> Keep(Outcome outcome, long version, IReadOnlyDictionary<KeyOwner, LineKey?> keys) =>
        StatisticsStore.StatementsOf(outcome, version).Append(new Statement(
            $"""
            {Insert}
            WHERE EXISTS (SELECT 1 FROM flows WHERE id = @id AND version = @version)
            ON CONFLICT (id) DO NOTHING
            """,
            [.. ColumnsOf(outcome, keys), ("@version", version)]));

    private (string Name, SqlValue Value)[] ColumnsOf(Outcome outcome, IReadOnlyDictionary<KeyOwner, LineKey?> keys) =>
        ColumnsOf(outcome, keys.GetValueOrDefault(outcome.ProjectId));

    private (string Name, SqlValue Value)[] ColumnsOf(Outcome outcome, LineKey? key) =>
    [
        ("@id", outcome.Id.ToBytes()),
        ("@project_id", outcome.ProjectId),
        ("@product", outcome.Product.ToString()),
        ("@begun_at", outcome.BegunAt.ToUnixTimeMilliseconds()),
        ("@ended_at", outcome.EndedAt.ToUnixTimeMilliseconds()),
        ("@flow_end", outcome.End),
        // Null in rows from before the column.
        ("@reason", outcome.Reason ?? ""),
        ("@country", outcome.Country),
        ("@line", outcome.Line is { } line ? Under(key, line.ToBytes()) : null),
        ("@client_request_hash", outcome.ClientRequestId is { } request ? HashOf(new FlowSearch.ByClientRequest(request), key) : null),
        ("@client_customer_hash", outcome.ClientCustomerId is { } customer
            ? HashOf(new FlowSearch.ByClientCustomer(customer), key) : null),
        ("@body", Seal(outcome, key)),
    ];

    private async Task<ILookup<CorrelationId, StoredText>> ListTextsAsync(
        CorrelationId first, CorrelationId last, CancellationToken cancellationToken)
    {
        var texts = await database.ReadAsync(
            new Statement(
                $"SELECT {TextRow.Columns} FROM texts WHERE flow_id >= @first AND flow_id <= @last ORDER BY flow_id, seq",
                ("@first", first.ToBytes()),
                ("@last", last.ToBytes())),
            row => TextRow.Read(row) is var text ? IfReadable(() => text.Open(sealer)) : null,
            cancellationToken);
        return texts.OfType<StoredText>().ToLookup(text => text.Text.Flow);
    }

    /// <summary>A row that cannot be read must not keep the others waiting.</summary>
    private static T? IfReadable<T>(Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException or FormatException)
        {
            return null;
        }
    }
}
