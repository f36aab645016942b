using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Doctor;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;
using Countersign.Providers.Http;
using Polly.CircuitBreaker;

namespace Countersign.Providers.Identity;

/// <summary>
/// Asks a relying party's own system whose number a number is: a signed question, one of three words for an answer. A system that fails too
/// often is left alone for a while.
/// </summary>
internal sealed class HttpIdentitySource : IIdentitySource, IProviderStandings, IDisposable
{
    public const string TimestampHeader = "Countersign-Timestamp";
    public const string SignatureHeader = "Countersign-Signature";

    private const int MaxBytes = 64 * 1024;
    private const int MaxRuleCharacters = 64;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);
    private static readonly Reply _notReached = new Reply.None("it cannot be reached, or not in 64 KiB") { IsOutage = true };

    private readonly ProviderClient _client;
    private readonly ProviderBreaker<Reply> _breaker;
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
        _breaker = new(
            new()
            {
                Timeout = _timeout,
                IsFailure = outcome => outcome.Result is Reply.None { IsOutage: true },
                Opened = () => Log.SourceRests(logger, _name, ProviderGuards.Rest),
                Closed = () => Log.SourceWorks(logger, _name),
            },
            time);
    }

    public IEnumerable<ProviderStanding> Standings =>
        [new(ProviderKind.Source, _name.ToString(), _breaker.Failures, _breaker.IsOpen || _breaker.IsProbed)];

    public Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<IdentityAnswer>(cancellationToken)
            // The question goes on to its own end: breaker and log are to hear what the system did, not when its caller left.
            : MatchAsync(question).WaitApartAsync(cancellationToken);

    public void Dispose()
    {
        _breaker.Dispose();
        _client.Dispose();
    }

    /// <summary>Base for both sides: HMAC-SHA256 of the timestamp, a full stop and the body, in hexadecimal.</summary>
    public static string Sign(byte[] key, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp + "."));
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    private async Task<IdentityAnswer> MatchAsync(IdentityQuestion question)
    {
        Reply reply;
        try
        {
            reply = await _breaker.CallAsync(token => AskAsync(question, token));
        }
        catch (BrokenCircuitException)
        {
            reply = new Reply.None("it has failed too often lately");
        }
        if (reply is Reply.Answer { Given: var answer })
        {
            return answer;
        }
        Log.SourceFailed(_logger, _name, ((Reply.None)reply).Why);
        return IdentityAnswer.SourceDown with { Source = _name };
    }

    private async Task<Reply> AskAsync(IdentityQuestion question, CancellationToken inTime)
    {
        try
        {
            using var request = NewRequest(question);
            var answer = await _client.SendAsync(request, inTime);
            return answer.IsTooLong ? _notReached
                : answer.IsSuccess ? Read(answer.Body)
                // That it refuses this server says nothing of its health.
                : new Reply.None($"it answered {answer.Status}") { IsOutage = answer.Status >= 500 };
        }
        catch (OperationCanceledException)
        {
            return new Reply.None("it took too long") { IsOutage = true };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return _notReached;
        }
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

    private Reply Read(byte[] body)
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
            ? new Reply.Answer(
                new IdentityAnswer(known, Source: _name, Rule: rule, Score: answer!.Score is >= 0 and <= 100 ? answer.Score : null))
            : new Reply.None("its answer cannot be read") { IsOutage = true };
    }

    /// <summary>What came of a question: a closed set.</summary>
    private abstract record Reply
    {
        private Reply() { }

        public sealed override string ToString() => GetType().Name;

        internal sealed record Answer(IdentityAnswer Given) : Reply;

        /// <param name="Why">For the log.</param>
        internal sealed record None(string Why) : Reply
        {
            /// <summary>Speaks of the system's health.</summary>
            public bool IsOutage { get; init; }
        }
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
