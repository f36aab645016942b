using System.Net;

namespace Countersign.Client.Testing;

/// <summary>What all parts of one fake share: its calls, its script and its flows.</summary>
internal sealed class FakeJournal
{
    private readonly Gate _gate = new();
    private readonly Queue<VerificationOutcome> _script = new();
    private readonly Queue<CountersignException> _failures = new();
    private readonly Dictionary<string, FakeFlow> _flows = new(StringComparer.Ordinal);
    private readonly List<FakeCall> _calls = [];
    private int _ids;

    public VerificationOutcome DefaultOutcome { get; set; } = VerificationOutcome.True;

    public IReadOnlyList<FakeCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return _calls.ToArray();
            }
        }
    }

    public void Script(IEnumerable<VerificationOutcome> outcomes)
    {
        lock (_gate)
        {
            foreach (var outcome in outcomes)
            {
                _script.Enqueue(outcome);
            }
        }
    }

    public void FailNext(CountersignException failure)
    {
        lock (_gate)
        {
            _failures.Enqueue(failure);
        }
    }

    /// <summary>Writes down a call without a flow, and throws what was lined up for it.</summary>
    public void Receive(FakeCall call)
    {
        lock (_gate)
        {
            Record(call);
        }
    }

    /// <summary>Starts a flow with the next outcome of the script.</summary>
    public FakeFlow Begin(FakeCall call, FakeFlowKind kind, Func<FakeFlow, FakeFlow> shape)
    {
        lock (_gate)
        {
            if (_failures.Count > 0)
            {
                Record(call);
            }

            var flow = shape(new FakeFlow(kind, NextId(), NextOutcome()));
            _flows[flow.CorrelationId] = flow;
            Record(call with { CorrelationId = flow.CorrelationId });
            return flow;
        }
    }

    /// <summary>Writes down a call about a flow, and answers the flow as it was before the call changed it.</summary>
    public FakeFlow Receive(FakeCall call, FakeFlowKind kind, Func<FakeFlow, FakeFlow>? change = null)
    {
        FakeFlow flow;
        lock (_gate)
        {
            Record(call);
            flow = Find(call.CorrelationId!, kind) ?? throw UnknownFlow(call.CorrelationId!);
            if (change is not null)
            {
                _flows[flow.CorrelationId] = change(flow) with { Changed = NewSignal() };
            }
        }

        if (change is not null)
        {
            flow.Changed.TrySetResult(true);
        }

        return flow;
    }

    public async Task<FakeFlow> WaitAsync(
        FakeCall call, FakeFlowKind kind, Func<FakeFlow, bool> isDecided, CancellationToken cancellationToken)
    {
        var flow = Receive(call, kind);
        while (!isDecided(flow))
        {
            await flow.Changed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                flow = _flows[flow.CorrelationId];
            }
        }

        return flow;
    }

    public bool TryDecide(string correlationId, VerificationOutcome outcome)
    {
        FakeFlow? flow;
        lock (_gate)
        {
            if (!_flows.TryGetValue(correlationId, out flow))
            {
                return false;
            }

            _flows[correlationId] = flow with { Outcome = outcome, Changed = NewSignal() };
        }

        flow.Changed.TrySetResult(true);
        return true;
    }

    /// <summary>The outcome for something that is not a flow.</summary>
    public VerificationOutcome TakeOutcome()
    {
        lock (_gate)
        {
            return NextOutcome();
        }
    }

    /// <summary>An id of the shape that the contract wants, and the same from run to run.</summary>
    public string TakeId()
    {
        lock (_gate)
        {
            return NextId();
        }
    }

    public static CountersignException UnknownFlow(string correlationId) =>
        Refusal(HttpStatusCode.BadRequest, CountersignErrorCode.UnknownCorrelationId, "invalid correlation id", correlationId);

    public static CountersignException StepNotAllowed(string correlationId) =>
        Refusal(HttpStatusCode.Forbidden, CountersignErrorCode.StepNotAllowed, "step not allowed", correlationId);

    public static CountersignException NotFound() =>
        Refusal(HttpStatusCode.NotFound, CountersignErrorCode.NotFound, "not found", correlationId: null);

    public static CountersignException InvalidRequest(string message, string? correlationId) =>
        Refusal(HttpStatusCode.BadRequest, CountersignErrorCode.InvalidRequest, message, correlationId);

    private static CountersignException Refusal(HttpStatusCode status, int code, string message, string? correlationId) =>
        new(FormattableString.Invariant($"The fake answered {(int)status} (code {code}): {message}"))
        {
            StatusCode = status,
            Code = code,
            CorrelationId = correlationId,
        };

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Record(FakeCall call)
    {
        _calls.Add(call);
        if (_failures.Count > 0)
        {
            throw _failures.Dequeue();
        }
    }

    private FakeFlow? Find(string correlationId, FakeFlowKind kind) =>
        _flows.TryGetValue(correlationId, out var flow) && flow.Kind == kind ? flow : null;

    private VerificationOutcome NextOutcome() => _script.Count > 0 ? _script.Dequeue() : DefaultOutcome;

    private string NextId() => $"00000000-0000-4000-8000-{++_ids:x12}";
}
