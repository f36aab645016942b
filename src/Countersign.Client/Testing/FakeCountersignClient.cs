using System.Net;

namespace Countersign.Client.Testing;

/// <summary>A client for your own tests: no server, no network, no clock.</summary>
/// <remarks>
/// Each flow is pending until it has an outcome: the one that <see cref="Script"/> lined up for it, else <see cref="DefaultOutcome"/>, else
/// the one that <see cref="Decide"/> gives it. Safe for any number of threads.
/// </remarks>
public sealed class FakeCountersignClient : ICountersignClient
{
    private readonly Gate _gate = new();
    private readonly Queue<VerificationOutcome> _script = new();
    private readonly Queue<CountersignException> _failures = new();
    private readonly Dictionary<string, Flow> _flows = new(StringComparer.Ordinal);
    private readonly List<FakeCall> _calls = [];

    /// <summary>The outcome of a flow that the script says nothing about.</summary>
    /// <value>True by default. <see cref="VerificationOutcome.Pending"/> leaves such flows to <see cref="Decide"/>.</value>
    public VerificationOutcome DefaultOutcome { get; set; } = VerificationOutcome.True;

    /// <summary>What was called until now, oldest first.</summary>
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

    /// <summary>Lines up outcomes: the first for the next flow, the second for the one after it, and so on.</summary>
    /// <param name="outcomes">Any outcome; <see cref="VerificationOutcome.Pending"/> leaves that flow to <see cref="Decide"/>.</param>
    public void Script(params VerificationOutcome[] outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        lock (_gate)
        {
            foreach (var outcome in outcomes)
            {
                _script.Enqueue(outcome);
            }
        }
    }

    /// <summary>Makes one coming call throw: the next, or the one after those already lined up.</summary>
    /// <param name="failure">What it throws.</param>
    public void FailNext(CountersignException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        lock (_gate)
        {
            _failures.Enqueue(failure);
        }
    }

    /// <summary>Gives a flow its outcome, and lets whoever waits for it go on.</summary>
    /// <param name="correlationId">A flow that this fake started.</param>
    /// <param name="outcome">Its outcome from now on.</param>
    /// <exception cref="ArgumentException">This fake started no such flow.</exception>
    public void Decide(string correlationId, VerificationOutcome outcome)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        TaskCompletionSource<bool> decided;
        lock (_gate)
        {
            if (!_flows.TryGetValue(correlationId, out var flow))
            {
                throw new ArgumentException("This fake started no such flow.", nameof(correlationId));
            }

            decided = flow.Decided;
            _flows[correlationId] = flow with { Outcome = outcome, Decided = NewSignal() };
        }

        decided.TrySetResult(true);
    }

    /// <inheritdoc/>
    public Task<VerifyResponse> VerifyAsync(
        VerifyRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_failures.Count > 0)
            {
                _calls.Add(new FakeCall { Method = nameof(VerifyAsync), Request = request, Options = options });
                return Task.FromException<VerifyResponse>(_failures.Dequeue());
            }

            // The shape that the contract wants, and the same from run to run.
            var correlationId = $"00000000-0000-4000-8000-{_flows.Count + 1:x12}";
            var outcome = _script.Count > 0 ? _script.Dequeue() : DefaultOutcome;
            _flows[correlationId] = new Flow(outcome, request.FlowType == FlowType.None, NewSignal());
            _calls.Add(new FakeCall { Method = nameof(VerifyAsync), CorrelationId = correlationId, Request = request, Options = options });
            return Task.FromResult(Begin(correlationId, request.FlowType, outcome));
        }
    }

    /// <inheritdoc/>
    public Task<VerifyStatusResponse> VerifyStatusAsync(string correlationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var flow = Receive(nameof(VerifyStatusAsync), correlationId);
            return flow.Outcome == VerificationOutcome.Expired
                ? Task.FromException<VerifyStatusResponse>(Unknown(correlationId))
                : Task.FromResult(Status(correlationId, flow));
        }
        catch (CountersignException failure)
        {
            return Task.FromException<VerifyStatusResponse>(failure);
        }
    }

    /// <summary>Returns at once when the flow has an outcome, else when <see cref="Decide"/> gives it one. Never by time.</summary>
    /// <inheritdoc/>
    public async Task<VerifyStatusResponse> WaitForResultAsync(
        string correlationId, WaitForResultOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        WaitForResultOptions.ThrowIfInvalid(options ?? new WaitForResultOptions());

        var flow = Receive(nameof(WaitForResultAsync), correlationId);
        while (!flow.Outcome.IsFinal)
        {
            await flow.Decided.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                flow = _flows[correlationId];
            }
        }

        return Status(correlationId, flow);
    }

    private Flow Receive(string method, string correlationId)
    {
        lock (_gate)
        {
            _calls.Add(new FakeCall { Method = method, CorrelationId = correlationId });
            if (_failures.Count > 0)
            {
                throw _failures.Dequeue();
            }

            return _flows.TryGetValue(correlationId, out var flow) ? flow : throw Unknown(correlationId);
        }
    }

    private static VerifyResponse Begin(string correlationId, FlowType flowType, VerificationOutcome outcome)
    {
        if (flowType == FlowType.None)
        {
            var status = Status(correlationId, new Flow(outcome, HasNoPossession: true, NewSignal()));
            return new VerifyResponse
            {
                CorrelationId = correlationId,
                Outcome = status.Outcome,
                PossessionResult = status.PossessionResult,
                VerifyResult = status.VerifyResult,
            };
        }

        return new VerifyResponse
        {
            AuthToken = "fake-auth-token",
            CorrelationId = correlationId,
            Outcome = VerificationOutcome.Pending,
            PossessionResult = PossessionResult.Pending,
            VerifyResult = VerifyResult.Pending,
        };
    }

    private static VerifyStatusResponse Status(string correlationId, Flow flow)
    {
        var isTrue = flow.Outcome == VerificationOutcome.True;
        var isFalse = flow.Outcome == VerificationOutcome.False;
        return new VerifyStatusResponse
        {
            CorrelationId = correlationId,
            Outcome = flow.Outcome,
            PossessionResult = flow.HasNoPossession ? PossessionResult.NotApplicable
                : isTrue ? PossessionResult.Success
                : isFalse ? PossessionResult.Failed
                : PossessionResult.Pending,
            VerifyResult = isTrue ? VerifyResult.Success : isFalse ? VerifyResult.Failed : VerifyResult.Pending,
        };
    }

    private static CountersignException Unknown(string correlationId) =>
        new("POST /v3/verify-status was answered 400 (code 8008): invalid correlation id")
        {
            StatusCode = HttpStatusCode.BadRequest,
            Code = CountersignErrorCode.UnknownCorrelationId,
            CorrelationId = correlationId,
        };

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Flow(VerificationOutcome Outcome, bool HasNoPossession, TaskCompletionSource<bool> Decided);
}
