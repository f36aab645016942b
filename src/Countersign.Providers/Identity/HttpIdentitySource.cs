using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;
using Countersign.Providers.Http;

namespace Countersign.Providers.Identity;

/// <summary>Asks a relying party's own system whose number a number is: a signed question, one of three words for an answer.</summary>
internal sealed class HttpIdentitySource : IIdentitySource, IDisposable
{
    public const string TimestampHeader = "Countersign-Timestamp";
    public const string SignatureHeader = "Countersign-Signature";

    private const int MaxBytes = 64 * 1024;
    private const int MaxRuleCharacters = 64;
    private const string NotReached = "it cannot be reached, or not in 64 KiB";
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(3);

    private readonly ProviderClient _client;
    private readonly Uri _url;
    private readonly SourceName _name;
    private readonly byte[] _key;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public HttpIdentitySource(IdentitySourceOptions options, TimeProvider time, ILogger logger, HttpMessageHandler? handler = null)
    {
        var connection = new ProviderConnection
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            MaxBytes = MaxBytes,
            Addresses = options.AllowPrivateNetwork ? null : PublicAddresses.Only,
        };
        _client = new ProviderClient(connection, time, handler);
        (_url, _name, _key) = (new Uri(options.Url!), SourceName.Parse(options.Name), Encoding.UTF8.GetBytes(options.Key!));
        (_time, _logger) = (time, logger);
    }

    public async Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = NewRequest(question);
            var answer = await _client.SendAsync(request, linked.Token);
            return answer.IsTooLong ? Down(NotReached)
                : answer.IsSuccess ? Read(answer.Body)
                : Down($"it answered {answer.Status}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Down("it took too long");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Down(NotReached);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Base for both sides: HMAC-SHA256 of the timestamp, a full stop and the body, in hexadecimal.</summary>
    public static string Sign(byte[] key, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp + "."));
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    private HttpRequestMessage NewRequest(IdentityQuestion question)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new MatchRequest(question.Number.E164, question.Name.Given, question.Name.Family,
                (question.Policy ?? MatchPolicy.Standard).Name, question.IsPossessionProven),
            HttpSourceJson.Wire.MatchRequest);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, _url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(SignatureHeader, "v1=" + Sign(_key, timestamp, body));
        return request;
    }

    private IdentityAnswer Read(byte[] body)
    {
        var answer = ProviderJson.Read(body, HttpSourceJson.Wire.MatchResponse);
        IdentityMatch? match = answer?.Match switch
        {
            "matched" => IdentityMatch.Matched,
            "differs" => IdentityMatch.Differs,
            "not_available" => IdentityMatch.NotAvailable,
            _ => null,
        };
        // A word of its own for the timeline, as long as it can be no name.
        var rule = answer?.Rule is { Length: >= 1 and <= MaxRuleCharacters } word && word.All(c => char.IsAsciiLetterLower(c) || c == '-')
            ? word : null;
        return match is { } known
            ? new IdentityAnswer(known, Source: _name, Rule: rule, Score: answer!.Score is >= 0 and <= 100 ? answer.Score : null)
            : Down("its answer cannot be read");
    }

    private IdentityAnswer Down(string reason)
    {
        Log.SourceFailed(_logger, _name, reason);
        return IdentityAnswer.SourceDown with { Source = _name };
    }
}

internal sealed record MatchRequest(string PhoneNumber, string FirstName, string LastName, string Policy, bool PossessionProven)
{
    public override string ToString() => "***";
}

internal sealed record MatchResponse(string? Match, string? Rule = null, int? Score = null)
{
    public override string ToString() => "***";
}

[JsonSerializable(typeof(MatchRequest))]
[JsonSerializable(typeof(MatchResponse))]
internal sealed partial class HttpSourceJson : JsonSerializerContext
{
    public static HttpSourceJson Wire { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase });
}
