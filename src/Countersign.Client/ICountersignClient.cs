namespace Countersign.Client;

/// <summary>
/// What a relying party asks of the server. Implemented by <see cref="CountersignClient"/> and, for your tests, by
/// <see cref="Testing.FakeCountersignClient"/>; nobody else can.
/// </summary>
/// <remarks>
/// Verify and its status, the two calls that most need, stand here; what belongs to another way of verifying stands together behind a
/// property of its own. All share one access token. Later versions may add members.
/// </remarks>
public interface ICountersignClient
{
    /// <summary>Finds out who the person with the phone is: start, validate, challenge, complete.</summary>
    IPreFillOperations PreFill { get; }

    /// <summary>Proves possession once and recognises the device afterwards.</summary>
    IUnifyOperations Unify { get; }

    /// <summary>Verifies by number alone in one call, one person or a batch.</summary>
    IOneCallOperations OneCall { get; }

    /// <summary>Keeps the identities of your project.</summary>
    IIdentityOperations Identities { get; }

    /// <summary>Links your project with others.</summary>
    IDomainOperations Domains { get; }

    /// <summary>Asks what became of your project's flows, and cancels them.</summary>
    IFlowOperations Flows { get; }

    /// <summary>Starts a verification.</summary>
    /// <param name="request">Who is to be verified, and on which device.</param>
    /// <param name="options">An idempotency key of your own; null for a random one.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have started the flow nevertheless.</param>
    /// <returns>The flow's id, and the auth token for the browser unless there is no possession check.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null, or the idempotency key is not visible ASCII.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<VerifyResponse> VerifyAsync(VerifyRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads how a verification stands. Asking changes nothing and may be repeated.</summary>
    /// <param name="correlationId"><see cref="VerifyResponse.CorrelationId"/>, out of your session, never from a browser.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>The three results as they are now.</returns>
    /// <exception cref="ArgumentException"><paramref name="correlationId"/> is null, empty or white space.</exception>
    /// <exception cref="CountersignException">
    /// The server refused, could not be reached or did not answer in time. <see cref="CountersignErrorCode.UnknownCorrelationId"/> when it
    /// knows no such flow or its 15 minutes have passed.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<VerifyStatusResponse> GetStatusAsync(string correlationId, CancellationToken cancellationToken = default);

    /// <summary>Asks until the verification has ended.</summary>
    /// <remarks>
    /// The first question must be answered. After that a server that cannot be reached for a while does not end the wait; when it is still
    /// away at the time-out, its last failure is thrown.
    /// </remarks>
    /// <param name="correlationId"><see cref="VerifyResponse.CorrelationId"/>, out of your session, never from a browser.</param>
    /// <param name="options">Time-out and pauses; null for 15 minutes and one to five seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// <see cref="VerificationOutcome.True"/> or <see cref="VerificationOutcome.False"/>; <see cref="VerificationOutcome.Expired"/> when
    /// the flow's time passed undecided; the last answer, usually <see cref="VerificationOutcome.Pending"/>, when the time-out came first.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="correlationId"/> is null, empty or white space, or <paramref name="options"/> has a time that is not allowed.
    /// </exception>
    /// <exception cref="CountersignException">The server refused, or could not be reached; see the remarks.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<VerifyStatusResponse> WaitForResultAsync(
        string correlationId, WaitForResultOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Keeps implementations in the SDK, so that an operation may be added without breaking anybody.</summary>
    internal void OnlyTheSdkImplementsThis();
}
