using System.Net.Http.Headers;
using System.Text.Json;
using Countersign.Client.Wire;

namespace Countersign.Client.Http;

/// <summary>Sends one request once. Whatever goes wrong on the way comes out as a <see cref="CountersignException"/>.</summary>
internal sealed class Exchange(Func<HttpClient> createHttpClient, ClientSettings settings)
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static readonly ProductInfoHeaderValue _userAgent = new("countersign-dotnet", Telemetry.Version);

    /// <param name="operation">What is asked.</param>
    /// <param name="pathAndQuery">Where, below the server's address.</param>
    /// <param name="content">Owned by this method; null for none.</param>
    /// <param name="addHeaders">Sets what only this request carries.</param>
    /// <param name="correlationId">The flow it is about, for the exception; or null.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<TAnswer> SendAsync<TAnswer>(
        Operation operation,
        string pathAndQuery,
        HttpContent? content,
        Action<HttpRequestHeaders>? addHeaders,
        string? correlationId,
        CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var request = new HttpRequestMessage(operation.Method, settings.BaseUrl.AbsoluteUri.TrimEnd('/') + pathAndQuery);
        request.Content = content;
        request.Headers.UserAgent.Add(_userAgent);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        addHeaders?.Invoke(request.Headers);

        var startedAt = settings.Time.GetTimestamp();
        try
        {
            var answer = await ReadAsync<TAnswer>(operation, request, correlationId, cancellationToken).ConfigureAwait(false);
            Telemetry.RecordRequest(operation, settings.Time.GetElapsedTime(startedAt), failure: null);
            return answer;
        }
        catch (CountersignException failure)
        {
            Telemetry.RecordRequest(operation, settings.Time.GetElapsedTime(startedAt), failure);
            throw;
        }
    }

    private async Task<TAnswer> ReadAsync<TAnswer>(
        Operation operation, HttpRequestMessage request, string? correlationId, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var deadline = Deadline.After(settings.RequestTimeout, settings.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var response = await createHttpClient().SendAsync(request, linked.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(linked.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode && TryParse<TAnswer>(body) is { } answer
                ? answer
                : throw Failure.From(operation, response, body, correlationId, settings.Time.GetUtcNow());
        }
        catch (OperationCanceledException)
        {
            // HttpClient reports its own time-out, ours and the caller's wish by the same type.
            cancellationToken.ThrowIfCancellationRequested();
            throw new CountersignException($"{operation} got no answer in time.") { CorrelationId = correlationId };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new CountersignException($"{operation} got no answer: the server could not be reached or broke off.", e)
            {
                CorrelationId = correlationId,
            };
        }
    }

    private static TAnswer? TryParse<TAnswer>(byte[] body)
        where TAnswer : class
    {
        try
        {
            // Some servers put a byte order mark before their JSON.
            return WireJson.Read<TAnswer>(body.AsSpan(body.AsSpan().StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
