namespace Countersign.Client.Testing;

/// <summary>
/// The one-call verifications of a <see cref="FakeCountersignClient"/>. Each takes one outcome of the script, a batch one for each item.
/// </summary>
public sealed class FakeOneCall : IOneCallOperations
{
    private readonly FakeJournal _journal;

    internal FakeOneCall(FakeJournal journal) => _journal = journal;

    /// <summary>Whom a verification finds whose outcome is true.</summary>
    /// <value>A person without any data, with <see cref="AssuranceLevel.Two"/>, by default.</value>
    public OneCallIdentity Identity { get; set; } = new() { AssuranceLevel = AssuranceLevel.Two };

    /// <summary>An outcome other than true is answered as false: this call has no pending.</summary>
    /// <inheritdoc/>
    public Task<OneCallResponse> VerifyAsync(
        OneCallRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(Verify, cancellationToken);

        OneCallResponse Verify()
        {
            _journal.Receive(new FakeCall { Method = "OneCall.VerifyAsync", Request = request, Options = options });
            var identity = TakeIdentity();
            return new OneCallResponse
            {
                Outcome = OutcomeOf(identity),
                CorrelationId = _journal.TakeId(),
                PhoneNumber = request.PhoneNumber,
                ClientCustomerId = request.ClientCustomerId,
                ClientHumanId = request.ClientHumanId,
                ClientRequestId = request.ClientRequestId,
                Identity = identity,
            };
        }
    }

    /// <inheritdoc/>
    public Task<OneCallBatchResponse> VerifyBatchAsync(OneCallBatchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(VerifyBatch, cancellationToken);

        OneCallBatchResponse VerifyBatch()
        {
            _journal.Receive(new FakeCall { Method = "OneCall.VerifyBatchAsync", Request = request });
            return new OneCallBatchResponse
            {
                CorrelationId = _journal.TakeId(),
                ClientRequestId = request.ClientRequestId,
                Results = [.. request.Items.Select(Verify)],
            };
        }
    }

    void IOneCallOperations.OnlyTheSdkImplementsThis()
    {
    }

    private static VerificationOutcome OutcomeOf(OneCallIdentity? identity) =>
        identity is null ? VerificationOutcome.False : VerificationOutcome.True;

    private OneCallBatchResult Verify(OneCallRequest item)
    {
        var identity = TakeIdentity();
        return new OneCallBatchResult
        {
            Outcome = OutcomeOf(identity),
            PhoneNumber = item.PhoneNumber,
            ClientCustomerId = item.ClientCustomerId,
            AssuranceLevel = identity?.AssuranceLevel ?? AssuranceLevel.Zero,
            ClientHumanId = item.ClientHumanId,
            Identity = identity,
        };
    }

    private OneCallIdentity? TakeIdentity() => _journal.TakeOutcome() == VerificationOutcome.True ? Identity : null;
}
