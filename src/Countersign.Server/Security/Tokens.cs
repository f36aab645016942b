using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Server.Security;

/// <summary>
/// Issues and checks the two kinds of token. They differ in type and audience, so that one never passes for the other (RFC 8725, RFC 9068).
/// </summary>
internal sealed class Tokens(SigningKeys keys, PublicAddress address, ServerOptions options, TimeProvider time)
{
    /// <summary>60 minutes (API guide, "Token Expiration").</summary>
    public static readonly TimeSpan AccessLifetime = TimeSpan.FromMinutes(60);

    private const string AccessType = "at+jwt";
    private const string AccessAudience = "countersign-api";
    private const string AuthType = "cs-auth+jwt";
    private const string AuthAudience = "countersign-browser";

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };
    private readonly CheckedTokens _checked = new();

    /// <param name="credential">Fingerprint of what the client has shown (<see cref="ApiClient.Honours"/>): the token ends with it.</param>
    public async ValueTask<string> IssueAccessAsync(ApiClient client, string credential, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var payload = new AccessPayload(
            address.Origin, AccessAudience, client.Id.ToString(), client.Id.ToString(), client.ProjectId.ToString(), credential,
            now.ToUnixTimeSeconds(), (now + AccessLifetime).ToUnixTimeSeconds(), RandomNumberGenerator.GetHexString(32, lowercase: true));
        return await SignAsync(JsonSerializer.Serialize(payload, TokenJson.AtobSafe.AccessPayload), AccessType, cancellationToken);
    }

    /// <param name="matchDigits">For the desktop to show, when the project matches links.</param>
    public async ValueTask<string> IssueAuthAsync(
        Flow flow, ProjectSettings settings, Secret? matchDigits, CancellationToken cancellationToken)
    {
        var id = flow.Id.ToString();
        var payload = new AuthPayload(
            address.Origin, AuthAudience, id, flow.CreatedAt.ToUnixTimeSeconds(), flow.ExpiresAt.ToUnixTimeSeconds(),
            RandomNumberGenerator.GetHexString(32, lowercase: true), id, matchDigits?.Reveal(),
            new AuthClaims(
                id, Namespace(flow.ProjectId), address.Origin, RandomNumberGenerator.GetHexString(64, lowercase: true), Steps.NameOf(flow),
                SubjectsOf(flow, settings)));
        var said = JsonSerializer.Serialize(payload, TokenJson.AtobSafe.AuthPayload);
        Guards.Drop("T03", ref said, () => $"{said[..^1]},\"client_id\":\"{flow.Client}\",\"project\":\"{flow.ProjectId}\"}}");
        return await SignAsync(said, AuthType, cancellationToken);
    }

    /// <summary>Returns the caller, or null when the token is not a living access token of ours.</summary>
    public async ValueTask<AccessToken?> ReadAccessAsync(string token) =>
        await ReadAsync(token, AccessType, AccessAudience) is { } jwt
        && jwt.TryGetPayloadValue<string>("client_id", out var clientText) && ClientId.TryParse(clientText, out var client)
        && jwt.TryGetPayloadValue<string>("project", out var projectText) && ProjectId.TryParse(projectText, out var project)
            ? new AccessToken(client, project, jwt.TryGetPayloadValue<string>("secret_id", out var secret) ? secret : null, jwt)
            : null;

    /// <summary>Returns the flow the token is for, or null when it is not a living auth token of ours.</summary>
    public async ValueTask<AuthToken?> ReadAuthAsync(string token) =>
        await ReadAsync(token, AuthType, AuthAudience) is { } jwt && CorrelationId.TryParse(jwt.Subject, out var flow)
            && jwt.TryGetPayloadValue<JsonElement>("auth", out var auth) && auth.TryGetProperty("chlg", out var challenge)
            ? new AuthToken(
                flow, challenge.GetString()!, jwt.TryGetPayloadValue<string>("matchCode", out var digits) ? new Secret(digits) : null)
            : null;

    private static Subjects SubjectsOf(Flow flow, ProjectSettings settings)
    {
        var given = new NumberGiven(Mnp: true, Amnrp: NumberChange.IsFixed(flow) ? null : true);
        var mobile = flow.Type switch
        {
            FlowType.Desktop => new MobileSubject(new MobileMethods(Inln: given)),
            FlowType.Mobile => new MobileSubject(new MobileMethods(Inst: new Nothing(), Otp: given)),
            _ => null,
        };
        var device = flow.CurrentMethod == PossessionMethod.DeviceKey
            ? new DeviceSubject(new DeviceMethods(new Passive(Cdt: true, settings.Passkeys switch
            {
                Passkeys.Preferred => "pref",
                Passkeys.Required => "req",
                _ => "none",
            })))
            : null;
        return new Subjects(device, mobile);
    }

    // A registered device keeps the address it registered with for as long as this name stays: it changes with the address.
    private string Namespace(ProjectId projectId) =>
        "cs-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{projectId}\n{address.Origin}")))[..16];

    /// <summary>Drops what has expired of the tokens that were found right.</summary>
    public void ForgetExpired() => _checked.ForgetExpired(time.GetUtcNow().UtcDateTime);

    private async ValueTask<string> SignAsync(string payload, string type, CancellationToken cancellationToken) =>
        _handler.CreateToken(
            payload, await keys.CurrentAsync(cancellationToken), new Dictionary<string, object>(StringComparer.Ordinal) { ["typ"] = type });

    private async ValueTask<JsonWebToken?> ReadAsync(string token, string type, string audience)
    {
        if (_checked.TryGet(token, audience, out var known))
        {
            return IsAlive(known) ? known : null;
        }

        var result = await ValidateAsync(token, type, audience);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // Another node may have begun a new key.
            await keys.RefreshAsync(CancellationToken.None);
            result = await ValidateAsync(token, type, audience);
        }
        if (!result.IsValid)
        {
            return null;
        }

        var jwt = (JsonWebToken)result.SecurityToken;
        _checked.Add(token, audience, jwt);
        return jwt;
    }

    private Task<TokenValidationResult> ValidateAsync(string token, string type, string audience)
    {
        var rules = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [type],
            ValidAudience = audience,
            // Without a configured address, which only the sandbox may lack, it is that of a listener: another one on each node and after
            // each start.
            ValidateIssuer = options.PublicUrl is not null,
            ValidIssuer = options.PublicUrl,
            IssuerSigningKeys = keys.All,
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = (_, expires, _, _) => expires is { } end && time.GetUtcNow().UtcDateTime < end,
        };
        Guards.Break("T03", () =>
            (rules.ValidTypes, rules.ValidAudiences) = ([AccessType, AuthType], [AccessAudience, AuthAudience]));
        Guards.Break("T01", () => rules.SignatureValidator = (text, _) => new JsonWebToken(text));
        return _handler.ValidateTokenAsync(token, rules);
    }

    private bool IsAlive(JsonWebToken token) => time.GetUtcNow().UtcDateTime < token.ValidTo;
}

/// <param name="Credential">
/// Fingerprint of the secret that it was got with; null for one that an earlier version of the server issued.
/// </param>
/// <param name="Jwt">Its other claims.</param>
internal sealed record AccessToken(ClientId ClientId, ProjectId ProjectId, string? Credential, JsonWebToken Jwt)
{
    public DateTimeOffset IssuedAt => new(Jwt.IssuedAt, TimeSpan.Zero);

    public DateTimeOffset ExpiresAt => new(Jwt.ValidTo, TimeSpan.Zero);

    /// <summary>Its <c>jti</c>.</summary>
    public string Id => Jwt.Id;

    public override string ToString() => ClientId.ToString();
}

/// <param name="Challenge">What a device key signs in this flow.</param>
internal sealed record AuthToken(CorrelationId Flow, string Challenge, Secret? MatchDigits)
{
    public override string ToString() => Flow.ToString();
}

internal sealed record AccessPayload(
    string Iss, string Aud, string Sub, [property: JsonPropertyName("client_id")] string ClientId, string Project,
    [property: JsonPropertyName("secret_id")] string Secret, long Iat, long Exp, string Jti)
{
    public override string ToString() => "***";
}

internal sealed record AuthPayload(
    string Iss, string Aud, string Sub, long Iat, long Exp, string Jti, string Rid, string? MatchCode, AuthClaims Auth)
{
    public override string ToString() => "***";
}

/// <summary>The claims that browser SDKs read.</summary>
internal sealed record AuthClaims(string Id, string Ans, string Endp, string Chlg, string Next, Subjects Subs)
{
    public override string ToString() => "***";
}

internal sealed record Subjects(DeviceSubject? Dev, MobileSubject? Mob);

internal sealed record DeviceSubject(DeviceMethods Auths);

internal sealed record DeviceMethods(Passive Pasv);

/// <param name="Uvlvl">Whether a passkey is made and asked for: none, pref or req.</param>
internal sealed record Passive(bool Cdt, string Uvlvl)
{
    public override string ToString() => nameof(Passive);
}

internal sealed record MobileSubject(MobileMethods Auths);

internal sealed record MobileMethods(Nothing? Inst = null, NumberGiven? Otp = null, NumberGiven? Inln = null);

/// <param name="Mnp">The mobile number is known: the page need not ask for it.</param>
/// <param name="Amnrp">The person may give another one.</param>
internal sealed record NumberGiven(bool Mnp, bool? Amnrp = null);

internal sealed record Nothing;

[JsonSerializable(typeof(AccessPayload))]
[JsonSerializable(typeof(AuthPayload))]
internal sealed partial class TokenJson : JsonSerializerContext
{
    /// <summary>
    /// Published browser SDKs decode the payload with atob(), which knows no '-' and no '_'. In base64 of plain ASCII these come
    /// from '?', '>', '~' and DEL alone, so all of them are written as escapes.
    /// </summary>
    public static TokenJson AtobSafe { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = CreateEncoder(),
    });

    private static JavaScriptEncoder CreateEncoder()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.BasicLatin);
        settings.ForbidCharacters('?', '~', '>', '\u007f');
        return JavaScriptEncoder.Create(settings);
    }
}
