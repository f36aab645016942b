namespace Countersign.Client;

/// <summary>Links your project with others, so that a person enrolled in one can be found in the other.</summary>
public interface IDomainOperations
{
    /// <summary>Asks another project for a link. It is linked when that project confirms. Never repeated by this client.</summary>
    /// <param name="request">The other project and what the link is for.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have done it nevertheless.</param>
    /// <returns>Whether the other project was asked.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ChangeResponse> LinkAsync(LinkDomainRequest request, CancellationToken cancellationToken = default);

    /// <summary>Agrees to a link that another project asked for. Never repeated by this client.</summary>
    /// <param name="pcid">The other project's id, as <see cref="GetLinkedAsync"/> shows its request.</param>
    /// <param name="scopes">
    /// The scopes you agree to, as <see cref="GetLinkedAsync"/> has shown them: a request for others is refused. Null or empty agrees to
    /// what it has shown last.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have done it nevertheless.</param>
    /// <returns>Whether the projects are linked.</returns>
    /// <exception cref="ArgumentException"><paramref name="pcid"/> is null, empty or white space.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ChangeResponse> ConfirmLinkAsync(
        string pcid, IReadOnlyList<string>? scopes = null, CancellationToken cancellationToken = default);

    /// <summary>Ends a link. Never repeated by this client.</summary>
    /// <param name="request">The two projects.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have done it nevertheless.</param>
    /// <returns>Whether the link is gone.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ChangeResponse> UnlinkAsync(UnlinkDomainRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads how other projects know yours.</summary>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>Your project's id and name.</returns>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<DomainIdResponse> GetIdAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the links of your project, and those that were asked for.</summary>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>Links and requests, in both directions.</returns>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<LinkedDomainsResponse> GetLinkedAsync(CancellationToken cancellationToken = default);

    /// <summary>Keeps implementations in the SDK, so that an operation may be added without breaking anybody.</summary>
    internal void OnlyTheSdkImplementsThis();
}
