using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Http;

namespace Countersign.Providers.Sms;

/// <summary>
/// One HTTP request that hands a text over. Its whole worth is to know whether anything was sent: before the first byte of the body the
/// text was certainly not taken, after it only the provider knows.
/// </summary>
internal sealed class Submission(ProviderClient client, GatewayName gateway, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>From the first byte of the request to the last of the answer.</summary>
    public static readonly TimeSpan SubmitTime = TimeSpan.FromSeconds(5);

    /// <param name="certificate">Shown to a provider that asks for one.</param>
    public static ProviderConnection ConnectionWith(X509Certificate2? certificate) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(3),
        MaxBytes = 64 * 1024,
        // Shorter than servers keep idle connections, so that none is used that the other side is just closing.
        MaxIdle = TimeSpan.FromSeconds(15),
        // A proxy of the environment's would read every code.
        UsesProxy = false,
        Certificate = certificate,
    };

    /// <summary>Sends the request once and has its answer read; never throws for what the world does.</summary>
    /// <param name="body">The request's body: it must have one, since it is the body that tells whether anything was sent.</param>
    /// <param name="read">Reads the provider's answer; null when it is not one that the provider gives.</param>
    public async Task<SmsResult> SendAsync(
        HttpRequestMessage request, byte[] body, string mediaType, Func<ProviderAnswer, SmsResult?> read,
        CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var submitTime = time.CreateTimer(_ => linked.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var content = new WatchedContent(body, begun: () => submitTime.Change(SubmitTime, Timeout.InfiniteTimeSpan));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        request.Content = content;
        request.Version = HttpVersion.Version11;
        try
        {
            var answer = await client.SendAsync(request, linked.Token);
            if (read(answer) is { } result)
            {
                return result;
            }
            Log.GatewayAnswerNotUnderstood(logger, gateway, answer.Status);
            return OfStatus(answer);
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            Log.GatewayNotReached(logger, gateway, content.HasBegun, exception.GetType().Name);
            return content.HasBegun ? new SmsResult.Unknown() : new SmsResult.Rejected(SmsRefusal.ProviderDown);
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>What a status says by itself, when nothing else in the answer does.</summary>
    public static SmsResult OfStatus(ProviderAnswer answer) => answer.Status switch
    {
        401 or 403 => new SmsResult.Rejected(SmsRefusal.AuthFailed),
        402 => new SmsResult.Rejected(SmsRefusal.InsufficientCredit),
        429 => new SmsResult.Rejected(SmsRefusal.Throttled, answer.RetryAfter),
        >= 400 and < 500 => new SmsResult.Rejected(SmsRefusal.Other),
        // A redirect, a proxy's 502, 503 or 504 (it says 503 also when it lost the connection to what stands behind it), a failure half
        // way, a page of somebody else's: nobody says that the text was not taken.
        _ => new SmsResult.Unknown(),
    };

    private static bool IsTrouble(Exception exception) =>
        exception is HttpRequestException or OperationCanceledException or IOException or AuthenticationException or SentTwiceException;

    /// <summary>
    /// Says when the first byte is about to be written, and refuses to be written twice: a text must not be sent twice by a client that
    /// tries again.
    /// </summary>
    private sealed class WatchedContent(byte[] body, Action begun) : HttpContent
    {
        public bool HasBegun { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            if (HasBegun)
            {
                throw new SentTwiceException();
            }
            HasBegun = true;
            begun();
            await stream.WriteAsync(body, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }

    private sealed class SentTwiceException : Exception;
}
