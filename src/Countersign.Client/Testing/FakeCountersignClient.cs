namespace Countersign.Client.Testing;

/// <summary>A client for your own tests: no server, no network, no clock.</summary>
/// <remarks>
/// Each flow is pending until it has an outcome: the one that <see cref="Script"/> lined up for it, else <see cref="DefaultOutcome"/>, else
/// the one that <see cref="Decide"/> gives it. Safe for any number of threads.
/// </remarks>
public sealed class FakeCountersignClient : ICountersignClient
{
    private readonly FakeJournal _journal = new();

    /// <summary>A fake that has received nothing yet.</summary>
    public FakeCountersignClient()
    {
        PreFill = new FakePreFill(_journal);
        Unify = new FakeUnify(_journal);
        OneCall = new FakeOneCall(_journal);
        Identities = new FakeIdentities(_journal);
        Domains = new FakeDomains(_journal);
        Flows = new FakeFlows(_journal);
    }

    /// <summary>The outcome of a flow that the script says nothing about.</summary>
    /// <value>True by default. <see cref="VerificationOutcome.Pending"/> leaves such flows to <see cref="Decide"/>.</value>
    public VerificationOutcome DefaultOutcome
    {
        get => _journal.DefaultOutcome;
        set => _journal.DefaultOutcome = value;
    }

    /// <summary>Whom a verification names whose outcome is true: the <see cref="VerifyStatusResponse.IdentityId"/> of its status.</summary>
    /// <value>Null by default: nobody who is enrolled.</value>
    public string? IdentityId { get; set; }

    /// <summary>What was called until now, oldest first.</summary>
    public IReadOnlyList<FakeCall> Calls => _journal.Calls;

    /// <summary>The pre-fill flows of this fake, and whom they find.</summary>
    public FakePreFill PreFill { get; }

    /// <summary>The unify flows of this fake.</summary>
    public FakeUnify Unify { get; }

    /// <summary>The one-call verifications of this fake, and whom they find.</summary>
    public FakeOneCall OneCall { get; }

    /// <summary>The identities that were enrolled with this fake.</summary>
    public FakeIdentities Identities { get; }

    /// <summary>The links of this fake.</summary>
    public FakeDomains Domains { get; }

    /// <summary>What became of the flows of this fake.</summary>
    public FakeFlows Flows { get; }

    IPreFillOperations ICountersignClient.PreFill => PreFill;

    IUnifyOperations ICountersignClient.Unify => Unify;

    IOneCallOperations ICountersignClient.OneCall => OneCall;

    IIdentityOperations ICountersignClient.Identities => Identities;

    IDomainOperations ICountersignClient.Domains => Domains;

    IFlowOperations ICountersignClient.Flows => Flows;

    /// <summary>
    /// Lines up outcomes: the first for the next flow of any kind or one-call verification, the second for the one after it, and so on.
    /// </summary>
    /// <param name="outcomes">Any outcome; <see cref="VerificationOutcome.Pending"/> leaves that flow to <see cref="Decide"/>.</param>
    public void Script(params VerificationOutcome[] outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        _journal.Script(outcomes);
    }

    /// <summary>Makes one coming call throw: the next, or the one after those already lined up.</summary>
    /// <param name="failure">What it throws.</param>
    public void FailNext(CountersignException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        _journal.FailNext(failure);
    }

    /// <summary>Gives a flow its outcome, and lets whoever waits for it go on.</summary>
    /// <param name="correlationId">A flow of any kind that this fake started.</param>
    /// <param name="outcome">Its outcome from now on.</param>
    /// <exception cref="ArgumentException">This fake started no such flow.</exception>
    public void Decide(string correlationId, VerificationOutcome outcome)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        if (!_journal.TryDecide(correlationId, outcome))
        {
            throw new ArgumentException("This fake started no such flow.", nameof(correlationId));
        }
    }

    /// <inheritdoc/>
    public Task<VerifyResponse> VerifyAsync(
        VerifyRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new FakeCall { Method = nameof(VerifyAsync), Request = request, Options = options };
        return FakeAnswer.From(
            () => Begun(_journal.Begin(call, FakeFlowKind.Verify, flow => flow with { FlowType = request.FlowType })), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<VerifyStatusResponse> GetStatusAsync(string correlationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        return FakeAnswer.From(Ask, cancellationToken);

        VerifyStatusResponse Ask()
        {
            var call = new FakeCall { Method = nameof(GetStatusAsync), CorrelationId = correlationId };
            var flow = _journal.Receive(call, FakeFlowKind.Verify);
            return flow.Outcome == VerificationOutcome.Expired ? throw FakeJournal.UnknownFlow(correlationId) : Status(flow);
        }
    }

    /// <summary>Returns at once when the flow has an outcome, else when <see cref="Decide"/> gives it one. Never by time.</summary>
    /// <inheritdoc/>
    public async Task<VerifyStatusResponse> WaitForResultAsync(
        string correlationId, WaitForResultOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        WaitForResultOptions.ThrowIfInvalid(options ?? new WaitForResultOptions());

        var call = new FakeCall { Method = nameof(WaitForResultAsync), CorrelationId = correlationId };
        return Status(
            await _journal.WaitAsync(call, FakeFlowKind.Verify, flow => flow.Outcome.IsFinal, cancellationToken).ConfigureAwait(false));
    }

    void ICountersignClient.OnlyTheSdkImplementsThis()
    {
    }

    private VerifyResponse Begun(FakeFlow flow)
    {
        var status = Status(flow.FlowType == FlowType.None ? flow : flow with { Outcome = VerificationOutcome.Pending });
        return new VerifyResponse
        {
            AuthToken = flow.FlowType == FlowType.None ? null : "fake-auth-token",
            CorrelationId = flow.CorrelationId,
            Outcome = status.Outcome,
            PossessionResult = status.PossessionResult,
            VerifyResult = status.VerifyResult,
        };
    }

    private VerifyStatusResponse Status(FakeFlow flow)
    {
        var isTrue = flow.Outcome == VerificationOutcome.True;
        var isFalse = flow.Outcome == VerificationOutcome.False;
        return new VerifyStatusResponse
        {
            CorrelationId = flow.CorrelationId,
            Outcome = flow.Outcome,
            PossessionResult = flow.FlowType == FlowType.None ? PossessionResult.NotApplicable
                : isTrue ? PossessionResult.Success
                : isFalse ? PossessionResult.Failed
                : PossessionResult.Pending,
            VerifyResult = isTrue ? VerifyResult.Success : isFalse ? VerifyResult.Failed : VerifyResult.Pending,
            IdentityId = isTrue ? IdentityId : null,
        };
    }
}
