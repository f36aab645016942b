using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Providers.Http;

namespace Countersign.Providers.Camara;

/// <summary>Asks an operator's APIs as this server, with nobody present (two-legged): for KYC Match and the risk signals.</summary>
internal sealed class OperatorApis(OperatorSettings settings, OperatorTokens tokens, OperatorCalls calls, TimeProvider time) : IDisposable
{
    // A token that ends on its way would cost the call.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MinLifetime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (Secret Token, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _asking = new(1, 1);

    /// <summary>Posts JSON to one of the operator's APIs. A token that was refused is asked for anew, once.</summary>
    /// <param name="call">For the log.</param>
    /// <param name="path">Begins with a slash, below the operator's <c>ApiUrl</c>.</param>
    /// <param name="scope">The API's scope.</param>
    /// <exception cref="OperatorFailure">There is no answer, or none that counts.</exception>
    public async Task<ProviderAnswer> PostAsync(string call, string path, string scope, byte[] json, CancellationToken cancellationToken)
    {
        for (var isSecond = false; ; isSecond = true)
        {
            var token = await TokenAsync(scope, cancellationToken);
            var answer = await calls.SendAsync(call, () => NewRequest(path, json, token), cancellationToken);
            if (answer.Status != 401 || isSecond)
            {
                return answer;
            }
            _known.TryRemove(scope, out _);
        }
    }

    public void Dispose() => _asking.Dispose();

    private HttpRequestMessage NewRequest(string path, byte[] json, Secret token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, settings.Api + path)
        {
            Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        request.Headers.Add("x-correlator", RandomNumberGenerator.GetHexString(32, lowercase: true));
        return request;
    }

    private async Task<Secret> TokenAsync(string scope, CancellationToken cancellationToken)
    {
        if (Fresh(scope) is { } known)
        {
            return known;
        }
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (Fresh(scope) is { } meanwhile)
            {
                return meanwhile;
            }
            var answer = await tokens.AskAsync(
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["grant_type"] = "client_credentials",
                    ["scope"] = $"dpv:{settings.Purpose} {scope}",
                },
                cancellationToken);
            var token = new Secret(answer.Json?.Text("access_token")!);
            var lifetime = TimeSpan.FromSeconds(answer.Json?.Number("expires_in") ?? 0) - Margin;
            _known[scope] = (token, time.GetUtcNow() + (lifetime < MinLifetime ? MinLifetime : lifetime));
            return token;
        }
        finally
        {
            _asking.Release();
        }
    }

    private Secret? Fresh(string scope) => _known.TryGetValue(scope, out var known) && time.GetUtcNow() < known.Until ? known.Token : null;
}
