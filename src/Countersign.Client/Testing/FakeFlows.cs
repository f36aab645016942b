namespace Countersign.Client.Testing;

/// <summary>
/// What a <see cref="FakeCountersignClient"/> says of flows that have been. What is read is what you set; a flow of another id is not
/// found.
/// </summary>
public sealed class FakeFlows : IFlowOperations
{
    private readonly FakeJournal _journal;

    internal FakeFlows(FakeJournal journal) => _journal = journal;

    /// <summary>The flows that there are, newest first. Filters and pages are not looked at.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<FlowRecord> All { get; set; } = [];

    /// <inheritdoc/>
    public Task<ListFlowsResponse> ListAsync(ListFlowsRequest? request = null, CancellationToken cancellationToken = default) =>
        AnswerAsync(nameof(ListAsync), request, () => new ListFlowsResponse { Flows = All }, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<FlowRecord> ListAllAsync(
        ListFlowsRequest? request = null, CancellationToken cancellationToken = default) =>
        FlowPages.ReadAllAsync(ListAsync, request, cancellationToken);

    /// <summary>The flows with the id of yours that is asked for; of a number the fake knows none.</summary>
    /// <inheritdoc/>
    public Task<ListFlowsResponse> SearchAsync(SearchFlowsRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AnswerAsync(
            nameof(SearchAsync),
            request,
            () => new ListFlowsResponse
            {
                Flows =
                [
                    .. All.Where(flow => request.ClientRequestId is { } id ? flow.ClientRequestId == id
                        : request.ClientCustomerId is { } customer && flow.ClientCustomerId == customer),
                ],
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<FlowRecord> GetAsync(string correlationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        return AnswerAsync(nameof(GetAsync), correlationId, () => Find(correlationId), cancellationToken);
    }

    /// <summary>The flow as it is: the fake cancels nothing.</summary>
    /// <inheritdoc/>
    public Task<FlowRecord> CancelAsync(string correlationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        return AnswerAsync(nameof(CancelAsync), correlationId, () => Find(correlationId), cancellationToken);
    }

    void IFlowOperations.OnlyTheSdkImplementsThis()
    {
    }

    private FlowRecord Find(string correlationId) =>
        All.FirstOrDefault(flow => flow.CorrelationId == correlationId) ?? throw FakeJournal.NotFound();

    private Task<T> AnswerAsync<T>(string method, object? request, Func<T> answer, CancellationToken cancellationToken) =>
        FakeAnswer.From(
            () =>
            {
                _journal.Receive(new FakeCall { Method = $"Flows.{method}", Request = request });
                return answer();
            },
            cancellationToken);
}
