using System.Net;
using System.Runtime.CompilerServices;
using Countersign.Client.Http;

namespace Countersign.Client;

/// <summary>Turns pages into one sequence, each page read when its first identity is wanted.</summary>
internal static class IdentityPages
{
    public static async IAsyncEnumerable<IdentityReference> ReadAllAsync(
        Func<ListIdentitiesRequest, CancellationToken, Task<ListIdentitiesResponse>> readPageAsync,
        ListIdentitiesRequest? request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        request ??= new ListIdentitiesRequest();
        while (true)
        {
            var page = await readPageAsync(request, cancellationToken).ConfigureAwait(false);
            foreach (var identity in page.Results)
            {
                yield return identity;
            }

            if (page.LastKey is null)
            {
                yield break;
            }

            if (page.LastKey == request.StartKey)
            {
                // The next page would be this one again, and the enumeration endless.
                throw Failure.Unreadable(Operation.ListIdentities, HttpStatusCode.OK, correlationId: null);
            }

            request = request with { StartKey = page.LastKey };
        }
    }
}
