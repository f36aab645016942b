using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Client;

/// <summary>
/// Checks that what came to your webhook was sent by the server, for you, and lately: the signature of Standard Webhooks
/// (https://www.standardwebhooks.com). Safe for any number of threads.
/// </summary>
/// <remarks>
/// Give it the body's bytes as they came: a body that was read and written again has other bytes. A delivery may come twice, and later than
/// one that happened after it: keep the ids that you have had, and let <see cref="WebhookEvent.Sequence"/> tell the order of a flow.
/// </remarks>
public sealed class WebhookVerifier
{
    /// <summary>The header with the event's id.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header with the moment of sending, in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>The header with the signatures.</summary>
    public const string SignatureHeader = "webhook-signature";

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";

    // Standard Webhooks' own libraries have the same.
    private static readonly TimeSpan _standardTolerance = TimeSpan.FromMinutes(5);

    private readonly byte[][] _keys;
    private readonly TimeSpan _tolerance;
    private readonly TimeProvider _time;

    /// <summary>A verifier with the webhook's secret, or with both while it is being exchanged.</summary>
    /// <param name="secrets">Each as the server has shown it: <c>whsec_…</c>.</param>
    /// <param name="tolerance">How old a delivery may be, and how far ahead; five minutes by default.</param>
    /// <param name="time">The clock; the machine's by default.</param>
    /// <exception cref="ArgumentException">There is no secret, or one is none.</exception>
    public WebhookVerifier(IEnumerable<string> secrets, TimeSpan? tolerance = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        _keys = [.. secrets.Select(KeyOf)];
        if (_keys.Length == 0)
        {
            throw new ArgumentException("There is no secret to check with.", nameof(secrets));
        }
        (_tolerance, _time) = (tolerance ?? _standardTolerance, time ?? TimeProvider.System);
    }

    /// <summary>Says what is wrong with a delivery; <see cref="WebhookFault.None"/> when it may be trusted.</summary>
    /// <param name="id">The value of <see cref="IdHeader"/>; null when it was not sent.</param>
    /// <param name="timestamp">The value of <see cref="TimestampHeader"/>.</param>
    /// <param name="signatures">The value of <see cref="SignatureHeader"/>.</param>
    /// <param name="body">The bytes of the body as they came.</param>
    public WebhookFault Verify(string? id, string? timestamp, string? signatures, byte[] body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signatures))
        {
            return WebhookFault.HeaderMissing;
        }
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return WebhookFault.TimestampMalformed;
        }
        var age = _time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds);
        // The signature first: of what nobody has signed nothing is told.
        return !IsSigned(id!, timestamp!, signatures!, body) ? WebhookFault.SignatureWrong
            : age > _tolerance ? WebhookFault.TooOld
            : age < -_tolerance ? WebhookFault.FromTheFuture
            : WebhookFault.None;
    }

    /// <summary>Reads a delivery that may be trusted.</summary>
    /// <inheritdoc cref="Verify(string?, string?, string?, byte[])" path="/param"/>
    /// <exception cref="WebhookException">It may not be trusted, or is no event; the message says why and holds nothing of it.</exception>
    public WebhookEvent Read(string? id, string? timestamp, string? signatures, byte[] body)
    {
        var fault = Verify(id, timestamp, signatures, body);
        return fault == WebhookFault.None ? WebhookEvent.Parse(body) : throw new WebhookException(fault);
    }

    // Each is compared with each, whatever was found before, so that the time tells nothing.
    private bool IsSigned(string id, string timestamp, string signatures, byte[] body)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var given = signatures.Split([' '], StringSplitOptions.RemoveEmptyEntries)
            .Where(one => one.StartsWith(Version, StringComparison.Ordinal)).Select(one => Encoding.UTF8.GetBytes(one)).ToList();
        var isSigned = false;
        foreach (var key in _keys)
        {
            using var hmac = new HMACSHA256(key);
            var right = Encoding.UTF8.GetBytes(Version + Convert.ToBase64String(hmac.ComputeHash(content)));
            foreach (var one in given)
            {
                isSigned |= AreEqual(one, right);
            }
        }
        return isSigned;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static bool AreEqual(byte[] one, byte[] other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }
        var difference = 0;
        for (var i = 0; i < one.Length; i++)
        {
            difference |= one[i] ^ other[i];
        }
        return difference == 0;
    }

    private static byte[] KeyOf(string secret)
    {
        try
        {
            return Convert.FromBase64String(secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
                ? secret.Substring(SecretPrefix.Length) : "") is { Length: > 0 } key ? key : throw new FormatException();
        }
        catch (FormatException failure)
        {
            throw new ArgumentException("A secret of a webhook begins with whsec_, and base64 follows.", nameof(secret), failure);
        }
    }
}

/// <summary>What is wrong with a delivery.</summary>
public enum WebhookFault
{
    /// <summary>Nothing: it may be trusted.</summary>
    None,

    /// <summary>One of the three headers is not there.</summary>
    HeaderMissing,

    /// <summary>The timestamp is no number of seconds.</summary>
    TimestampMalformed,

    /// <summary>No signature is of your secrets: it is forged, was changed on its way, or your secret is another webhook's.</summary>
    SignatureWrong,

    /// <summary>It was sent too long ago: somebody may be repeating it, or a clock is wrong.</summary>
    TooOld,

    /// <summary>It says it will be sent later: a clock is wrong.</summary>
    FromTheFuture,

    /// <summary>The body is no event.</summary>
    BodyMalformed,
}

/// <summary>A delivery that may not be trusted, or cannot be read.</summary>
#pragma warning disable CA1032, MA0167 // Without a fault it would say nothing
public sealed class WebhookException : Exception
#pragma warning restore CA1032, MA0167
{
    /// <summary>For one fault; public so that your tests can script one.</summary>
    /// <param name="fault">What is wrong.</param>
    public WebhookException(WebhookFault fault) : base($"The delivery of a webhook is refused: {fault}.") => Fault = fault;

    /// <summary>What is wrong.</summary>
    public WebhookFault Fault { get; }
}
