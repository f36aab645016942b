using System.Globalization;
using System.Net;
using System.Text.Json;
using Countersign.Client.Wire;

namespace Countersign.Client.Http;

/// <summary>Turns an answer that is no success into an exception, and lets nothing personal through.</summary>
internal static class Failure
{
    private const int MaxMessageLength = 1000;

    // Between two reasons of the contract's messages.
    private const string Separator = "; ";

    // A reason that says @ and shows none of an address.
    private const string ReasonWithAt = "must contain exactly one @";

    // Enough for a length or a code, too few for a number somebody could be called on.
    private const int MaxDigitsInARow = 4;

    public static CountersignException From(
        Operation operation, HttpResponseMessage response, byte[] body, string? correlationId, DateTimeOffset now)
    {
        if (response.IsSuccessStatusCode)
        {
            return Unreadable(operation, response.StatusCode, correlationId);
        }

        var error = TryParse(body);
        return new CountersignException(Describe(operation, response.StatusCode, error))
        {
            StatusCode = response.StatusCode,
            Code = error?.Code,
            CorrelationId = correlationId,
            RetryAfter = ReadRetryAfter(response, now),
        };
    }

    /// <summary>The server said yes, but not what the contract makes it say: asking again would bring the same.</summary>
    public static CountersignException Unreadable(Operation operation, HttpStatusCode statusCode, string? correlationId) =>
        new($"{operation} was answered {(int)statusCode} with a body that is not the contract's. Is this the right server?")
        {
            StatusCode = statusCode,
            CorrelationId = correlationId,
        };

    private static ErrorBody? TryParse(byte[] body)
    {
        try
        {
            return WireJson.ReadError(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Describe(Operation operation, HttpStatusCode statusCode, ErrorBody? error)
    {
        var code = error?.Code is { } number ? $" (code {number.ToString(CultureInfo.InvariantCulture)})" : "";
        var reason = error?.Message is { } message && IsSafe(message) && Shorten(message) is { Length: > 0 } text ? $": {text}" : ".";
        var advice = operation == Operation.Token && statusCode == HttpStatusCode.Unauthorized
            ? " Check the client id, its secret and the server."
            : "";
        return $"{operation} was answered {(int)statusCode}{code}{reason}{advice}";
    }

    /// <summary>The contract's messages hold no personal data; a proxy's or another server's might, and would end up in a log.</summary>
    private static bool IsSafe(string message)
    {
        var digits = 0;
        var isFraction = false;
        for (var index = 0; index < message.Length; index++)
        {
            var character = message[index];
            var isDigit = char.IsDigit(character);
            // The zeros of 0.00006 are no number's.
            isFraction = (isFraction && isDigit) || (character == '.' && digits == 1 && message[index - 1] == '0');
            digits = !isDigit ? 0 : isFraction && digits == 0 && character == '0' ? 0 : digits + 1;
            if (digits > MaxDigitsInARow
                || character is '<'
                || char.IsControl(character)
                || (character is '@' && !EndsReasonWithAt(message, index)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool EndsReasonWithAt(string message, int at)
    {
        var start = at + 1 - ReasonWithAt.Length;
        return start >= 0
            && string.CompareOrdinal(message, start, ReasonWithAt, 0, ReasonWithAt.Length) == 0
            && (at + 1 == message.Length || string.CompareOrdinal(message, at + 1, Separator, 0, Separator.Length) == 0);
    }

    /// <summary>As many whole reasons as fit; empty when not even the first does.</summary>
    private static string Shorten(string message)
    {
        if (message.Length <= MaxMessageLength)
        {
            return message;
        }

        // The separator may stand behind the last reason that fits.
        var last = Math.Min(message.Length, MaxMessageLength + Separator.Length) - 1;
        var end = message.LastIndexOf(Separator, last, StringComparison.Ordinal);
        return end < 0 ? "" : message.Substring(0, end);
    }

    private static TimeSpan? ReadRetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
