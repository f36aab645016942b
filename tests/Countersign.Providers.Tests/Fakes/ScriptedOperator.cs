using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Countersign.Providers.Camara;
using Microsoft.Extensions.Logging;

namespace Countersign.Providers.Tests.Fakes;

/// <summary>An operator that answers as it is told, without a network: by default with what it publishes and with tokens.</summary>
internal sealed class ScriptedOperator : HttpMessageHandler
{
    public const string Discovery = "/.well-known/openid-configuration";
    public const string Keys = "/keys";
    public const string Token = "/token";

    private readonly Lock _gate = new();
    private readonly List<string> _asked = [];
    private readonly List<(string Path, int Count, TaskCompletionSource Seen)> _waiting = [];

    /// <summary>By path: what is answered to a request and the text of its body.</summary>
    public ConcurrentDictionary<string, Func<HttpRequestMessage, string, CancellationToken, Task<HttpResponseMessage>>> Answers { get; } =
        new(StringComparer.Ordinal);

    public ScriptedOperator()
    {
        Answers[Discovery] = (_, _, _) => Task.FromResult(Json(
            """{"issuer":"https://operator.example","authorization_endpoint":"https://operator.example/authorize","""
            + """ "token_endpoint":"https://operator.example/token","jwks_uri":"https://operator.example/keys"}"""));
        Answers[Keys] = (_, _, _) => Task.FromResult(Json("""{"keys":[]}"""));
        Answers[Token] = (_, _, _) => Task.FromResult(Json($$"""{"access_token":"t{{Count(Token)}}","expires_in":3600}"""));
    }

    public MobileOperator AskedBy(TimeProvider time, ILogger logger)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new OperatorOptions
        {
            Issuer = "https://operator.example", ClientId = "countersign", Purpose = "FraudPreventionAndDetection",
            PrivateKey = key.ExportPkcs8PrivateKeyPem(),
        };
        return new MobileOperator(
            OperatorSettings.Read(new Dictionary<string, OperatorOptions> { ["op"] = options })[0], time, logger, this);
    }

    public static HttpResponseMessage Json(string body, int status = 200) => Raw(Encoding.UTF8.GetBytes(body), status);

    public static HttpResponseMessage Raw(byte[] body, int status = 200) =>
        new((HttpStatusCode)status) { Content = new ByteArrayContent(body) };

    /// <summary>Takes requests and never answers.</summary>
    public static async Task<HttpResponseMessage> Silent(HttpRequestMessage request, string body, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("It does not end.");
    }

    public int Count(string path)
    {
        lock (_gate)
        {
            return _asked.Count(asked => asked == path);
        }
    }

    /// <summary>Ends when a path has been asked so often.</summary>
    public Task SeenAsync(string path, int count)
    {
        lock (_gate)
        {
            if (Count(path) >= count)
            {
                return Task.CompletedTask;
            }
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((path, count, seen));
            return seen.Task;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (_gate)
        {
            _asked.Add(path);
            foreach (var (_, _, seen) in _waiting.Where(one => one.Path == path && Count(path) >= one.Count))
            {
                seen.TrySetResult();
            }
        }
        return await Answers[path](request, body, cancellationToken);
    }
}
