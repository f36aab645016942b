using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.Tests.Fixtures;

/// <summary>A client of the operator that knows the protocol, and can be told to break it.</summary>
internal sealed class RelyingParty
{
    public const string Callback = "https://rp.example/operators/sim/callback";
    public const string Scope = "openid dpv:FraudPreventionAndDetection number-verification:verify";

    private readonly RunningOperator _operator;
    private readonly ECDsaSecurityKey _key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "rp-1" };
    private int _assertions;

    public RelyingParty(RunningOperator runningOperator, string id)
    {
        _operator = runningOperator;
        Id = id;
    }

    public string Id { get; }
    public string Verifier { get; } = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    public JsonObject PublicJwk
    {
        get
        {
            var point = _key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
            return new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["kid"] = _key.KeyId,
                ["x"] = Base64UrlEncoder.Encode(point.X),
                ["y"] = Base64UrlEncoder.Encode(point.Y),
            };
        }
    }

    public string PublicPem => _key.ECDsa.ExportSubjectPublicKeyInfoPem();

    private DateTimeOffset Now => _operator.Clock.GetUtcNow();

    public Dictionary<string, string?> AuthorizationParameters() => new()
    {
        ["client_id"] = Id,
        ["response_type"] = "code",
        ["redirect_uri"] = Callback,
        ["scope"] = Scope,
        ["state"] = "state-1",
        ["nonce"] = "nonce-1",
        ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
        ["code_challenge_method"] = "S256",
    };

    /// <summary>Opens the authorization address from a device; the answer is not followed.</summary>
    public Task<HttpResponseMessage> OpenAsync(HttpClient device, Action<Dictionary<string, string?>>? change = null)
    {
        var parameters = AuthorizationParameters();
        change?.Invoke(parameters);
        return device.GetAsync(QueryHelpers.AddQueryString("/authorize", parameters), TestContext.Current.CancellationToken);
    }

    /// <summary>What the redirect brings back.</summary>
    public async Task<Dictionary<string, string>> AuthorizeAsync(HttpClient device, Action<Dictionary<string, string?>>? change = null)
    {
        using var answer = await OpenAsync(device, change);
        Assert.Equal(302, (int)answer.StatusCode);
        Assert.StartsWith(Callback + "?", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(answer.Headers.Location.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
    }

    public async Task<string> CodeAsync(HttpClient device, string scope = Scope)
    {
        var answer = await AuthorizeAsync(device, parameters => parameters["scope"] = scope);
        return answer["code"];
    }

    /// <summary>A whole authorization from an address: the access token.</summary>
    public async Task<string> PersonsTokenAsync(string address = "127.0.0.42", string scope = Scope)
    {
        var (_, body) = await RedeemAsync(await CodeAsync(_operator.Handset(address), scope));
        return body["access_token"]!.GetValue<string>();
    }

    public async Task<string> ClientsTokenAsync(string scope)
    {
        var (_, body) = await TokenAsync(new() { ["grant_type"] = "client_credentials", ["scope"] = scope });
        return body["access_token"]!.GetValue<string>();
    }

    public Task<(int Status, JsonObject Body)> RedeemAsync(string code, Action<Dictionary<string, string>>? change = null)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = Callback,
            ["code_verifier"] = Verifier,
        };
        change?.Invoke(form);
        return TokenAsync(form);
    }

    public Task<(int Status, JsonObject Body)> TokenAsync(Dictionary<string, string> form) => PostAsync("/token", form);

    public async Task<(int Status, JsonObject Body)> PostAsync(string path, Dictionary<string, string> form)
    {
        form.TryAdd("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.TryAdd("client_assertion", Assertion(_operator.Origin + path));
        using var content = new FormUrlEncodedContent(form.Where(pair => pair.Value.Length > 0));
        using var answer = await _operator.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await BodyAsync(answer));
    }

    public async Task<(int Status, JsonObject Body)> CallAsync(
        string path, string? token, string? body, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(path, token, body, headers);
        return ((int)answer.StatusCode, await BodyAsync(answer));
    }

    public async Task<HttpResponseMessage> SendAsync(string path, string? token, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        if (token is not null)
        {
            request.Headers.Add("Authorization", "Bearer " + token);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await _operator.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A client assertion that is right until the test changes it. Claims set to null are left out.</summary>
    public string Assertion(string? audience = null, Action<Dictionary<string, object?>>? change = null, SecurityKey? key = null)
    {
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Id,
            ["sub"] = Id,
            ["aud"] = audience ?? _operator.Origin + "/token",
            ["iat"] = Now.ToUnixTimeSeconds(),
            ["exp"] = Now.AddSeconds(300).ToUnixTimeSeconds(),
            ["jti"] = $"assertion-{Interlocked.Increment(ref _assertions)}",
        };
        change?.Invoke(claims);
        return Sign(claims, key);
    }

    public string Sign(IReadOnlyDictionary<string, object?> claims, SecurityKey? key = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims.Where(claim => claim.Value is not null).ToDictionary(claim => claim.Key, claim => claim.Value!),
            SigningCredentials = new SigningCredentials(key ?? _key, SecurityAlgorithms.EcdsaSha256),
        });

    private static async Task<JsonObject> BodyAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }
}
