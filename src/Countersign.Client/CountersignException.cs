using System.Net;

namespace Countersign.Client;

/// <summary>A call that did not succeed: the server refused it, could not be reached or did not answer in time.</summary>
/// <remarks>
/// The message never holds a request, an answer, a number, a name, a token or a secret, so that it may be logged. Time-outs and transport
/// failures have no <see cref="StatusCode"/>. A call ended by your own token throws <see cref="OperationCanceledException"/> instead.
/// </remarks>
#pragma warning disable CA1032, MA0167 // Without a message it would say nothing
public sealed class CountersignException : Exception
#pragma warning restore CA1032, MA0167
{
    /// <summary>A failure; public so that your tests can script one.</summary>
    /// <param name="message">What happened; must be fit for a log.</param>
    /// <param name="innerException">The transport's failure, or null.</param>
    public CountersignException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The HTTP status of the answer; null when there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The server's code, see <see cref="CountersignErrorCode"/>; null when the answer had none.</summary>
    public int? Code { get; init; }

    /// <summary>The flow that the call was about; null when it had none yet.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>How long the server asked to wait before the next call; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Whether the same call may succeed later: no answer, too many requests, or a server that failed or is briefly away.
    /// </summary>
    public bool IsTransient =>
        StatusCode is null || (int)StatusCode is 408 or 429 or 500 or 502 or 503 or 504 || Code is CountersignErrorCode.IdempotencyKeyInUse;
}
