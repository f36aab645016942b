namespace Countersign.Client;

/// <summary>
/// Verifies a person by number alone, in one call. Nobody proves that they hold the phone: do that first, as with
/// <see cref="IUnifyOperations"/>.
/// </summary>
public interface IOneCallOperations
{
    /// <summary>Verifies one person. The answer is final.</summary>
    /// <param name="request">Who is to be verified, and for what.</param>
    /// <param name="options">An idempotency key of your own; null for a random one.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have asked its sources nevertheless.</param>
    /// <returns>The outcome, how sure it is, and who the person is where that was asked.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null, or the idempotency key is not visible ASCII.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<OneCallResponse> VerifyAsync(
        OneCallRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Verifies up to a thousand people. Never repeated by this client.</summary>
    /// <remarks>
    /// One try must end within <see cref="CountersignClientOptions.RequestTimeout"/>; give a client for large batches a longer one.
    /// </remarks>
    /// <param name="request">The people. One whose data is wrong is answered with an error of its own and does not fail the call.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have asked its sources nevertheless.</param>
    /// <returns>A result for each, in the order of the request.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<OneCallBatchResponse> VerifyBatchAsync(OneCallBatchRequest request, CancellationToken cancellationToken = default);

    /// <summary>Keeps implementations in the SDK, so that an operation may be added without breaking anybody.</summary>
    internal void OnlyTheSdkImplementsThis();
}
