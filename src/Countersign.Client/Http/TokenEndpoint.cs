using System.Net;
using Countersign.Client.Wire;

namespace Countersign.Client.Http;

/// <summary>Exchanges the client's credentials for an access token (RFC 6749, section 4.4).</summary>
internal sealed class TokenEndpoint(Exchange exchange, RetryPolicy retries, ClientSettings settings)
{
    // Renewed a minute early: a token must not run out on its way to the server.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _maxLifetime = TimeSpan.FromDays(1);

    // Where the server does not say (RFC 6749, section 5.1: recommended only). A token that ends earlier is refused, and then a new one is
    // got.
    private static readonly TimeSpan _unstatedLifetime = TimeSpan.FromMinutes(5);

    public async Task<AccessToken> FetchAsync()
    {
        using var activity = Telemetry.Start(Operation.Token);
        Telemetry.RecordTokenFetch();
        try
        {
            return await retries.RunAsync(Operation.Token, isRepeatable: true, FetchOnceAsync, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (CountersignException failure)
        {
            Telemetry.SetFailure(activity, failure);
            throw;
        }
    }

    private async Task<AccessToken> FetchOnceAsync(CancellationToken cancellationToken)
    {
        // The life counts from the question: the answer's way back takes from it.
        var askedAt = settings.Time.GetUtcNow();
        var content = new FormUrlEncodedContent(
        [
            new("client_id", settings.ClientId),
            new("client_secret", settings.ClientSecret),
            new("grant_type", "client_credentials"),
        ]);

        var answer = await exchange.SendAsync<TokenResponseBody>(
            Operation.Token,
            Operation.Token.Path,
            content,
            addHeaders: null,
            correlationId: null,
            cancellationToken).ConfigureAwait(false);

        if (!IsToken(answer.AccessToken) || !string.Equals(answer.TokenType, "Bearer", StringComparison.OrdinalIgnoreCase))
        {
            throw Failure.Unreadable(Operation.Token, HttpStatusCode.OK, correlationId: null);
        }

        return new AccessToken(answer.AccessToken!, askedAt + UsableLifetime(answer.ExpiresIn));
    }

    // RFC 6749, A.12: it goes into a header, where a line break would end it.
    private static bool IsToken(string? text) => !string.IsNullOrWhiteSpace(text) && text!.All(c => c is >= ' ' and <= '~');

    private static TimeSpan UsableLifetime(double? expiresInSeconds)
    {
        var lifetime = expiresInSeconds is { } seconds
            ? TimeSpan.FromSeconds(Math.Min(Math.Max(seconds, 0), _maxLifetime.TotalSeconds))
            : _unstatedLifetime;
        var half = TimeSpan.FromTicks(lifetime.Ticks / 2);
        return lifetime - (_margin < half ? _margin : half);
    }
}
