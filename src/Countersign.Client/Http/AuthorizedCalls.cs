using System.Net;
using System.Net.Http.Headers;

namespace Countersign.Client.Http;

/// <summary>Sends calls with the access token, and once more with a new one when the server refuses it.</summary>
internal sealed class AuthorizedCalls(Exchange exchange, RetryPolicy retries, AccessTokens tokens)
{
    public async Task<TAnswer> SendAsync<TAnswer>(Call call, CancellationToken cancellationToken)
        where TAnswer : class
    {
        var token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await SendAsync<TAnswer>(call, token, cancellationToken).ConfigureAwait(false);
        }
        catch (CountersignException failure) when (failure.StatusCode == HttpStatusCode.Unauthorized)
        {
            // A refused call did nothing, so it may be sent again whatever it is. The server may have changed its keys.
            tokens.Discard(token);
        }

        token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        return await SendAsync<TAnswer>(call, token, cancellationToken).ConfigureAwait(false);
    }

    private Task<TAnswer> SendAsync<TAnswer>(Call call, AccessToken token, CancellationToken cancellationToken)
        where TAnswer : class =>
        retries.RunAsync(call.Operation, call.IsRepeatable, oneTry => SendOnceAsync<TAnswer>(call, token, oneTry), cancellationToken);

    private Task<TAnswer> SendOnceAsync<TAnswer>(Call call, AccessToken token, CancellationToken cancellationToken)
        where TAnswer : class
    {
        var content = call.Body is null ? null : new ByteArrayContent(call.Body);
        if (content is not null)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        var pathAndQuery = call.PathAndQuery ?? call.Operation.Path;
        return exchange.SendAsync<TAnswer>(call.Operation, pathAndQuery, content, AddHeaders, call.CorrelationId, cancellationToken);

        void AddHeaders(HttpRequestHeaders headers)
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
            if (call.IdempotencyKey is { } key)
            {
                headers.TryAddWithoutValidation("Idempotency-Key", key);
            }
        }
    }
}
