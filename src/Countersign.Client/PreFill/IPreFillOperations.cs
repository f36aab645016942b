namespace Countersign.Client;

/// <summary>
/// Finds out who the person with the phone is, in four steps: start, validate, challenge and complete. A server that is set to compare
/// only leaves the challenge out; each answer's <c>Next</c> says how to go on.
/// </summary>
public interface IPreFillOperations
{
    /// <summary>Starts a flow. The browser then proves possession with the auth token.</summary>
    /// <param name="request">The phone, the device and what the person said of themselves.</param>
    /// <param name="options">An idempotency key of your own; null for a random one.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have started the flow nevertheless.</param>
    /// <returns>The flow's id and the auth token for the browser.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null, or the idempotency key is not visible ASCII.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<StartResponse> StartAsync(StartRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads whether possession was proven. Asking changes nothing and may be repeated until the next step was taken.</summary>
    /// <param name="correlationId"><see cref="StartResponse.CorrelationId"/>, out of your session, never from a browser.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>Possession as it stands now, and the next step.</returns>
    /// <exception cref="ArgumentException"><paramref name="correlationId"/> is null, empty or white space.</exception>
    /// <exception cref="CountersignException">
    /// The server refused, could not be reached or did not answer in time. <see cref="CountersignErrorCode.UnknownCorrelationId"/> when it
    /// knows no such flow or its 15 minutes have passed; <see cref="CountersignErrorCode.StepNotAllowed"/> after a later step.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ValidateResponse> ValidateAsync(string correlationId, CancellationToken cancellationToken = default);

    /// <summary>Asks who the person is, with what they know of themselves. Once per flow, and never repeated by this client.</summary>
    /// <param name="request">A birth date or an identification number, unless the start had one.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have counted the call nevertheless.</param>
    /// <returns>The person, if what they know was right.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">
    /// As for <see cref="ValidateAsync"/>; <see cref="CountersignErrorCode.StepNotAllowed"/> before a validate that succeeded and after a
    /// challenge; <see cref="CountersignErrorCode.InvalidRequest"/> when neither start nor challenge had a birth date or number.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ChallengeResponse> ChallengeAsync(ChallengeRequest request, CancellationToken cancellationToken = default);

    /// <summary>Has what the person confirmed compared, and ends the flow. Once per flow, and never repeated by this client.</summary>
    /// <param name="request">The person, as they confirmed themselves.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have ended the flow nevertheless.</param>
    /// <returns>Whether it fits, with findings where the server has any.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">
    /// As for <see cref="ValidateAsync"/>; <see cref="CountersignErrorCode.StepNotAllowed"/> before its turn and after a first time;
    /// <see cref="CountersignErrorCode.InvalidRequest"/> without both names and without a number.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<CompleteResponse> CompleteAsync(CompleteRequest request, CancellationToken cancellationToken = default);

    /// <summary>Keeps implementations in the SDK, so that an operation may be added without breaking anybody.</summary>
    internal void OnlyTheSdkImplementsThis();
}
