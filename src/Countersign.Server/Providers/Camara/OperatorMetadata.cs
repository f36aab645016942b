using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Server.Providers.Camara;

/// <summary>What an operator publishes about itself: asked for once an hour, and its keys anew when a token names one that is not among them.</summary>
internal sealed class OperatorMetadata(OperatorSettings settings, OperatorCalls calls, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private Published? _known;

    /// <exception cref="OperatorFailure">It cannot be had, or it is not this operator's.</exception>
    public async Task<Published> GetAsync(CancellationToken cancellationToken)
    {
        if (Fresh is { } known)
        {
            return known;
        }
        await _loading.WaitAsync(cancellationToken);
        try
        {
            return Fresh ?? (_known = await LoadAsync(cancellationToken));
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>The keys as they are now, unless another call has asked again since <paramref name="stale"/> was read.</summary>
    /// <exception cref="OperatorFailure">They cannot be had.</exception>
    public async Task<Published> LookAgainAsync(Published stale, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            return ReferenceEquals(_known, stale) ? _known = stale with { Keys = await LoadKeysAsync(stale.KeysAddress, cancellationToken) } : await NewestAsync(stale);
        }
        finally
        {
            _loading.Release();
        }

        Task<Published> NewestAsync(Published former) => Task.FromResult(_known ?? former);
    }

    public void Dispose() => _loading.Dispose();

    private Published? Fresh => Volatile.Read(ref _known) is { } known && time.GetUtcNow() < known.Until ? known : null;

    private async Task<Published> LoadAsync(CancellationToken cancellationToken)
    {
        var address = settings.Issuer.TrimEnd('/') + "/.well-known/openid-configuration";
        var text = await LoadTextAsync("discovery", new Uri(address), cancellationToken);
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
            await LoadKeysAsync(keysAddress, cancellationToken), time.GetUtcNow() + Life);
    }

    private async Task<IReadOnlyList<SecurityKey>> LoadKeysAsync(Uri address, CancellationToken cancellationToken)
    {
        var text = await LoadTextAsync("keys", address, cancellationToken);
        try
        {
            return [.. new JsonWebKeySet(text).GetSigningKeys()];
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException or InvalidOperationException or FormatException)
        {
            throw Unreadable(exception);
        }
    }

    private async Task<string> LoadTextAsync(string call, Uri address, CancellationToken cancellationToken)
    {
        var answer = await calls.SendAsync(call, () => new HttpRequestMessage(HttpMethod.Get, address), Limit, cancellationToken);
        return answer.IsSuccess ? Encoding.UTF8.GetString(answer.Body) : throw Unreadable(null);
    }

    private static bool NamesIssuer(OpenIdConnectConfiguration document) => document.AuthorizationResponseIssParameterSupported;

    private static Uri SafeAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && OperatorSettings.IsSafe(address) ? address : throw Unreadable(null);

    private static OperatorFailure Unreadable(Exception? exception) => new(Reasons.Unreadable, exception) { IsOutage = true };
}

/// <param name="NamesIssuer">Every redirect of this operator says whose it is (RFC 9207); one that does not is not its own.</param>
internal sealed record Published(
    Uri Authorization, Uri Token, Uri KeysAddress, bool NamesIssuer, IReadOnlyList<SecurityKey> Keys, DateTimeOffset Until)
{
    public override string ToString() => nameof(Published);
}
