using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Providers.Http;

namespace Countersign.Providers.Camara;

/// <summary>Asks an operator's APIs as this server, with nobody present (two-legged): for KYC Match and the risk signals.</summary>
internal sealed class OperatorApis(OperatorSettings settings, OperatorTokens tokens, OperatorCalls calls, TimeProvider time)
{
    // A token that ends on its way would cost the call.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _minLifetime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, SharedLoad<ApiToken>> _tokens = new(StringComparer.Ordinal);

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
            var answer = await calls.SendAsync(call, () => NewRequest(path, json, token.Value), cancellationToken);
            if (answer.Status != 401 || isSecond)
            {
                return answer;
            }
            token.IsRefused = true;
        }
    }

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

    // One load for all who ask for this scope, and none for another's.
    private Task<ApiToken> TokenAsync(string scope, CancellationToken cancellationToken) => _tokens
        .GetOrAdd(scope, static _ => new SharedLoad<ApiToken>())
        .GetAsync(known => !known.IsRefused && time.GetUtcNow() < known.Until, () => LoadAsync(scope), cancellationToken);

    private async Task<ApiToken> LoadAsync(string scope)
    {
        var answer = await tokens.AskAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "client_credentials",
                ["scope"] = $"dpv:{settings.Purpose} {scope}",
            },
            CancellationToken.None);
        var lifetime = TimeSpan.FromSeconds(answer.Json?.Number("expires_in") ?? 0) - _margin;
        return new ApiToken(
            new Secret(answer.Json?.Text("access_token")!), time.GetUtcNow() + (lifetime < _minLifetime ? _minLifetime : lifetime));
    }

    private sealed class ApiToken(Secret value, DateTimeOffset until)
    {
        private volatile bool _isRefused;

        public Secret Value => value;

        public DateTimeOffset Until => until;

        /// <summary>The operator took it no longer. It is this one that is not used again, and not one that came meanwhile.</summary>
        public bool IsRefused
        {
            get => _isRefused;
            set => _isRefused = value;
        }
    }
}
