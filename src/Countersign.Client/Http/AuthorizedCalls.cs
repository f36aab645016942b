using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;

namespace Countersign.Client.Http;

/// <summary>Sends calls with the access token, and once more with a new one when the server refuses it.</summary>
internal sealed class AuthorizedCalls(Exchange exchange, RetryPolicy retries, AccessTokens tokens)
{
    public async Task<TAnswer> SendAsync<TAnswer>(Call call, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
        where TAnswer : class
    {
        var token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await SendAsync(call, token, answerType, cancellationToken).ConfigureAwait(false);
        }
        catch (CountersignException failure) when (failure.StatusCode == HttpStatusCode.Unauthorized)
        {
            // A refused call did nothing, so it may be sent again whatever it is. The server may have changed its keys.
            tokens.Discard(token);
        }

        token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        return await SendAsync(call, token, answerType, cancellationToken).ConfigureAwait(false);
    }

    private Task<TAnswer> SendAsync<TAnswer>(
        Call call, AccessToken token, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
        where TAnswer : class =>
        retries.RunAsync(call.Operation, call.IsRepeatable, oneTry => SendOnceAsync(call, token, answerType, oneTry), cancellationToken);

    private Task<TAnswer> SendOnceAsync<TAnswer>(
        Call call, AccessToken token, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
        where TAnswer : class
    {
        var content = call.Body is null ? null : new ByteArrayContent(call.Body);
        if (content is not null)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        var pathAndQuery = call.PathAndQuery ?? call.Operation.Path;
        return exchange.SendAsync(call.Operation, pathAndQuery, content, AddHeaders, answerType, call.CorrelationId, cancellationToken);

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
