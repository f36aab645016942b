namespace Countersign.Client;

/// <summary>Asks how your project's flows stand and how they ended, for as long as the server keeps that, and cancels them.</summary>
/// <remarks>
/// Beside the published contract: a server that has none of it answers 403 or 404. A flow that your project does not have, or of which
/// nothing is kept any more, is a <see cref="CountersignException"/> with <see cref="CountersignErrorCode.NotFound"/>.
/// </remarks>
public interface IFlowOperations
{
    /// <summary>Reads one page of your project's flows, newest first.</summary>
    /// <param name="request">Which flows, and which page; null for the first of all.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>
    /// The flows, without <see cref="FlowRecord.Timeline"/> and <see cref="FlowRecord.Texts"/>, and where the next page begins. A page
    /// may be empty and not the last.
    /// </returns>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ListFlowsResponse> ListAsync(ListFlowsRequest? request = null, CancellationToken cancellationToken = default);

    /// <summary>Reads all of your project's flows that fit, newest first, page after page, each when it is wanted.</summary>
    /// <param name="request">Which flows, and how many to ask for at a time; null for all.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The flows. One that ends meanwhile is there once.</returns>
    /// <exception cref="CountersignException">
    /// Thrown while enumerating: the server refused, could not be reached, did not answer in time, or sent the same page twice.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    IAsyncEnumerable<FlowRecord> ListAllAsync(ListFlowsRequest? request = null, CancellationToken cancellationToken = default);

    /// <summary>Finds your project's flows by an id of yours or by a number, which never stand in a URL.</summary>
    /// <param name="request">What they are looked for by: one of the three; and what narrows it.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>One page, as <see cref="ListAsync"/> does.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ListFlowsResponse> SearchAsync(SearchFlowsRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads one flow, with what happened to it and to its texts.</summary>
    /// <param name="correlationId">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException"><paramref name="correlationId"/> is null, empty, white space or a relative path.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<FlowRecord> GetAsync(string correlationId, CancellationToken cancellationToken = default);

    /// <summary>Ends a flow that runs. One that was cancelled before is answered as the first time, so this client repeats it.</summary>
    /// <param name="correlationId">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have cancelled the flow nevertheless.</param>
    /// <returns>The flow, which is cancelled.</returns>
    /// <exception cref="ArgumentException"><paramref name="correlationId"/> is null, empty, white space or a relative path.</exception>
    /// <exception cref="CountersignException">
    /// The server refused, could not be reached or did not answer in time. <see cref="CountersignErrorCode.FlowEnded"/> when the flow has
    /// come to another end.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<FlowRecord> CancelAsync(string correlationId, CancellationToken cancellationToken = default);

    /// <summary>Keeps implementations in the SDK, so that an operation may be added without breaking anybody.</summary>
    internal void OnlyTheSdkImplementsThis();
}
