using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.History;

namespace Countersign.Storage;

internal sealed partial class OutcomeStore
{
    private static readonly byte[] _afterAll = [.. Enumerable.Repeat(byte.MaxValue, 16)];

    private static readonly TimeSpan _keysAgain = TimeSpan.FromSeconds(5);

    // What one webhook is sent at once, and a page of a list.
    private static readonly string[] _few = NamesOf(WebhookDeliverer.AtOnce);
    private static readonly string[] _many = NamesOf(100);

    /// <remarks>
    /// One statement, so that a flow which becomes an outcome meanwhile is neither missed nor found twice. Each half is cut to its limit by
    /// itself, in the order of its own index. What no index finds comes without its content, and counts: so no call goes through the whole
    /// table in search of what is not there.
    /// </remarks>
    public async Task<IReadOnlyList<ListedFlow>> ListAsync(
        FlowQuery query, ProjectId? project, int limit, CancellationToken cancellationToken)
    {
        var sought = query.Search is null ? [] : SoughtOf(query, await KeysOfSearchAsync(project, cancellationToken));
        var rows = await database.ReadAsync(
            new Statement("", ValuesOf(query, project, limit, sought))
            {
                Sql = SqlOf(query, isOfProject: project is not null, sought.Count), DependsOnValues = true,
            },
            ReadRow, cancellationToken);
        // A row that is none stays: by the last one the next page is found.
        return
        [
            .. (await OpenAsync(rows, cancellationToken))
                .Select(row => IsAskedFor(row, query, project) ? row : new ListedFlow(row.Id, null, null)),
        ];
    }

    public async Task<IReadOnlyList<ListedFlow>> ListAsync(IReadOnlyCollection<CorrelationId> flows, CancellationToken cancellationToken)
    {
        var rows = new List<(ListedFlow, byte[]?)>();
        var names = flows.Count <= _few.Length ? _few : _many;
        foreach (var some in flows.Chunk(names.Length))
        {
            // Where there are fewer than it names the first is repeated, so that there are two statements in all.
            var named = names.Select((name, i) => (name, (SqlValue)some[i < some.Length ? i : 0].ToBytes()));
            // Of many the days are found by their ids, and planned for.
            rows.AddRange(await database.ReadAsync(
                new Statement("", [.. named]) { Sql = SqlOf(names), DependsOnValues = names == _many }, ReadRow, cancellationToken));
        }
        try
        {
            return [.. await OpenAsync(rows, cancellationToken)];
        }
        catch (Exception failure) when (Failures.IsOfOpening(failure))
        {
            // Flows and outcomes were read: it is the other database, which somebody may be patient with.
            throw new UnavailableException("The keys of outcomes are out of reach.", _keysAgain, failure);
        }
    }

    private (ListedFlow Row, byte[]? Body) ReadRow(DbDataReader row)
    {
        var (hasContent, isOutcome) = (!row.IsDBNull(2), IsOutcome(row));
        return (
            Listed(row, hasContent && !isOutcome ? IfReadable(() => FlowRow.Read(row, sealer)) : null),
            hasContent && isOutcome ? row.GetFieldValue<byte[]>(2) : null);
    }

    private async Task<IEnumerable<ListedFlow>> OpenAsync(
        IReadOnlyList<(ListedFlow Row, byte[]? Body)> rows, CancellationToken cancellationToken)
    {
        var keys = await lines.OfAsync(rows.Select(row => row.Body).OfType<byte[]>(), LineRows.None, cancellationToken);
        return rows.Select(one => one.Body is { } body
            ? one.Row with { Outcome = IfReadable(() => Open(one.Row.Id, body, keys)) } : one.Row);
    }

    private static string[] NamesOf(int count) => [.. Enumerable.Range(0, count).Select(i => $"@id_{i}")];

    private static string SqlOf(string[] names)
    {
        var isOne = $"WHERE id IN ({string.Join(", ", names)})";
        return $"SELECT id, version, state FROM flows {isOne} UNION ALL SELECT id, -1, body FROM outcomes {isOne}";
    }

    // A flow counts its saves from 0.
    private static bool IsOutcome(DbDataReader row) => row.GetInt64(1) < 0;

    private static ListedFlow Listed(DbDataReader row, Flow? flow) =>
        new(CorrelationId.FromBytes(row.GetFieldValue<byte[]>(0)), flow, null);

    /// <summary>Few: each is prepared once.</summary>
    private static string SqlOf(FlowQuery query, bool isOfProject, int sought)
    {
        // SQLite knows nothing of how many rows a project has, and would go through all of them rather than through those of a hash.
        var owner = !isOfProject ? "" : query.Search is null ? "project_id = @project_id AND " : "project_id || '' = @project_id AND ";
        var end = isOfProject && query is { Search: null, End: not null } ? "flow_end = @flow_end AND " : "";
        var (ofFlows, ofOutcomes) = query.Search switch
        {
            null => ("", ""),
            FlowSearch.ByClientRequest => (IsHash("client_request_hash"), IsSought("client_request_hash", sought)),
            FlowSearch.ByClientCustomer => (IsHash("client_customer_hash"), IsSought("client_customer_hash", sought)),
            _ => (IsHash("number_hash"), IsSought("line", sought)),
        };
        return $"""
            SELECT id, version, content FROM (
                SELECT * FROM (
                    SELECT id, version, state AS content FROM flows
                    WHERE {owner}{ofFlows}id >= @from AND id < @before AND (@product IS NULL OR product = @product)
                        AND (@flow_end IS NULL OR flow_end IS NULL OR flow_end = @flow_end)
                    ORDER BY id DESC LIMIT @limit) AS living
                UNION ALL
                SELECT * FROM (
                    SELECT id, -1 AS version, CASE
                        WHEN (@product IS NULL OR product = @product) AND (@flow_end IS NULL OR flow_end = @flow_end)
                            AND (@reason IS NULL OR reason IS NULL OR ',' || reason || ',' LIKE '%,' || @reason || ',%') THEN body
                        END AS content
                    FROM outcomes
                    WHERE {owner}{end}{ofOutcomes}id >= @from AND id < @before
                    ORDER BY id DESC LIMIT @outcome_limit) AS kept) AS found
            ORDER BY id DESC LIMIT @limit
            """;
    }

    private static string IsHash(string column) => $"{column} IN {HashValues.OfDays} AND ";

    private static string IsSought(string column, int sought) => $"{column} IN ({HashValues.SoughtNames(sought)}) AND ";

    // In the order in which the statement names them.
    private (string Name, SqlValue Value)[] ValuesOf(FlowQuery query, ProjectId? project, int limit, List<byte[]?> sought) =>
    [
        .. project is { } owner ? [("@project_id", owner)] : ((string, SqlValue)[])[],
        .. query.Search is { } search ? hashes.ValuesOfDays("flows", FlowRow.HashOf(search, hasher)) : [],
        ("@from", query.From is { } from ? TimeOrderedId.LowestAt(from) : _beforeAll),
        ("@before", LastOf(query)),
        ("@product", query.Product?.ToString()),
        ("@flow_end", query.End),
        ("@limit", limit),
        ("@reason", query.Reason),
        .. query.Search is null ? [] : HashValues.Sought(sought),
        // No outcome runs.
        ("@outcome_limit", query.IsRunning == true ? 0 : limit),
    ];

    private static byte[] LastOf(FlowQuery query)
    {
        var byTime = query.To is { } to ? TimeOrderedId.LowestAt(to) : _afterAll;
        return query.Before?.ToBytes() is { } byPage && byPage.AsSpan().SequenceCompareTo(byTime) < 0 ? byPage : byTime;
    }

    /// <summary>The columns are for the search; what counts is what is sealed.</summary>
    private static bool IsAskedFor(ListedFlow row, FlowQuery query, ProjectId? project) => row switch
    {
        { Flow: { } flow } => IsAskedFor(query, project, flow.ProjectId, flow.Product, flow.ClientRequestId, flow.ClientCustomerId)
            && (query.Search is not FlowSearch.ByNumber { Number: var number } || flow.Number == number),
        // It does not hold what the relying party calls the person, nor the line: of those there are the columns alone.
        { Outcome: { } kept } => IsAskedFor(
            query, project, kept.ProjectId, kept.Product, kept.ClientRequestId,
            query.Search is FlowSearch.ByClientCustomer { Id: var customer } ? customer : null),
        _ => false,
    };

    private static bool IsAskedFor(
        FlowQuery query, ProjectId? project, ProjectId owner, Product product, string? request, string? customer) =>
        (project is null || owner == project)
        && (query.Product is null || product == query.Product)
        && query.Search switch
        {
            FlowSearch.ByClientRequest { Id: var id } => request == id,
            FlowSearch.ByClientCustomer { Id: var id } => customer == id,
            _ => true,
        };
}
