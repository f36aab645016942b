using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Countersign.Core.Events;
using Countersign.Providers.Http;

namespace Countersign.Providers.Webhooks;

/// <summary>
/// Sends events to addresses that relying parties have chosen, and is to be talked into nothing by them: no address but of the public
/// internet, judged where the connection goes to, no redirect, no proxy, no cookie, nothing read of an answer but its status, and all
/// within a quarter of a minute.
/// </summary>
internal sealed class WebhookSender : IWebhookSender, IDisposable
{
    // Standard Webhooks: 15 to 30 seconds.
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private static readonly IPNetwork[] _loopback = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    private static readonly MediaTypeHeaderValue _json = new("application/json");

    private readonly ReceiverAddresses _allowed;
    private readonly PublicAddresses _addresses;
    private readonly HttpClient _http;
    private readonly TimeProvider _machine;
    private readonly TimeProvider _time;

    /// <param name="find">Looks a name up.</param>
    /// <param name="networks">Private ones that the operator permits.</param>
    /// <param name="machine">By which receivers judge how old a delivery is.</param>
    /// <param name="time">By which secrets end.</param>
    public WebhookSender(
        Func<string, CancellationToken, Task<IPAddress[]>> find, ReceiverAddresses allowed, IReadOnlyList<IPNetwork> networks,
        TimeProvider machine, TimeProvider time)
    {
        (_allowed, _machine, _time) = (allowed, machine, time);
        _addresses = new PublicAddresses(find, [.. networks, .. allowed == ReceiverAddresses.Loopback ? _loopback : []], machine);
        _http = new HttpClient(NewHandler(_addresses)) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    public string? ProblemOf(string address) => WebhookAddress.ProblemOf(address, _allowed)
        ?? (AddressIn(new Uri(address)) is { } literal && !_addresses.IsAllowed(literal)
            ? "must lead to the public internet, or to a network that the server is told of (Countersign:Events:Networks)" : null);

    public async Task<WebhookOutcome> SendAsync(Webhook webhook, string id, byte[] body, CancellationToken cancellationToken)
    {
        // The rule may have become stricter since the address was taken.
        if (WebhookAddress.ProblemOf(webhook.Url, _allowed) is not null)
        {
            return new WebhookOutcome(WebhookFault.AddressRefused);
        }

        using var timeout = new CancellationTokenSource(Timeout, _machine);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = NewRequest(webhook, id, body);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return new WebhookOutcome($"{(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Or no connection was made in time.
            return new WebhookOutcome(timeout.IsCancellationRequested ? WebhookFault.TooSlow : WebhookFault.Unreachable);
        }
        catch (HttpRequestException failure)
        {
            return new WebhookOutcome(FaultOf(failure));
        }
        catch (IOException)
        {
            return new WebhookOutcome(WebhookFault.Unreachable);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Null for a name that has to be looked up.</summary>
    private static IPAddress? AddressIn(Uri url) =>
        IPAddress.TryParse(url.DnsSafeHost, out var address) ? address : url.IsLoopback ? IPAddress.Loopback : null;

    private static SocketsHttpHandler NewHandler(PublicAddresses addresses) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        // A name that means another machine by now is looked up again soon, and judged again.
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        // Without a limit by host, behind which the webhooks of one project would wait for those of another: how many there are at once is
        // what each webhook's turn bounds.
        // What an administrator or an operator of this server traces is none of a receiver's business.
        ActivityHeadersPropagator = null,
        // Kilobytes. What a receiver says beside its status is read by nobody: a little, so that the connection may be used again.
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 4096,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        ConnectCallback = addresses.ConnectAsync,
    };

    private HttpRequestMessage NewRequest(Webhook webhook, string id, byte[] body)
    {
        var at = _machine.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = _json } },
        };
        request.Headers.Add("User-Agent", "Countersign");
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimestampHeader, WebhookSignature.TimestampOf(at));
        request.Headers.Add(
            WebhookSignature.SignatureHeader, WebhookSignature.Of(webhook.SecretsAt(_time.GetUtcNow()), id, at, body));
        return request;
    }

    private static string FaultOf(HttpRequestException failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case NotPublicException:
                    return WebhookFault.AddressRefused;
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return WebhookFault.UnknownHost;
            }
        }
        return failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => WebhookFault.UnknownHost,
            HttpRequestError.SecureConnectionError => WebhookFault.Tls,
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError
                or HttpRequestError.VersionNegotiationError => WebhookFault.NotHttp,
            _ => WebhookFault.Unreachable,
        };
    }
}
