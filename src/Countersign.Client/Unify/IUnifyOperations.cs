namespace Countersign.Client;

/// <summary>Proves possession of a phone once and recognises the device afterwards.</summary>
public interface IUnifyOperations
{
    /// <summary>Starts a flow. The browser then runs it with the auth token.</summary>
    /// <param name="request">The phone or the known identity, and the device.</param>
    /// <param name="options">An idempotency key of your own; null for a random one.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have started the flow nevertheless.</param>
    /// <returns>The flow's id and the auth token for the browser.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null, or the idempotency key is not visible ASCII.</exception>
    /// <exception cref="CountersignException">
    /// The server refused, could not be reached or did not answer in time. <see cref="CountersignErrorCode.NotFound"/> when your project
    /// has no such <see cref="UnifyRequest.ProveId"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<UnifyResponse> StartAsync(UnifyRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads how a flow stands. Asking changes nothing and may be repeated.</summary>
    /// <param name="correlationId"><see cref="UnifyResponse.CorrelationId"/>, out of your session, never from a browser.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>The outcome as it is now, and the ids of identity and device when it is known.</returns>
    /// <exception cref="ArgumentException"><paramref name="correlationId"/> is null, empty or white space.</exception>
    /// <exception cref="CountersignException">
    /// The server refused, could not be reached or did not answer in time. <see cref="CountersignErrorCode.UnknownCorrelationId"/> when it
    /// knows no such flow or its 15 minutes have passed.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<UnifyStatusResponse> GetStatusAsync(string correlationId, CancellationToken cancellationToken = default);

    /// <summary>Asks until the flow is decided or wants your own possession check.</summary>
    /// <remarks>
    /// The first question must be answered. After that a server that cannot be reached for a while does not end the wait; when it is still
    /// away at the time-out, its last failure is thrown.
    /// </remarks>
    /// <param name="correlationId"><see cref="UnifyResponse.CorrelationId"/>, out of your session, never from a browser.</param>
    /// <param name="options">Time-out and pauses; null for 15 minutes and one to five seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// <see cref="UnifyOutcome.True"/> or <see cref="UnifyOutcome.False"/>; <see cref="UnifyOutcome.PossessionRequired"/>, which only
    /// <see cref="BindAsync"/> ends; <see cref="UnifyOutcome.Expired"/> when the flow's time passed undecided; the last answer, usually
    /// <see cref="UnifyOutcome.Pending"/>, when the time-out came first.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="correlationId"/> is null, empty or white space, or <paramref name="options"/> has a time that is not allowed.
    /// </exception>
    /// <exception cref="CountersignException">The server refused, or could not be reached; see the remarks.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<UnifyStatusResponse> WaitForResultAsync(
        string correlationId, WaitForResultOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Says that you have checked possession yourself. Once, while the status is <see cref="UnifyOutcome.PossessionRequired"/>; never
    /// repeated by this client.
    /// </summary>
    /// <param name="request">The flow and the number that was proven, which must be the flow's.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have tied the device nevertheless.</param>
    /// <returns>The outcome, and the ids of identity and device.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">
    /// As for <see cref="GetStatusAsync"/>; <see cref="CountersignErrorCode.StepNotAllowed"/> when the flow wants no such check, or no
    /// longer; <see cref="CountersignErrorCode.InvalidRequest"/> for another number than the flow's.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<UnifyStatusResponse> BindAsync(UnifyBindRequest request, CancellationToken cancellationToken = default);

    /// <summary>Forgets a device: its next flow proves possession anew. Revoking twice does no more than revoking once.</summary>
    /// <param name="request">The device.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have revoked the device nevertheless.</param>
    /// <returns>Whether it is revoked.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">
    /// The server refused, could not be reached or did not answer in time. <see cref="CountersignErrorCode.NotFound"/> when your project
    /// has no such device.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ChangeResponse> RevokeDeviceAsync(RevokeDeviceRequest request, CancellationToken cancellationToken = default);

    /// <summary>Keeps implementations in the SDK, so that an operation may be added without breaking anybody.</summary>
    internal void OnlyTheSdkImplementsThis();
}
