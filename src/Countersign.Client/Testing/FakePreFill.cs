namespace Countersign.Client.Testing;

/// <summary>The pre-fill flows of a <see cref="FakeCountersignClient"/>. Steps out of order are refused, as at the server.</summary>
/// <remarks>
/// A flow whose outcome is true proves possession, finds <see cref="Individual"/> and completes. One whose outcome is false fails at
/// possession, or later if <see cref="FakeCountersignClient.Decide"/> says so between two steps.
/// </remarks>
public sealed class FakePreFill : IPreFillOperations
{
    private readonly FakeJournal _journal;

    internal FakePreFill(FakeJournal journal) => _journal = journal;

    /// <summary>Whom a challenge finds.</summary>
    /// <value>A person without any data by default.</value>
    public Individual Individual { get; set; } = new();

    /// <summary>Whether flows have a challenge, or go on to the completion at once.</summary>
    /// <value>True by default.</value>
    public bool HasChallenge { get; set; } = true;

    /// <inheritdoc/>
    public Task<StartResponse> StartAsync(
        StartRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(Start, cancellationToken);

        StartResponse Start()
        {
            var call = new FakeCall { Method = "PreFill.StartAsync", Request = request, Options = options };
            var flow = _journal.Begin(call, FakeFlowKind.PreFill, flow => flow with
            {
                PhoneNumber = request.PhoneNumber,
                IsChallengeMissing = HasChallenge && request.BirthDate is null && request.Ssn is null,
            });
            return new StartResponse { AuthToken = "fake-auth-token", CorrelationId = flow.CorrelationId, Next = NextStep.Validate };
        }
    }

    /// <inheritdoc/>
    public Task<ValidateResponse> ValidateAsync(string correlationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        return FakeAnswer.From(Validate, cancellationToken);

        ValidateResponse Validate()
        {
            var proven = HasChallenge ? NextStep.Challenge : NextStep.Complete;
            var flow = Take(
                "PreFill.ValidateAsync",
                correlationId,
                request: null,
                flow => flow.Next == NextStep.Validate || flow.Next == proven,
                flow => flow.Outcome == VerificationOutcome.True ? flow with { Next = proven } : flow);
            var succeeded = flow.Outcome == VerificationOutcome.True;
            return new ValidateResponse
            {
                CorrelationId = correlationId,
                Succeeded = succeeded,
                IsChallengeMissing = flow.IsChallengeMissing,
                PhoneNumber = flow.PhoneNumber,
                Next = succeeded ? proven : flow.Outcome == VerificationOutcome.False ? NextStep.Done : NextStep.Validate,
            };
        }
    }

    /// <inheritdoc/>
    public Task<ChallengeResponse> ChallengeAsync(ChallengeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(Challenge, cancellationToken);

        ChallengeResponse Challenge()
        {
            var flow = Take(
                "PreFill.ChallengeAsync",
                request.CorrelationId,
                request,
                flow => flow.Next == NextStep.Challenge,
                flow => flow.IsChallengeMissing && request.BirthDate is null && request.Ssn is null
                    ? throw FakeJournal.InvalidRequest("field 'dob' is missing; field 'ssn' is missing", flow.CorrelationId)
                    : flow with { Next = NextStep.Complete });
            var succeeded = flow.Outcome == VerificationOutcome.True;
            return new ChallengeResponse
            {
                CorrelationId = request.CorrelationId,
                Succeeded = succeeded,
                Individual = succeeded ? Individual : null,
                Next = NextStep.Complete,
            };
        }
    }

    /// <inheritdoc/>
    public Task<CompleteResponse> CompleteAsync(CompleteRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(Complete, cancellationToken);

        CompleteResponse Complete()
        {
            var flow = Take(
                "PreFill.CompleteAsync",
                request.CorrelationId,
                request,
                flow => flow.Next == NextStep.Complete,
                flow => flow with { Next = NextStep.Done });
            return new CompleteResponse
            {
                CorrelationId = request.CorrelationId,
                Succeeded = flow.Outcome == VerificationOutcome.True,
                Next = NextStep.Done,
            };
        }
    }

    void IPreFillOperations.OnlyTheSdkImplementsThis()
    {
    }

    private FakeFlow Take(
        string method, string correlationId, object? request, Func<FakeFlow, bool> isAllowed, Func<FakeFlow, FakeFlow> change) =>
        _journal.Receive(
            new FakeCall { Method = method, CorrelationId = correlationId, Request = request },
            FakeFlowKind.PreFill,
            flow => flow.Outcome == VerificationOutcome.Expired ? throw FakeJournal.UnknownFlow(correlationId)
                : isAllowed(flow) ? change(flow)
                : throw FakeJournal.StepNotAllowed(correlationId));
}
