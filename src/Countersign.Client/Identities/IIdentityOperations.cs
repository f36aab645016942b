namespace Countersign.Client;

/// <summary>Keeps the identities of your project: phones that were verified once and are watched from then on.</summary>
/// <remarks>
/// An id that your project does not have is a <see cref="CountersignException"/> with <see cref="CountersignErrorCode.NotFound"/>.
/// </remarks>
public interface IIdentityOperations
{
    /// <summary>
    /// Enrols a person. Who is enrolled already keeps their id, and their data is replaced. Never repeated by this client.
    /// </summary>
    /// <param name="request">The person.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have enrolled the person nevertheless.</param>
    /// <returns>The identity's id.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<EnrolResponse> EnrolAsync(EnrolRequest request, CancellationToken cancellationToken = default);

    /// <summary>Enrols up to a hundred people. Never repeated by this client.</summary>
    /// <param name="request">The people. One whose data is wrong is answered with an error of its own and does not fail the call.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have enrolled them nevertheless.</param>
    /// <returns>An id or an error for each, in the order of the request.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<EnrolBatchResponse> EnrolBatchAsync(EnrolBatchRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of the identities of your project.</summary>
    /// <param name="request">Which page; null for the first, of a hundred active identities.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>Their ids, and where the next page begins.</returns>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ListIdentitiesResponse> ListAsync(ListIdentitiesRequest? request = null, CancellationToken cancellationToken = default);

    /// <summary>Reads all identities of your project, page after page, each when it is wanted.</summary>
    /// <param name="request">Where to begin and how many to ask for at a time; null for the beginning, and a hundred active ones.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>Their ids. Identities that come or go meanwhile may or may not be among them.</returns>
    /// <exception cref="CountersignException">
    /// Thrown while enumerating: the server refused, could not be reached, did not answer in time, or sent the same page twice.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    IAsyncEnumerable<IdentityReference> ListAllAsync(ListIdentitiesRequest? request = null, CancellationToken cancellationToken = default);

    /// <summary>Reads one identity.</summary>
    /// <param name="proveId">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="ArgumentException"><paramref name="proveId"/> is null, empty, white space or a relative path.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<EnrolledIdentity> GetAsync(string proveId, CancellationToken cancellationToken = default);

    /// <summary>Finds the identities of a number.</summary>
    /// <remarks>The contract puts the number into the URL, where proxies and traces may write it down.</remarks>
    /// <param name="phoneNumber">The number: North American with or without <c>+1</c>, others as <c>+</c> and country code.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>The identities; none when nobody is enrolled with this number.</returns>
    /// <exception cref="ArgumentException"><paramref name="phoneNumber"/> is null, empty, white space or a relative path.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<LookUpResponse> LookUpAsync(string phoneNumber, CancellationToken cancellationToken = default);

    /// <summary>Watches an identity again that was deactivated.</summary>
    /// <param name="proveId">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have done it nevertheless.</param>
    /// <returns>Whether it is active.</returns>
    /// <exception cref="ArgumentException"><paramref name="proveId"/> is null, empty, white space or a relative path.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ChangeResponse> ActivateAsync(string proveId, CancellationToken cancellationToken = default);

    /// <summary>Stops watching an identity, but keeps it.</summary>
    /// <param name="proveId">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have done it nevertheless.</param>
    /// <returns>Whether it is inactive.</returns>
    /// <exception cref="ArgumentException"><paramref name="proveId"/> is null, empty, white space or a relative path.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ChangeResponse> DeactivateAsync(string proveId, CancellationToken cancellationToken = default);

    /// <summary>Removes an identity from your project. Never repeated by this client: a second time it is not found.</summary>
    /// <param name="proveId">Its id.</param>
    /// <param name="cancellationToken">Ends the wait for the answer. The server may have done it nevertheless.</param>
    /// <returns>Whether it is gone.</returns>
    /// <exception cref="ArgumentException"><paramref name="proveId"/> is null, empty, white space or a relative path.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ChangeResponse> DisenrolAsync(string proveId, CancellationToken cancellationToken = default);

    /// <summary>Finds the same person in projects that yours is linked with, see <see cref="IDomainOperations"/>.</summary>
    /// <param name="identityId">The identity's id in your project.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>The person's identities there; none when there are none.</returns>
    /// <exception cref="ArgumentException"><paramref name="identityId"/> is null, empty, white space or a relative path.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<CrossDomainResponse> ListCrossDomainAsync(string identityId, CancellationToken cancellationToken = default);

    /// <summary>Finds out which attributes an identity has, without their values.</summary>
    /// <param name="request">The identity.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>The ids of the attributes; none when there are none.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<DiscoverResponse> DiscoverAsync(DiscoverRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads the value of an attribute.</summary>
    /// <param name="request">The identity and the attribute, as <see cref="DiscoverAsync"/> found it.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>The value, from each who issued it.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is null.</exception>
    /// <exception cref="CountersignException">The server refused, could not be reached or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<FetchResponse> FetchAsync(FetchRequest request, CancellationToken cancellationToken = default);

    /// <summary>Keeps implementations in the SDK, so that an operation may be added without breaking anybody.</summary>
    internal void OnlyTheSdkImplementsThis();
}
