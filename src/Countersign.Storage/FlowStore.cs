using System.Data.Common;
using System.Globalization;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Core.Texts;

namespace Countersign.Storage;

/// <param name="flowLifetime">How long flows usually live; see <see cref="RemoveExpiredAsync"/>.</param>
internal sealed class FlowStore(
    IDatabase database, Sealer sealer, SecretHasher hasher, HashSealer hashes, TimeSpan flowLifetime) : IFlowStore
{
    private const string Table = "flows";

    private const string Columns =
        "id, project_id, product, expires_at, next_deadline, link_hash, client_request_hash, client_customer_hash, number_hash, flow_end, "
            + "ended_at, version, state";

    private const string Values =
        "@id, @project_id, @product, @expires_at, @next_deadline, @link_hash, @client_request_hash, @client_customer_hash, @number_hash, "
            + "@flow_end, @ended_at, @version, @state";

    // A link hash stays when the flow is decided, so that a link opened too late still finds its flow; a new link replaces it.
    private const string Changes =
        """
        UPDATE flows
        SET expires_at = @expires_at,
            next_deadline = @next_deadline,
            link_hash = COALESCE(@link_hash, link_hash),
            number_hash = @number_hash,
            flow_end = @flow_end,
            ended_at = @ended_at,
            last_text = COALESCE(@last_text, last_text),
            state = @state,
            version = version + 1
        """;

    private const string Update = $"{Changes}\nWHERE id = @id AND version = @version";

    // The counter was written just before, in the same transaction, unless somebody else was first.
    private const string UpdateCharged =
        $"""
        {Changes}, charge_id = @charge_id
        WHERE id = @id AND version = @version
            AND EXISTS (
                SELECT 1 FROM counters WHERE counter_key IN {HashValues.OfDays}
                AND charge_id = @charge_id)
        """;

    // A nonce and what follows from it: no two saves of a flow begin with the same, as they may have the same version.
    private static readonly string _isSaved = string.Create(
        CultureInfo.InvariantCulture, $"EXISTS (SELECT 1 FROM flows WHERE id = @id AND substr(state, 1, {Sealer.Overhead}) = @mark)");

    private const string IsAdded = "EXISTS (SELECT 1 FROM flows WHERE id = @id)";

    private readonly EventOutbox _outbox = new(sealer);
    private readonly SharedReads<CorrelationId, Flow?> _byId = new();
    private readonly SharedReads<(CorrelationId Id, ProjectId ProjectId, Product Product), Flow?> _byOwner = new();
    private readonly SharedReads<SecretHash, Flow?> _byLink = new();

    public Task AddAsync(Flow flow, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement($"INSERT INTO flows ({Columns}) VALUES ({Values})", ColumnsOf(flow)),
                .. Announce(flow),
            ],
            cancellationToken);

    public async Task<Remembered?> AddAsync(Flow flow, KeyedAnswer answer, CancellationToken cancellationToken)
    {
        var (keyed, turns) = (SealedAnswer.Of(answer, sealer, hashes), OneAtATime.Of(hashes));
        var outcomes = await database.WriteAsync(
            [
                .. turns,
                keyed.Keep(),
                new Statement(
                    $"""
                    INSERT INTO flows ({Columns})
                    SELECT {Values}
                    WHERE EXISTS (SELECT 1 FROM idempotency WHERE key_hash = @hash AND answer = @answer)
                    """,
                    [.. ColumnsOf(flow), .. keyed.Identity]),
                keyed.Find(),
                .. Announce(flow),
            ],
            cancellationToken);
        return outcomes[turns.Length + 1].Changed == 1 ? null : keyed.Read(outcomes[turns.Length + 2], sealer);
    }

    public Task<Flow?> FindAsync(CorrelationId id, CancellationToken cancellationToken) =>
        _byId.ReadAsync(
            id,
            token => database.FindAsync(
                new Statement("SELECT id, version, state FROM flows WHERE id = @id", ("@id", id.ToBytes())), ReadFlow, token),
            cancellationToken);

    public async Task<Flow?> FindAsync(
        CorrelationId id, ProjectId projectId, Product product, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await _byOwner.ReadAsync(
            (id, projectId, product),
            token => database.FindAsync(
                new Statement(
                    """
                    SELECT id, version, state FROM flows
                    WHERE id = @id AND project_id = @project_id AND product = @product AND expires_at > @now
                    """,
                    ("@id", id.ToBytes()),
                    ("@project_id", projectId),
                    ("@product", product.ToString()),
                    ("@now", now.ToUnixTimeMilliseconds())),
                ReadFlow,
                token),
            cancellationToken);
        // The columns are for the search; what counts is what is sealed.
        return found is not null && (found.ProjectId, found.Product) == (projectId, product)
            && found.ExpiresAt.ToUnixTimeMilliseconds() > now.ToUnixTimeMilliseconds()
            ? found
            : null;
    }

    public Task<Flow?> FindByLinkAsync(SecretHash link, CancellationToken cancellationToken) =>
        _byLink.ReadAsync(
            link,
            token => database.FindAsync(
                new Statement(
                    $"SELECT id, version, state FROM flows WHERE link_hash IN {HashValues.OfDays}",
                    hashes.ValuesOfDays(Table, link.ToBytes())),
                ReadFlow, token),
            cancellationToken);

    public async Task<IReadOnlyList<Flow>> FindAsync(FlowSearch search, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var sql = search switch
        {
            FlowSearch.ByClientRequest =>
                $"SELECT id, version, state FROM flows WHERE client_request_hash IN {HashValues.OfDays} AND expires_at > @now "
                    + "ORDER BY id DESC LIMIT @limit",
            FlowSearch.ByClientCustomer =>
                $"SELECT id, version, state FROM flows WHERE client_customer_hash IN {HashValues.OfDays} AND expires_at > @now "
                    + "ORDER BY id DESC LIMIT @limit",
            _ => $"SELECT id, version, state FROM flows WHERE number_hash IN {HashValues.OfDays} AND expires_at > @now "
                + "ORDER BY id DESC LIMIT @limit",
        };
        return await database.ReadAsync(
            new Statement(
                sql,
                [
                    .. hashes.ValuesOfDays(Table, FlowRow.HashOf(search, hasher)), ("@now", now.ToUnixTimeMilliseconds()),
                    ("@limit", limit),
                ]),
            ReadFlow, cancellationToken);
    }

    public async Task<bool> TrySaveAsync(Decision decision, CancellationToken cancellationToken)
    {
        var (flow, text) = decision;
        var save = decision.Charge is { } change ? CounterRow.Of(change, sealer, hashes) : null;
        var statements = new List<Statement>(6);
        if (save is not null)
        {
            statements.AddRange(save.Save());
        }
        var saved = statements.Count;
        var state = Seal(flow, flow.Version + 1);
        statements.Add(Save(flow, state, text, save));
        if (text is not null)
        {
            statements.Add(InsertOf(text));
        }
        if (save is not null)
        {
            statements.Add(save.TakeBack(flow.Id));
        }
        if (decision.Former is { } former)
        {
            statements.AddRange(_outbox.Insert(
                FlowNews.Between(former, flow), _isSaved, ("@id", flow.Id.ToBytes()), ("@mark", state[..Sealer.Overhead])));
        }
        var outcomes = await database.WriteAsync([.. statements], cancellationToken);
        return outcomes[saved].Changed == 1;
    }

    // Its id is new: if it is there, this transaction has added it.
    private IEnumerable<Statement> Announce(Flow flow) =>
        _outbox.Insert(FlowNews.Between(null, flow), IsAdded, ("@id", flow.Id.ToBytes()));

    private Statement Save(Flow flow, byte[] state, OutgoingText? text, CounterRow? charged)
    {
        var ending = Ending.Reached(flow);
        (string Name, SqlValue Value)[] values =
        [
            ("@expires_at", flow.ExpiresAt.ToUnixTimeMilliseconds()),
            ("@next_deadline", DeadlineOf(flow)),
            ("@link_hash", LinkOf(flow)),
            ("@number_hash", StoredHashOf(new FlowSearch.ByNumber(flow.Number))),
            ("@flow_end", ending?.End),
            ("@ended_at", ending?.At.ToUnixTimeMilliseconds()),
            ("@last_text", text?.Id.ToByteArray(bigEndian: true)),
            ("@state", state),
        ];
        (string Name, SqlValue Value)[] place = [("@id", flow.Id.ToBytes()), ("@version", flow.Version)];
        return charged is null
            ? new Statement(Update, [.. values, .. place])
            : new Statement(UpdateCharged, [.. values, ("@charge_id", charged.ChargeId), .. place, .. charged.Keys]);
    }

    public async Task<IReadOnlyList<CorrelationId>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                "SELECT id FROM flows WHERE next_deadline <= @now ORDER BY next_deadline LIMIT @limit",
                ("@now", now.ToUnixTimeMilliseconds()),
                ("@limit", limit)),
            row => CorrelationId.FromBytes(row.GetFieldValue<byte[]>(0)),
            cancellationToken);

    /// <remarks>
    /// The expiry is not indexed: every flow would pay for it twice. Ids begin with the moment of creation, so the oldest flows are the
    /// first in the key, and those created longer ago than a flow's life are the ones to look at. The column decides: a flow with a longer
    /// life than usual stays until its own end, one with a shorter life is removed a little late.
    /// </remarks>
    public async Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    DELETE FROM flows WHERE id IN (
                        SELECT id FROM flows WHERE id < @created_before AND expires_at < @before ORDER BY id LIMIT @limit)
                    """,
                    ("@created_before", TimeOrderedId.LowestAt(before - flowLifetime)),
                    ("@before", before.ToUnixTimeMilliseconds()),
                    ("@limit", limit)),
            ],
            cancellationToken);
        return outcomes[0].Changed;
    }

    /// <summary>
    /// Inserts the text if, and only if, the update before it in the same transaction was the one that asked for it. The version alone
    /// would not tell: whoever was first has left the same next version behind, but not this text's id.
    /// </summary>
    private Statement InsertOf(OutgoingText text)
    {
        var row = TextRow.From(text, sealer, hasher, hashes);
        return new Statement(
            """
            INSERT INTO texts (id, flow_id, to_hash, kind, state, created_at, due_at, body)
            SELECT @id, @flow_id, @to_hash, @kind, @state, @created_at, @due_at, @body
            WHERE EXISTS (SELECT 1 FROM flows WHERE id = @flow_id AND last_text = @id)
            ON CONFLICT (id) DO NOTHING
            """,
            ("@id", row.Id),
            ("@flow_id", row.FlowId),
            ("@to_hash", row.ToHash),
            ("@kind", row.Kind),
            ("@state", row.State),
            ("@created_at", row.CreatedAt),
            ("@due_at", row.DueAt),
            ("@body", row.Body));
    }

    private byte[] StoredHashOf(FlowSearch search) => hashes.Seal(Table, FlowRow.HashOf(search, hasher));

    /// <summary>The values of <see cref="Columns"/>.</summary>
    private (string Name, SqlValue Value)[] ColumnsOf(Flow flow)
    {
        var ending = Ending.Reached(flow);
        return
        [
            ("@id", flow.Id.ToBytes()),
            ("@project_id", flow.ProjectId),
            ("@product", flow.Product.ToString()),
            ("@expires_at", flow.ExpiresAt.ToUnixTimeMilliseconds()),
            ("@next_deadline", DeadlineOf(flow)),
            ("@link_hash", LinkOf(flow)),
            ("@client_request_hash", flow.ClientRequestId is { } request ? StoredHashOf(new FlowSearch.ByClientRequest(request)) : null),
            ("@client_customer_hash",
                flow.ClientCustomerId is { } customer ? StoredHashOf(new FlowSearch.ByClientCustomer(customer)) : null),
            ("@number_hash", StoredHashOf(new FlowSearch.ByNumber(flow.Number))),
            ("@flow_end", ending?.End),
            ("@ended_at", ending?.At.ToUnixTimeMilliseconds()),
            ("@version", flow.Version),
            ("@state", Seal(flow, flow.Version)),
        ];
    }

    private byte[] Seal(Flow flow, long version) => FlowRow.Seal(flow, version, sealer);

    private Flow ReadFlow(DbDataReader row) => FlowRow.Read(row, sealer);

    // Rounded up: a flow found a fraction of a millisecond too early would not have changed yet, and be found again and again.
    private static long? DeadlineOf(Flow flow) =>
        flow.NextDeadline?.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds();

    private byte[]? LinkOf(Flow flow) =>
        flow.Possession is PossessionState.Challenged c && c.Plan.Method == PossessionMethod.InstantLink
            ? hashes.Seal(Table, c.Challenge.Proof.ToBytes())
            : null;
}
