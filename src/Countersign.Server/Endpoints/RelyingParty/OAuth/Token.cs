using System.Text;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>POST /token: OAuth 2.0 client credentials (RFC 6749, section 4.4). The credentials come in a form, in JSON or by HTTP Basic; never in the query.</summary>
internal sealed class Token(
    IProjectStore projects, Tokens tokens, SecretHasher hasher, RequestRate rate, ErrorCodeOptions errorCodes, TimeProvider time, ILogger<Token> logger)
{
    public const string Path = "/token";

    private const string GrantType = "client_credentials";

    // What an unknown client's secret is compared with, so that it costs what a known client's does.
    private readonly ApiClient _nobody = new(default, default, ClientSecrets.HashOf(hasher, ""));

    public static RequestDelegate Endpoint { get; } = async context =>
    {
        var endpoint = context.RequestServices.GetRequiredService<Token>();
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
        await (await endpoint.AnswerAsync(context)).WriteAsync(context);
    };

    /// <summary>The house's error together with RFC 6749's: whoever asks for a token by a library of OAuth reads only the latter.</summary>
    public static Answer Refusal(Fault fault, ErrorCodes family, string? word = null) =>
        Answer.Ok(new TokenError(fault.CodeFor(family), fault.Message, word ?? WordOf(fault), fault.Message), OAuthJson.Answers.TokenError) with { Status = fault.Status };

    // RFC 6749, sections 5.2 and 4.1.2.1.
    public static string WordOf(Fault fault) => fault.Status switch
    {
        StatusCodes.Status401Unauthorized => "invalid_client",
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
        >= 500 => "server_error",
        _ => "invalid_request",
    };

    private async Task<Answer> AnswerAsync(HttpContext context)
    {
        // Before credentials are checked nobody is known but the address.
        if (!rate.TryTake(context))
        {
            return Refuse(Fault.TooManyRequests);
        }

        var (fields, fault) = await ReadFieldsAsync(context.Request);
        if (fields is null)
        {
            return Refuse(fault!);
        }

        var (basic, basicFault) = ReadBasic(context.Request);
        if (basicFault is not null)
        {
            return Refuse(basicFault);
        }

        var missing = new List<string>();
        var clientId = fields.GetValueOrDefault("client_id") ?? basic?.Id;
        var clientSecret = fields.GetValueOrDefault("client_secret") ?? basic?.Secret;
        var grantType = fields.GetValueOrDefault("grant_type");
        if (string.IsNullOrEmpty(clientId))
        {
            missing.Add("field 'client_id' is missing");
        }
        if (string.IsNullOrEmpty(clientSecret))
        {
            missing.Add("field 'client_secret' is missing");
        }
        if (string.IsNullOrEmpty(grantType))
        {
            missing.Add("field 'grant_type' is missing");
        }
        else if (grantType != GrantType)
        {
            missing.Add($"field 'grant_type' is invalid: must be {GrantType}");
        }
        if (missing.Count > 0)
        {
            var isGrantAlone = missing.Count == 1 && !string.IsNullOrEmpty(grantType) && grantType != GrantType;
            return Refuse(Fault.Malformed(string.Join("; ", missing)), isGrantAlone ? "unsupported_grant_type" : null);
        }
        if (basic is { } pair && (pair.Id != clientId || pair.Secret != clientSecret))
        {
            return Refuse(Fault.Malformed("credentials in the Authorization header and in the body differ"));
        }

        var client = ClientId.TryParse(clientId, out var id) ? await projects.FindClientAsync(id, context.RequestAborted) : null;
        var secret = ClientSecrets.HashOf(hasher, clientSecret!);
        var isRight = (client ?? _nobody).Opens(secret, time.GetUtcNow());
        if (client is null || !isRight)
        {
            Log.TokenRefused(logger);
            if (basic is not null)
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"countersign\"";
            }
            return Refuse(Fault.NotAuthorized);
        }

        var token = await tokens.IssueAccessAsync(client, secret, context.RequestAborted);
        return Answer.Ok(new TokenResponse(token, "Bearer", (int)Tokens.AccessLife.TotalSeconds), OAuthJson.Answers.TokenResponse);
    }

    private Answer Refuse(Fault fault, string? word = null) => Refusal(fault, errorCodes.ErrorCodes, word);

    private static async Task<(Dictionary<string, string>? Fields, Fault? Fault)> ReadFieldsAsync(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return request.ContentLength is null or 0 ? (null, Fault.Malformed("body is missing")) : (null, WrongMediaType);
        }
        if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadJsonAsync(request);
        }
        if (!type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return (null, WrongMediaType);
        }

        var (bytes, fault) = await RequestBody.ReadBytesAsync(request);
        if (fault is not null)
        {
            return (null, fault);
        }
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in new QueryStringEnumerable(Encoding.UTF8.GetString(ByteOrderMark.Without(bytes).Span)))
        {
            var value = field.DecodeValue().ToString();
            if (value.Length > 0 && !fields.TryAdd(field.DecodeName().ToString(), value))
            {
                return (null, Fault.Malformed("a field is given twice"));
            }
        }
        return (fields, null);
    }

    private static async Task<(Dictionary<string, string>? Fields, Fault? Fault)> ReadJsonAsync(HttpRequest request)
    {
        var (body, fault) = await RequestBody.ReadAsync(request);
        if (body is null)
        {
            return (null, fault);
        }

        using (body)
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var name in (string[])["client_id", "client_secret", "grant_type"])
            {
                if (body.Text(name) is { } text)
                {
                    fields[name] = text;
                }
            }
            return body.Fault is { } bad ? (null, bad) : (fields, null);
        }
    }

    private static Fault WrongMediaType => Fault.Malformed("content type must be application/x-www-form-urlencoded or application/json");

    // RFC 6749, section 2.3.1: both parts are form-encoded before they are joined. Other schemes than Basic are not for this endpoint.
    private static ((string Id, string Secret)? Pair, Fault? Fault) ReadBasic(HttpRequest request)
    {
        const string scheme = "Basic ";
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return (null, null);
        }

        var encoded = header[scheme.Length..].Trim();
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length) || Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is not [var id, var secret])
        {
            return (null, Fault.Malformed("the Authorization header is not valid HTTP Basic"));
        }
        return ((Uri.UnescapeDataString(id.Replace('+', ' ')), Uri.UnescapeDataString(secret.Replace('+', ' '))), null);
    }
}

internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn)
{
    public override string ToString() => TokenType;
}

/// <summary>The house's error and RFC 6749's in one body.</summary>
internal sealed record TokenError(
    int Code, string Message, string Error, [property: JsonPropertyName("error_description")] string ErrorDescription);
