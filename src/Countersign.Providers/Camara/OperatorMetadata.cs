using System.Text;
using System.Text.Json;
using Countersign.Core;
using Countersign.Providers.Http;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Providers.Camara;

/// <summary>
/// What an operator publishes about itself: asked for once an hour, and its keys anew when a token names one that is not among them.
/// </summary>
internal sealed class OperatorMetadata(OperatorSettings settings, OperatorCalls calls, TimeProvider time)
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(1);

    private readonly SharedLoad<Published> _published = new();

    /// <exception cref="OperatorFailure">It cannot be had, or it is not this operator's.</exception>
    public Task<Published> GetAsync(CancellationToken cancellationToken) =>
        _published.GetAsync(known => time.GetUtcNow() < known.Until, LoadAsync, cancellationToken);

    /// <summary>The keys as they are now, unless somebody has asked again since <paramref name="stale"/> was read.</summary>
    /// <exception cref="OperatorFailure">They cannot be had.</exception>
    public Task<Published> RefreshAsync(Published stale, CancellationToken cancellationToken) => _published.GetAsync(
        known => !ReferenceEquals(known, stale), async () => stale with { Keys = await LoadKeysAsync(stale.KeysAddress) },
        cancellationToken);

    private async Task<Published> LoadAsync()
    {
        var address = settings.Issuer.TrimEnd('/') + "/.well-known/openid-configuration";
        var text = await LoadTextAsync("discovery", new Uri(address));
        OpenIdConnectConfiguration document;
        try
        {
            document = OpenIdConnectConfiguration.Create(text);
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException or InvalidOperationException or FormatException)
        {
            throw Unreadable(exception);
        }

        // OpenID Connect Discovery 4.3: else another operator's document could lead here.
        if (!string.Equals(document.Issuer, settings.Issuer, StringComparison.Ordinal))
        {
            throw new OperatorFailure(Reasons.WrongIssuer);
        }
        var keysAddress = SafeAddress(document.JwksUri);
        return new Published(
            SafeAddress(document.AuthorizationEndpoint), SafeAddress(document.TokenEndpoint), keysAddress, NamesIssuer(document),
            await LoadKeysAsync(keysAddress), time.GetUtcNow() + _lifetime);
    }

    private async Task<IReadOnlyList<PublishedKey>> LoadKeysAsync(Uri address)
    {
        var text = await LoadTextAsync("keys", address);
        try
        {
            return PublishedKey.ReadAll(text);
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException or InvalidOperationException or FormatException)
        {
            throw Unreadable(exception);
        }
    }

    private async Task<string> LoadTextAsync(string call, Uri address)
    {
        var answer = await calls.SendAsync(call, () => new HttpRequestMessage(HttpMethod.Get, address), CancellationToken.None);
        return answer.IsSuccess ? Encoding.UTF8.GetString(ByteOrderMark.Without(answer.Body).Span) : throw Unreadable(null);
    }

    private static bool NamesIssuer(OpenIdConnectConfiguration document) => document.AuthorizationResponseIssParameterSupported;

    private static Uri SafeAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && OperatorSettings.IsSafe(address) ? address : throw Unreadable(null);

    private static OperatorFailure Unreadable(Exception? exception) => new(Reasons.Unreadable, exception) { IsOutage = true };
}

/// <param name="NamesIssuer">Every redirect of this operator says whose it is (RFC 9207); one that does not is not its own.</param>
internal sealed record Published(
    Uri Authorization, Uri Token, Uri KeysAddress, bool NamesIssuer, IReadOnlyList<PublishedKey> Keys, DateTimeOffset Until)
{
    public override string ToString() => nameof(Published);
}
